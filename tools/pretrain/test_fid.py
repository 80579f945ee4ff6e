"""The distance by torchmetrics with a small network in the place of Inception, against what two normal distributions give."""

import importlib.util
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

import numpy as np
import torch
from torch import nn

import fid

MISSING = [name for name in ("torchmetrics", "PIL") if importlib.util.find_spec(name) is None]


class Channels(nn.Module):
    """The mean of each channel: features of which means and covariances are known."""

    num_features = 3

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.float().mean((2, 3))


def noise(n: int, mean: float, spread: float, seed: int) -> np.ndarray:
    """Pictures of one colour each."""
    colours = np.random.default_rng(seed).normal(mean, spread, (n, 1, 1, 3)).round().clip(0, 255)
    return np.broadcast_to(colours, (n, 8, 8, 3)).astype(np.uint8)


needs_torchmetrics = unittest.skipIf(MISSING, f"{' and '.join(MISSING)} cannot be imported")


class Distance(unittest.TestCase):
    @needs_torchmetrics
    def test_it_is_that_of_normal_distributions(self):
        real, same, moved, wider = noise(4000, 100, 10, 0), noise(4000, 100, 10, 1), noise(4000, 105, 10, 2), noise(4000, 100, 20, 3)
        found = [fid.distance(real, drawn, Channels()) for drawn in (real, same, moved, wider)]
        self.assertAlmostEqual(found[0], 0, places=6)
        self.assertLess(found[1], 1)
        self.assertAlmostEqual(found[2], 3 * 5**2, delta=6)  # of the means, in each channel
        self.assertAlmostEqual(found[3], 3 * (20 - 10) ** 2, delta=12)  # of the spreads

    @needs_torchmetrics
    def test_pictures_come_from_files_of_any_kind(self):
        from PIL import Image

        with tempfile.TemporaryDirectory() as held:
            at = Path(held)
            images = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
            for i, image in enumerate(images):
                Image.fromarray(image).save(at / f"{i}.png")
            np.save(at / "images.npy", images)
            planes = images.transpose(0, 3, 1, 2).reshape(3, 3072)
            np.concatenate([np.zeros((3, 1), np.uint8), planes], 1).tofile(at / "images.bin")
            for source in (at, at / "images.npy", at / "images.bin"):
                np.testing.assert_array_equal(fid.pictures(source, 2), images[:2])
                with self.assertRaisesRegex(SystemExit, "has 3 pictures: --count 4 asks for more"):
                    fid.pictures(source, 4)

    def test_without_the_weights_there_is_one_line_and_no_number(self):
        for error in (OSError("no network\nand more"), ModuleNotFoundError("torch-fidelity")):
            with tempfile.TemporaryDirectory() as held, unittest.mock.patch("fid.distance", side_effect=error):
                np.save(f"{held}/images.npy", noise(10, 100, 10, 0))
                argv = ["fid.py", "--drawn", f"{held}/images.npy", "--real", f"{held}/images.npy", "--count", "10"]
                with unittest.mock.patch.object(sys, "argv", argv), self.assertRaises(SystemExit) as ended:
                    fid.main()
            self.assertNotIn("\n", ended.exception.code)
            self.assertRegex(ended.exception.code, "cannot be had: no network$|pip install")


if __name__ == "__main__":
    unittest.main()
