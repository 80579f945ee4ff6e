"""The model against what transformers computes, its objectives, and its cost against what it really keeps."""

import contextlib
import io
import json
import unittest
from pathlib import Path

import numpy as np
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

import cost
from cost import activation_bytes, parameters, picture_flops
from folder import read_folder
from model import MASKED, Config, ImageGPT
from tasks import autoregressive, bert

ROOT = Path(__file__).parents[2]
GOLDEN = sorted(f.parent for root in (ROOT / "workers/igpt/fixtures", ROOT.parent / "shared/fixtures") for f in root.glob("*/golden.json"))


def load(folder: Path) -> ImageGPT:
    config, state = read_folder(folder)
    model = ImageGPT(config)
    model.load_state_dict(state)
    return model


def random(config: Config, recompute: bool = False) -> ImageGPT:
    """Weights large enough that nothing is nearly linear, and a head that says something."""
    torch.manual_seed(0)
    model = ImageGPT(config, recompute)
    for weight in model.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    return model


class Golden(unittest.TestCase):
    def test_logits_and_nats_are_those_of_transformers(self):
        self.assertGreaterEqual(len(GOLDEN), 3)
        for folder in GOLDEN:
            with self.subTest(folder.name):
                golden = json.loads((folder / "golden.json").read_text())
                model = load(folder)
                tokens = np.array(golden["tokens"])
                task = autoregressive(tokens, np.full(len(tokens), model.config.vocab))
                inputs, targets, counts = map(torch.from_numpy, (task.inputs, task.targets, task.counts))
                with torch.no_grad():
                    logits = model(inputs)
                    nats = [model(*(x[i : i + 1] for x in (inputs, targets, counts))).item() for i in range(len(tokens))]
                error = (logits[:, :4] - torch.tensor(golden["logits_first_4_positions"])).abs().max().item()
                self.assertLess(error, 1e-3)
                np.testing.assert_allclose(np.array(nats) / tokens.shape[1], golden["nats_per_pixel"], atol=1e-4)

    def test_some_have_biases_and_some_have_none(self):
        self.assertEqual({read_folder(folder)[0].biases for folder in GOLDEN}, {True, False})


class Objectives(unittest.TestCase):
    def test_the_first_loss_is_the_logarithm_of_the_colours(self):
        tokens = np.random.default_rng(0).integers(0, 512, (2, 64))
        task = autoregressive(tokens, np.full(2, 512))
        loss = ImageGPT(Config(2, 32, 2, 64))(*map(torch.from_numpy, (task.inputs, task.targets, task.counts / 128)))
        self.assertAlmostEqual(loss.item(), np.log(512), places=4)

    def test_a_pixel_is_foreseen_from_those_before_it_alone(self):
        model = random(Config(2, 32, 2, 16, vocab=8))
        tokens = torch.zeros(1, 16, dtype=torch.int64)
        changed = tokens.clone()
        changed[0, 9] = 3
        before, after = model(tokens)[0], model(changed)[0]
        torch.testing.assert_close(before[:9], after[:9])
        self.assertTrue((before[9:] != after[9:]).any(1).all())

    def test_bert_knows_of_a_hidden_pixel_its_place_alone_and_sees_all_others(self):
        model = random(Config(2, 32, 2, 16, vocab=8))
        wpe = model.transformer["wpe"].weight
        inputs = torch.full((1, 16), MASKED)
        torch.testing.assert_close(model.embed(inputs)[0], wpe)
        inputs[0, 15] = 3
        changed = inputs.clone()
        changed[0, 15] = 4
        self.assertFalse(torch.equal(model(inputs, causal=False)[0, 0], model(changed, causal=False)[0, 0]))

    def test_bert_counts_hidden_pixels_alone(self):
        model = random(Config(2, 32, 2, 16, vocab=8))
        tokens = np.random.default_rng(0).integers(0, 8, (3, 16))
        task = bert(tokens, np.random.default_rng(1).random((3, 16)))
        inputs, targets, counts = map(torch.from_numpy, (task.inputs, task.targets, task.counts))
        hidden = inputs == MASKED
        loss = model(inputs, targets, counts / counts.sum(), task.causal)
        logits = model(inputs, causal=False)
        torch.testing.assert_close(loss, torch.nn.functional.cross_entropy(logits[hidden], targets[hidden]))

    def test_a_class_stands_where_the_start_symbol_stood(self):
        model = random(Config(2, 32, 2, 16, vocab=8, n_class=3))
        starts = torch.tensor([[8], [9], [11]])
        first = model.embed(starts)[:, 0] - model.transformer["wpe"].weight[0]
        rows = [model.transformer["wte"].weight[8], *model.transformer["wce"].weight[[0, 2]]]
        torch.testing.assert_close(first, torch.stack(rows))

    def test_what_is_computed_again_has_the_same_gradients(self):
        gradients = []
        for recompute in (False, True):
            model = random(Config(3, 32, 2, 16, vocab=8), recompute)
            tokens = torch.arange(32).reshape(2, 16) % 8
            model(tokens, tokens, torch.ones(2, 16)).backward()
            gradients.append([p.grad for p in model.parameters()])
        torch.testing.assert_close(*gradients, rtol=0, atol=0)


