"""Runs of a toy: what they leave behind, what they begin from, and what they refuse."""

import contextlib
import io
import json
import tempfile
import unittest
import unittest.mock
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

import checkpoint
import train
from folder import read_folder, read_palette, write_folder
from model import Config
from testing import arguments, losses, run, write_tokens
from test_model import load, random


class Training(unittest.TestCase):
    def setUp(self):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.at = Path(held.name)
        self.tokens = write_tokens(self.at / "tokens")

    def refused(self, *more: str) -> str:
        with self.assertRaises(SystemExit) as refusal, contextlib.redirect_stdout(io.StringIO()):
            train.main(arguments(self.tokens, self.at / "out", *more))
        return str(refusal.exception)

    def test_losses_fall_by_either_objective_and_with_classes(self):
        for more in ((), ("--objective", "bert"), ("--classes", "10")):
            with self.subTest(more):
                out = self.at / "-".join(("out", *more))
                found = losses(run(self.tokens, out, *more, "--steps", "60"))
                self.assertAlmostEqual(found[0], np.log(512), delta=0.01)
                self.assertLess(np.mean(found[-5:]), 4.6)

    def test_a_class_tells_the_model_what_is_to_come(self):
        end = run(self.tokens, self.at / "out", "--classes", "10", "--steps", "150", "--lr", "0.01")[-1]
        # A toy's first pixel gives its class away, so one pixel of 64 is all that the class helps with.
        self.assertLess(end["test_nats"], end["test_nats_without_class"] - 0.01)
        config, state = read_folder(self.at / "out/model-f32")
        self.assertEqual(config.n_class, 10)
        self.assertEqual(state["transformer.wce.weight"].shape, (10, 64))
        self.assertEqual(state["transformer.wte.weight"].shape, (513, 64))
        described = json.loads((self.at / "out/model/config.json").read_text())
        self.assertEqual(described["class_names"], [f"colour {i}" for i in range(10)])

    def test_a_picture_teaches_its_class_or_sometimes_the_start_symbol_and_no_other(self):
        for name, steps, lr in (("before", "1", "0"), ("after", "3", "0.01")):
            run(self.tokens, self.at / name, "--classes", "10", "--steps", steps, "--lr", lr)
        before, after = (load_file(self.at / f"{name}/model-f32/model.safetensors") for name in ("before", "after"))
        changed = [
            (before[f"transformer.{name}.weight"] != after[f"transformer.{name}.weight"]).any(1) for name in ("wte", "wce")
        ]
        changed = set(torch.cat(changed)[512:].nonzero()[:, 0].tolist())
        whole = train.Run(train.options(arguments(self.tokens, self.at / "out", "--classes", "10")), train.Processes())
        # The first step's head is zero and passes nothing back.
        begun_with = {row - 512 for step in (1, 2) for row in whole.batch(step).inputs[:, 0]}
        self.assertEqual(changed, begun_with)
        self.assertIn(0, begun_with)
        self.assertLess(len(begun_with), 11)

    def test_the_folder_holds_what_judged_best_and_reads_back_as_that(self):
        found = run(self.tokens, self.at / "out", "--steps", "40", "--ema", "0.9", "--validate-every", "10", "--lr", "0.03")
        end, judged = found[-1], [row for row in found if "validation_nats" in row]
        best = min(min(row["validation_nats"], row["averaged_nats"]) for row in judged)
        self.assertEqual([row["step"] for row in judged], [10, 20, 30, 40])
        self.assertEqual(end["kept"]["nats"], best)
        for name, error in (("model-f32", 1e-5), ("model", 1e-2)):
            model = load(self.at / "out" / name)
            tokens = torch.from_numpy(np.load(self.tokens / "test.npy")).long()
            inputs = torch.cat([torch.full((len(tokens), 1), 512), tokens[:, :-1]], 1)
            with torch.no_grad():
                nats = model(inputs, tokens, torch.full(tokens.shape, 1 / tokens.numel())).item()
            self.assertAlmostEqual(nats, end["test_nats"], delta=error)
        palette = read_palette(self.at / "out/model")
        np.testing.assert_allclose(palette, np.load(self.tokens / "palette.npy"), atol=1e-6)

    def test_without_held_out_pictures_all_are_learnt_and_the_last_weights_kept(self):
        found = run(self.tokens, self.at / "out", "--hold-out", "0", "--ema", "0.5")
        self.assertEqual(found[-1]["kept"], {"step": 12, "nats": None, "averaged": True})
        self.assertFalse((self.at / "out/best.safetensors").exists())

    def test_averaged_weights_follow_the_others(self):
        states: list[dict] = []
        with unittest.mock.patch("checkpoint.save", lambda _, state: states.append(state)):
            run(self.tokens, self.at / "out", "--ema", "0.999", "--save-every", "1", "--steps", "5")
        head = "lm_head.weight"
        average = torch.zeros_like(states[0]["model"][head])
        for step, state in enumerate(states, 1):
            keep = step / (step + 10)
            average = keep * average + (1 - keep) * state["model"][head]
        torch.testing.assert_close(states[-1]["average"][head], average)

    def test_a_model_of_a_smaller_side_is_a_beginning(self):
        run(self.tokens, self.at / "small", "--steps", "60")
        larger = write_tokens(self.at / "larger", side=16)
        begun = ("--begin-from", str(self.at / "small/model"), "--lr", "0.0001")
        first = losses(run(larger, self.at / "out", *begun, "--steps", "2"))[0]
        self.assertLess(first, 5)
        same = self.at / "same"
        run(self.tokens, same, "--begin-from", str(self.at / "small/model-f32"), "--lr", "0", "--muon-lr", "0", "--steps", "1")
        for name, value in load_file(self.at / "small/model-f32/model.safetensors").items():
            torch.testing.assert_close(load_file(same / "model-f32/model.safetensors")[name], value)

    def test_biases_of_a_model_to_begin_from_are_learnt_on(self):
        config, _ = read_folder(self.other_model(biases=True))
        self.assertTrue(config.biases)
        run(self.tokens, self.at / "out", "--begin-from", str(self.at / "other"), "--steps", "2")
        run(self.tokens, self.at / "out", "--begin-from", str(self.at / "other"), "--steps", "4")
        old, new = (load_file(self.at / name / "model.safetensors") for name in ("other", "out/model-f32"))
        bias = "transformer.h.0.attn.c_attn.bias"
        self.assertGreater((old[bias] - new[bias]).abs().max(), 0)
        self.assertLess((old[bias] - new[bias]).abs().max(), 0.05)

    def other_model(self, biases: bool = False, width: int = 64, palette: np.ndarray | None = None) -> Path:
        config = Config(2, width, 2, 64, biases=biases)
        palette = np.load(self.tokens / "palette.npy") if palette is None else palette
        write_folder(config, random(config).state_dict(), palette, self.at / "other", torch.float32, [])
        return self.at / "other"

    def test_classes_that_are_new_to_a_model_begin_as_its_start_symbol(self):
        other = self.other_model()
        run(self.tokens, self.at / "out", "--begin-from", str(other), "--classes", "10", "--steps", "1", "--lr", "0")
        start = load_file(other / "model.safetensors")["transformer.wte.weight"][512]
        classes = load_file(self.at / "out/model-f32/model.safetensors")["transformer.wce.weight"]
        torch.testing.assert_close(classes, start.expand(10, -1))

    def test_a_model_to_begin_from_must_fit(self):
        self.assertIn("another palette", self.refused("--begin-from", str(self.other_model(palette=np.zeros((512, 3))))))
        self.assertIn("another size", self.refused("--begin-from", str(self.other_model(width=32))))
        self.assertIn("cannot be read", self.refused("--begin-from", str(self.at / "nowhere")))

    def test_a_run_goes_on_longer_but_not_with_another_recipe(self):
        run(self.tokens, self.at / "out")
        self.assertIn("batch 8, not 16", self.refused("--batch", "16"))
        found = run(self.tokens, self.at / "out", "--steps", "14")
        self.assertEqual([row["step"] for row in found if "loss" in row], list(range(1, 15)))
        self.assertEqual(found[-1]["step"], 14)

    def test_a_run_from_before_muon_goes_on_with_adam_to_the_digit(self):
        former = ("--optimizer", "adam", "--beginning", "noise", "--decay", "1")
        whole = run(self.tokens, self.at / "whole", *former)
        run(self.tokens, self.at / "out", *former, "--steps", "6")
        saved = checkpoint.load(self.at / "out/checkpoint.pt")
        for name in ("optimizer", "beginning", "muon_lr", "weight_decay"):
            del saved["recipe"][name]
        checkpoint.save(self.at / "out/checkpoint.pt", saved)
        self.assertIn("optimizer adam, not muon", self.refused())
        # The rate is constant until the last step, which was taken at its full rate both times.
        self.assertEqual(losses(run(self.tokens, self.at / "out", *former)), losses(whole))

    def test_muon_learns_faster_than_adam(self):
        muon, adam = (
            losses(run(self.tokens, self.at / name, "--optimizer", name, "--steps", "40")) for name in ("muon", "adam")
        )
        self.assertLess(np.mean(muon[-5:]), np.mean(adam[-5:]) - 0.1)

    def test_what_is_finished_stays_as_it_is(self):
        run(self.tokens, self.at / "out")
        before = {f: f.read_bytes() for f in (self.at / "out").rglob("*") if f.is_file()}
        run(self.tokens, self.at / "out")
        self.assertEqual({f: f.read_bytes() for f in (self.at / "out").rglob("*") if f.is_file()}, before)

    def test_a_dry_run_says_what_it_would_take_and_writes_nothing(self):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            train.main(arguments(self.tokens, self.at / "out", "--dry-run"))
        self.assertIn("168,320 parameters", said.getvalue())
        self.assertIn("12 steps of 8 pictures, 1.20 epochs of 80", said.getvalue())
        self.assertFalse((self.at / "out").exists())

    def test_bad_options_get_one_sentence(self):
        self.assertEqual(self.refused("--batch", "100"), "--batch 100 is more than the 80 pictures there are to learn.")
        self.assertIn("does not divide", self.refused("--micro-batch", "3"))
        self.assertIn("BERT has no first symbol", self.refused("--objective", "bert", "--classes", "10"))
        self.assertIn("a class from 0 to 4", self.refused("--classes", "5"))
        self.assertIn("not of 12", self.refused("--classes", "12"))
        self.assertIn("--fsdp needs torchrun", self.refused("--fsdp"))

    def test_a_loss_that_is_no_number_ends_the_run_and_spares_the_checkpoint(self):
        run(self.tokens, self.at / "out", "--steps", "4", "--save-every", "2")
        saved = checkpoint.load(self.at / "out/checkpoint.pt")
        saved["model"]["lm_head.weight"].fill_(float("nan"))
        checkpoint.save(self.at / "out/checkpoint.pt", saved)
        content = (self.at / "out/checkpoint.pt").read_bytes()
        self.assertIn("no number at step 5", self.refused("--steps", "8", "--save-every", "1"))
        self.assertEqual((self.at / "out/checkpoint.pt").read_bytes(), content)

    def test_a_line_that_was_cut_off_is_dropped_and_taken_again(self):
        log = self.at / "log.jsonl"
        log.write_text('{"step": 1}\n{"step": 2}\n{"step": 3}\n{"st')
        with contextlib.redirect_stdout(io.StringIO()):
            checkpoint.Log(log, 2).say({"step": 3, "again": True})
        self.assertEqual([json.loads(line) for line in log.read_text().splitlines()], [{"step": 1}, {"step": 2}, {"step": 3, "again": True}])

    def test_a_batch_in_parts_gives_the_losses_of_the_whole(self):
        for more in ((), ("--objective", "bert")):
            whole, parts = (
                losses(run(self.tokens, self.at / f"{size}{more}", *more, "--micro-batch", size)) for size in ("8", "2")
            )
            np.testing.assert_allclose(whole, parts, atol=2e-6)


if __name__ == "__main__":
    unittest.main()
