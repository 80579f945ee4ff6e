"""Features against what transformers computes; the probe on features that tell the class, and on ones that do not."""

import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

import probe
from test_model import GOLDEN, ROOT, load


class Probe(unittest.TestCase):
    def test_features_are_those_of_transformers(self):
        self.assertGreaterEqual(len(GOLDEN), 3)
        for folder in GOLDEN:
            with self.subTest(folder.name):
                golden = json.loads((folder / "golden.json").read_text())
                found = probe.features(load(folder), torch.tensor(golden["tokens"]))
                wanted = torch.tensor(golden["probe_features"]).transpose(0, 1)  # [layers + 1, pictures, d]
                torch.testing.assert_close(found, wanted, atol=1e-4, rtol=0)

    def test_features_in_parts_are_those_of_all_at_once(self):
        model, tokens = load(GOLDEN[0]), np.random.default_rng(0).integers(0, 16, (probe.AT_ONCE + 3, 16))
        whole = probe.features(model, torch.from_numpy(tokens)).numpy()
        np.testing.assert_allclose(probe.all_features(model, tokens, "f32"), whole, atol=1e-5)

    def test_finds_what_is_there_and_nothing_more(self):
        rng = np.random.default_rng(1)
        labels = rng.integers(0, 4, 600)
        noise = rng.normal(size=(600, 8))
        noise[:, 5] = 7  # tells nothing, and has no deviation
        telling = noise + 3 * np.eye(8)[labels]
        for x, low, high in ((telling, 0.9, 1), (noise, 0.1, 0.4)):
            row = probe.probe(x[:400], labels[:400], x[400:], labels[400:], 0)
            self.assertTrue(low <= row["accuracy"] <= high, row)
            self.assertAlmostEqual(row["error"], (row["accuracy"] * (1 - row["accuracy"]) / 200) ** 0.5, places=4)

    def test_the_devices_fit_is_the_librarys(self):
        rng = np.random.default_rng(3)
        labels = rng.integers(0, 5, 800)
        x = rng.normal(size=(800, 12)) + 0.7 * np.eye(12)[labels]
        for c in probe.STRENGTHS:
            ours, theirs = probe.OnDevice(x, labels, c), probe.fit(x, labels, c)
            weights = theirs.coef_.T  # of both the mean over classes is free
            np.testing.assert_allclose(ours.weights.detach().numpy(), weights, atol=2e-3, err_msg=str(c))
            self.assertAlmostEqual(ours.score(x, labels), theirs.score(x, labels), delta=0.003)

    def test_what_does_not_fit_is_refused(self):
        model = ROOT / "workers/igpt/fixtures/f16-2x32x4"
        with tempfile.TemporaryDirectory() as name:
            tokens = Path(name)
            np.save(tokens / "palette.npy", np.zeros((512, 3), np.float32))
            for part in ("train", "test"):
                np.save(tokens / f"{part}.npy", np.zeros((20, 64), np.int16))
                np.save(tokens / f"{part}-labels.npy", np.arange(20, dtype=np.uint8) % 2)
            for more, sentence in (("--train 21 --test 5", "--train 21 is more than the 20 pictures"), ("--train 5 --test 21", "--test 21")):
                with self.assertRaisesRegex(SystemExit, sentence):
                    probe.main(["--model", str(model), "--tokens", name, *more.split()])
            np.save(tokens / "train.npy", np.zeros((20, 16), np.int16))
            with self.assertRaisesRegex(SystemExit, "The tokens have 16 pixels, the model 64."):
                probe.main(["--model", str(model), "--tokens", name, "--train", "5", "--test", "5"])

    def test_a_line_for_each_layer_and_one_for_the_pixels(self):
        model = ROOT / "workers/igpt/fixtures/f16-2x32x4"
        rng = np.random.default_rng(2)
        with tempfile.TemporaryDirectory() as name:
            tokens = Path(name)
            vocab = load(model).config.vocab
            np.save(tokens / "palette.npy", rng.uniform(-1, 1, (vocab, 3)).astype(np.float32))
            for part in ("train", "test"):
                labels = np.arange(40, dtype=np.uint8) % 2
                # One class is of the first colours, the other of the next.
                np.save(tokens / f"{part}.npy", rng.integers(0, 4, (40, 64), dtype=np.int16) + 4 * labels[:, None].astype(np.int16))
                np.save(tokens / f"{part}-labels.npy", labels)
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                probe.main(["--model", str(model), "--tokens", name, "--train", "40", "--test", "40", "--pixels"])
        lines = [json.loads(line) for line in said.getvalue().splitlines()]
        self.assertEqual([line["layer"] for line in lines[1:]], [0, 1, 2, "pixels"])
        for line in lines[1:]:
            self.assertGreater(line["accuracy"], 0.9)


if __name__ == "__main__":
    unittest.main()
