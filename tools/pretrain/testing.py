"""A toy to train on, for tests: pictures of ten classes, each of eight colours of its own."""

import contextlib
import io
import json
from pathlib import Path

import numpy as np

import train

FAST = "--preset nano --batch 8 --steps 12 --warmup 2 --log-every 1 --hold-out 16 --precision f32 --no-compile".split()
TIMED = {"pictures_per_s", "tflops", "peak_memory_mb", "time"}


def write_tokens(folder: Path, side: int = 8, colours: int = 512) -> Path:
    rng = np.random.default_rng(0)
    folder.mkdir(parents=True)
    np.save(folder / "palette.npy", rng.uniform(-1, 1, (colours, 3)).astype(np.float32))
    (folder / "classes.json").write_text(json.dumps([f"colour {i}" for i in range(10)]))
    for name, count in (("train", 96), ("test", 20)):
        labels = rng.integers(0, 10, count, dtype=np.uint8)
        tokens = labels[:, None].astype(np.int16) * 20 + rng.integers(0, 8, (count, side * side), dtype=np.int16)
        np.save(folder / f"{name}.npy", tokens)
        np.save(folder / f"{name}-labels.npy", labels)
    return folder


def arguments(tokens: Path, out: Path, *more: str) -> list[str]:
    return ["--tokens", str(tokens), "--out", str(out), *FAST, *more]


def run(tokens: Path, out: Path, *more: str) -> list[dict]:
    """Trains in this process; the rows of the log without what a clock or a meter says."""
    with contextlib.redirect_stdout(io.StringIO()):
        train.main(arguments(tokens, out, *more))
    return rows(out)


def rows(out: Path) -> list[dict]:
    lines = (out / "log.jsonl").read_text().splitlines()
    return [{k: v for k, v in json.loads(line).items() if k not in TIMED} for line in lines]


def losses(rows: list[dict]) -> list[float]:
    return [row["loss"] for row in rows if "loss" in row]