class Cost(unittest.TestCase):
    def test_parameters_are_those_that_the_model_has(self):
        for config in (Config(2, 32, 2, 64), Config(3, 48, 4, 16, 8, n_class=5), Config(1, 16, 2, 16, 8, biases=True)):
            self.assertEqual(parameters(config), sum(p.numel() for p in ImageGPT(config).parameters()))
        self.assertEqual(parameters(Config(24, 512, 8, 1024)), 76_571_648)  # as published

    def test_the_guide_shows_the_tables_that_are_computed(self):
        guide = (ROOT / "docs/scaling.md").read_text()
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            cost.main()
        for table in printed.getvalue().strip().split("\n\n"):
            self.assertIn(f"\n\n{table}\n\n", guide)

    def test_arithmetic_is_that_of_the_products_that_pytorch_counts(self):
        config = Config(2, 64, 2, 64)
        model, tokens = ImageGPT(config), torch.zeros(2, 64, dtype=torch.int64)
        with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):  # it knows no fused kernel of the CPU
            model(tokens, tokens, torch.ones(2, 64), causal=False).backward()
        self.assertEqual(counter.get_total_flops(), 2 * picture_flops(config, causal=False))

    def test_activations_are_those_that_backward_keeps(self):
        for bf16 in (True, False):
            for recompute in (False, True):
                with self.subTest(bf16=bf16, recompute=recompute):
                    kept = [kept_bytes(Config(layers, 128, 4, 1024), bf16, recompute) for layers in (2, 4)]
                    computed = [activation_bytes(Config(n, 128, 4, 1024), 2, bf16, recompute) for n in (2, 4)]
                    self.assertAlmostEqual((kept[1] - kept[0]) / (computed[1] - computed[0]), 1, delta=0.03)
                    self.assertLess(kept[1], computed[1])  # the peak, where gradients of the logits come on top


def kept_bytes(config: Config, bf16: bool, recompute: bool) -> int:
    """Memory of all tensors that a forward pass of two pictures keeps for backward, without parameters."""
    model, tokens = ImageGPT(config, recompute), torch.zeros(2, config.n_positions, dtype=torch.int64)
    own = {p.untyped_storage().data_ptr() for p in model.parameters()}
    kept: dict[int, torch.Tensor] = {}

    def keep(t: torch.Tensor) -> torch.Tensor:
        kept[t.untyped_storage().data_ptr()] = t
        return t

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda t: t), torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        model(tokens, tokens, torch.ones(2, config.n_positions))
    return sum(t.untyped_storage().nbytes() for place, t in kept.items() if place not in own)


if __name__ == "__main__":
    unittest.main()
