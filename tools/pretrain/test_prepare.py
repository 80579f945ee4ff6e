"""From CIFAR-10's files to what train.py reads."""

import contextlib
import io
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

import numpy as np

import prepare
from test_model import ROOT
from train import Data

MODEL = ROOT / "public/models/igpt-cifar-16"


class Prepare(unittest.TestCase):
    def setUp(self):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.at = Path(held.name)
        rng = np.random.default_rng(0)
        self.records = {name: rng.integers(0, 256, (4, prepare.RECORD), dtype=np.uint8) for name in [*prepare.TRAIN, "test_batch.bin"]}
        for name, records in self.records.items():
            records[:, 0] %= 10
            records.tofile(self.at / name)

    def prepare(self, *more: str) -> None:
        argv = ["prepare.py", "--data", str(self.at), "--out", str(self.at / "out"), "--palette", str(MODEL), *more]
        with unittest.mock.patch.object(sys, "argv", argv), contextlib.redirect_stdout(io.StringIO()):
            prepare.main()

    def test_tokens_are_the_nearest_colours_and_labels_the_first_bytes(self):
        self.prepare("--side", "32")
        data = Data(self.at / "out", hold_out=5, classes=10)
        self.assertEqual((len(data.train), len(data.held_out), len(data.test)), (15, 5, 4))
        self.assertEqual(data.class_names[9], "truck")
        last = self.records["data_batch_5.bin"]
        np.testing.assert_array_equal(data.held_out.labels[1:], last[:, 0])
        picture = last[3, 1:].reshape(3, 1024).T / 127.5 - 1
        distances = ((picture[:, None] - data.palette) ** 2).sum(2)
        np.testing.assert_array_equal(data.held_out.tokens[4], distances.argmin(1))

    def test_a_smaller_side_is_the_mean_of_squares(self):
        pictures = np.zeros((1, 4, 4, 3), np.uint8)
        pictures[0, :2, :2, 0] = [[1, 2], [3, 4]]
        np.testing.assert_array_equal(prepare.reduce(pictures, 2)[0, :, :, 0], [[3, 0], [0, 0]])  # 2.5, rounded up

    def test_what_cannot_be_read_gets_one_sentence(self):
        with self.assertRaisesRegex(SystemExit, "--side divides 32, which 48 does not"):
            self.prepare("--side", "48")
        (self.at / "test_batch.bin").write_bytes(b"no records")
        with self.assertRaisesRegex(SystemExit, "has 10 bytes"):
            self.prepare("--side", "16")
        (self.at / "test_batch.bin").unlink()
        with self.assertRaisesRegex(SystemExit, "cannot be read"):
            self.prepare("--side", "16")


if __name__ == "__main__":
    unittest.main()
