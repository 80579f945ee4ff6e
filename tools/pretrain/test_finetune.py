"""A toy learns its classes; what comes out is read back as it was."""

import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

import finetune
from testing import run, write_tokens


class Finetuning(unittest.TestCase):
    def setUp(self):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.at = Path(held.name)
        self.tokens = write_tokens(self.at / "tokens")
        run(self.tokens, self.at / "begun", "--steps", "20", "--classes", "10")

    def taught(self, *more: str) -> list[dict]:
        said = io.StringIO()
        where = ["--model", str(self.at / "begun/model-f32"), "--tokens", str(self.tokens), "--out", str(self.at / "out")]
        with contextlib.redirect_stdout(said):
            finetune.main([*where, *"--batch 8 --hold-out 16 --crop 1 --precision f32 --no-compile".split(), *more])
        return [json.loads(line) for line in said.getvalue().splitlines()]

    def test_classes_are_learnt_and_the_folder_classifies_as_was_judged(self):
        *epochs, end = self.taught("--epochs", "6", "--lr", "0.003")
        self.assertAlmostEqual(epochs[0]["class_nats"], np.log(10), delta=0.6)
        self.assertGreater(end["test"]["accuracy"], 0.8)
        best = max(row["held_out"]["accuracy"] for row in epochs)
        self.assertEqual(end["kept"], next(row["epoch"] for row in epochs if row["held_out"]["accuracy"] == best))
        described = json.loads((self.at / "out/model/config.json").read_text())
        self.assertEqual(described["architectures"], ["ImageGPTForImageClassification"])
        self.assertEqual(described["id2label"]["3"], "colour 3")
        self.assertNotIn("n_class", described)
        score = load_file(self.at / "out/model-f32/model.safetensors")["score.weight"]
        config, state = finetune.read_folder(self.at / "out/model-f32")
        again = finetune.Classifier(config, state, 10)
        again.score.weight.data.copy_(score)
        tokens, labels = (np.load(self.tokens / f"test{part}.npy") for part in ("", "-labels"))
        with torch.no_grad():
            _, logits = again(torch.from_numpy(tokens.astype(np.int64)))
        self.assertAlmostEqual((logits.argmax(1).numpy() == labels).mean(), end["test"]["accuracy"], places=4)

    def test_a_gradient_is_taken_of_both(self):
        alone = self.taught("--epochs", "3", "--generative", "0")
        both = self.taught("--epochs", "3")
        self.assertLess(both[-1]["test"]["nats"], alone[-1]["test"]["nats"])

    def test_what_does_not_fit_is_refused(self):
        with self.assertRaisesRegex(SystemExit, "There are 80 pictures to learn from"):
            self.taught("--labels", "81")
        with self.assertRaisesRegex(SystemExit, "There are 4 pictures"):
            self.taught("--labels", "4")


if __name__ == "__main__":
    unittest.main()
