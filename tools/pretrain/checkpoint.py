"""What a run leaves behind to go on from: a checkpoint, and a log that has each step once.

A file is written aside and moved into place, so there is a whole one at whatever moment a run is killed. Lines of the
log may be ahead of the checkpoint; a run that goes on takes those steps again, so they are dropped.
"""

import json
import os
from pathlib import Path

import torch


def save(path: Path, state: dict) -> None:
    aside = path.with_suffix(".new")
    with aside.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)


def load(path: Path) -> dict | None:
    return torch.load(path, map_location="cpu") if path.exists() else None


class Log:
    """Lines of JSON, each with its step, in the file and on standard output."""

    def __init__(self, path: Path, step: int):
        """Keeps of a former part of the run what it logged up to `step`."""
        rows = [row for row in map(parsed, path.read_text().splitlines()) if row] if path.exists() else []
        kept = [row for row in rows if row["step"] <= step] if step else []
        self.finished = any("done" in row for row in kept)
        aside = path.with_suffix(".new")
        aside.write_text("".join(f"{json.dumps(row)}\n" for row in kept))
        os.replace(aside, path)
        self.path = path

    def say(self, row: dict) -> None:
        line = json.dumps(row)
        with self.path.open("a") as file:
            file.write(f"{line}\n")
        print(line, flush=True)


def parsed(line: str) -> dict | None:
    """None for a line that was cut off when the run was killed."""
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and "step" in row else None
