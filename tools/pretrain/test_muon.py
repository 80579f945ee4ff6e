"""Muon against PyTorch's own and against the singular values; embeddings that know what they stand for."""

import copy
import unittest

import numpy as np
import torch

import beginning
from model import Config, ImageGPT
from muon import Muon, divided, orthogonal


class Orthogonal(unittest.TestCase):
    def test_singular_values_come_near_one_and_their_directions_stay(self):
        torch.manual_seed(0)
        for shape in ((3, 32, 32), (2, 16, 64)):
            x = torch.randn(shape) * torch.tensor([1e-3, 1, 1e3][: shape[0]])[:, None, None]
            u, before, v = torch.linalg.svd(x, full_matrices=False)
            after = u.mT @ orthogonal(x) @ v.mT
            values = after.diagonal(dim1=-2, dim2=-1)
            self.assertLess((after - torch.diag_embed(values)).abs().max(), 1e-3)
            telling = values[before > 0.1 * before.amax(-1, keepdim=True)]
            self.assertTrue(0.6 < telling.min() and telling.max() < 1.25, telling)

    def test_nothing_stays_nothing(self):
        self.assertEqual(orthogonal(torch.zeros(1, 4, 8)).abs().max(), 0)


class AStep(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        self.config = Config(2, 32, 2, 16, vocab=16)
        self.model = ImageGPT(self.config)

    def gradients(self):
        for p in self.model.parameters():
            p.grad = torch.randn_like(p)

    def test_all_that_lies_between_the_ends_is_hidden_and_nothing_else(self):
        hidden, rest = divided(self.model)
        self.assertEqual(sum(p.numel() for p in hidden), 12 * 2 * 32**2)
        self.assertEqual(len(hidden) + len(rest), len(list(self.model.parameters())))
        named = {id(p): n for n, p in self.model.named_parameters()}
        ends = {f"transformer.h.{i}.ln_{k}.weight" for i in range(2) for k in (1, 2)}
        ends |= {f"{name}.weight" for name in ("transformer.wte", "transformer.wpe", "transformer.ln_f", "lm_head")}
        self.assertEqual({named[id(p)] for p in rest}, ends)

    def test_three_steps_are_those_of_the_library(self):
        # torch.optim.Muon rounds to bfloat16, and takes no matrix apart; its first step's momentum is another's scaling.
        if not hasattr(torch.optim, "Muon"):
            self.skipTest("This PyTorch has no Muon.")
        hidden, _ = divided(self.model)
        apart = {n: p for n, p in self.model.named_parameters() if n.endswith(("c_fc.weight", "attn.c_proj.weight"))}
        before = {n: p.detach().clone() for n, p in apart.items()}
        # Theirs is stored [outputs, inputs].
        theirs = {n: torch.nn.Parameter(p.detach().mT.clone()) for n, p in apart.items()}
        ours = Muon(hidden, lr=0.02, weight_decay=0.1)
        library = torch.optim.Muon(
            theirs.values(), lr=0.02, weight_decay=0.1, momentum=0.95, nesterov=True, ns_steps=5, adjust_lr_fn="original"
        )
        for _ in range(3):
            self.gradients()
            for name, p in theirs.items():
                p.grad = apart[name].grad.mT.clone()
            ours.step()
            library.step()
        for name, p in apart.items():
            moved, wanted = p - before[name], theirs[name].mT - before[name]
            self.assertLess(((moved - wanted).norm() / wanted.norm()).item(), 0.03, name)

    def test_queries_keys_and_values_are_matrices_of_their_own(self):
        whole = self.model.transformer["h"][0].attn.c_attn.weight
        parts = [torch.nn.Parameter(part.detach().clone()) for part in whole.split(32, 1)]
        optimizers = [Muon([whole], lr=0.1), Muon(parts, lr=0.1)]
        for _ in range(2):
            whole.grad = torch.randn_like(whole)
            for p, grad in zip(parts, whole.grad.split(32, 1)):
                p.grad = grad.clone()
            for optimizer in optimizers:
                optimizer.step()
        torch.testing.assert_close(whole, torch.cat(parts, 1))

    def test_a_state_goes_on_to_the_digit(self):
        hidden, _ = divided(self.model)
        one = Muon(hidden, lr=0.02)
        self.gradients()
        one.step()
        saved = copy.deepcopy(one.state_dict())
        kept = [p.detach().clone() for p in hidden]
        self.gradients()
        one.step()
        wanted = [p.detach().clone() for p in hidden]
        for p, value in zip(hidden, kept):
            p.data.copy_(value)
        two = Muon(hidden, lr=0.5)
        two.load_state_dict(saved)
        two.step()
        for p, value in zip(hidden, wanted):
            self.assertTrue(torch.equal(p, value))


class Beginning(unittest.TestCase):
    def test_colours_that_look_alike_begin_alike(self):
        palette = np.random.default_rng(0).uniform(-1, 1, (64, 3)).astype(np.float32)
        rows = beginning.colours(palette, 128, seed=3)
        likeness = (rows @ rows.T / 128).numpy() / beginning.COLOUR**2 * 2
        distance = np.linalg.norm(palette[:, None] - palette[None], axis=-1)
        # Their inner product tends to a Gaussian of their distance.
        wanted = np.exp(-((beginning.SHARPNESS * distance) ** 2) / 2)
        self.assertLess(np.abs(likeness - wanted).mean(), 0.12)
        self.assertGreater(np.corrcoef(likeness.ravel(), wanted.ravel())[0, 1], 0.7)
        np.testing.assert_allclose(likeness.diagonal(), 1, atol=1e-5)

    def test_a_place_knows_its_row_and_its_column(self):
        grid = beginning.places(8, 32).reshape(8, 8, 32)
        self.assertTrue(torch.equal(grid[3, 2, :16], grid[3, 7, :16]))
        self.assertTrue(torch.equal(grid[3, 2, 16:], grid[5, 2, 16:]))
        self.assertGreater(len(torch.unique(grid.reshape(64, 32), dim=0)), 63)
        torch.testing.assert_close(grid[4, 0, 0], beginning.PLACE * torch.tensor(4.0).sin())

    def test_the_start_symbol_and_all_else_stay(self):
        model = ImageGPT(Config(1, 32, 2, 16, vocab=16, n_class=3)).state_dict()
        begun = beginning.begin(model, np.zeros((16, 3), np.float32), 0)
        changed = {name for name in model if not torch.equal(model[name], begun[name])}
        self.assertEqual(changed, {"transformer.wte.weight", "transformer.wpe.weight"})
        self.assertTrue(torch.equal(begun["transformer.wte.weight"][16], model["transformer.wte.weight"][16]))
        self.assertEqual({n: x.shape for n, x in begun.items()}, {n: x.shape for n, x in model.items()})


if __name__ == "__main__":
    unittest.main()
