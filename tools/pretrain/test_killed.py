"""A run that is killed (SIGKILL) and started again: at every moment that matters, the curve and the model of a run that was not.

The moments are before each file is moved into its place and after each line of the log. Each run is a fork of this
process, which therefore does nothing itself that starts threads.
"""

import contextlib
import io
import os
import signal
import sys
import tempfile
import unittest
from pathlib import Path

import torch

import checkpoint
import train
from testing import arguments, rows, write_tokens

RECIPE = ["--steps", "8", "--save-every", "3", "--validate-every", "4", "--log-every", "2", "--flip", "--ema", "0.9", "--classes", "10"]


def train_in_a_fork(argv: list[str], killed_at: int | None = None) -> int:
    """Its exit status; killed at that moment, counted from 1, it is -SIGKILL."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            if killed_at:
                kill_at(killed_at)
            with contextlib.redirect_stdout(io.StringIO()):
                train.main(argv)
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_at(moment: int) -> None:
    replace, say = os.replace, checkpoint.Log.say
    passed = 0

    def tick() -> None:
        nonlocal passed
        passed += 1
        if passed == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def replace_or_die(*paths):
        tick()
        replace(*paths)

    def say_and_die(self, row):
        say(self, row)
        tick()

    os.replace, checkpoint.Log.say = replace_or_die, say_and_die


@unittest.skipUnless(hasattr(os, "fork"), "This system has no fork.")
class Killed(unittest.TestCase):
    def test_at_any_moment_a_run_goes_on_to_the_digit(self):
        torch.set_num_threads(1)
        with tempfile.TemporaryDirectory() as held:
            at = Path(held)
            tokens = write_tokens(at / "tokens")
            whole = arguments(tokens, at / "whole", *RECIPE)
            self.assertEqual(train_in_a_fork(whole), 0)
            moment = 0
            while True:
                moment += 1
                out = at / f"killed-{moment}"
                argv = arguments(tokens, out, *RECIPE)
                status = train_in_a_fork(argv, killed_at=moment)
                if status == 0:
                    break
                self.assertEqual(status, -signal.SIGKILL)
                # Killed a second time on its way, at another moment, and then left alone.
                self.assertIn(train_in_a_fork(argv, killed_at=1 + moment % 5), (0, -signal.SIGKILL))
                self.assertEqual(train_in_a_fork(argv), 0)
                with self.subTest(moment=moment):
                    self.assertEqual(rows(out), rows(at / "whole"))
                    for name in ("model", "model-f32"):
                        model = f"{name}/model.safetensors"
                        self.assertEqual((out / model).read_bytes(), (at / "whole" / model).read_bytes())
            # Lines of the log: four losses, two validations, the end; and at least four checkpoints' or weights' files.
            self.assertGreater(moment, 12)
            print(f"killed at each of {moment - 1} moments", file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
