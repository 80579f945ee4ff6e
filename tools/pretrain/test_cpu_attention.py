"""Holds the CPU's causal attention against attention in float64. `python -m unittest` in this folder."""

import math
import unittest

import torch
import torch.nn.functional as F
from torch import Tensor

import cpu_attention

SHAPES = [(b, t, heads, hd) for b, t, heads in [(1, 32, 2), (2, 64, 3), (3, 96, 1), (2, 256, 2), (1, 1024, 2)] for hd in (32, 64, 128)]


def inputs(b: int, t: int, heads: int, hd: int, scale: float = 1) -> tuple[Tensor, Tensor]:
    """q, k, v side by side, and a gradient of the output."""
    source = torch.Generator().manual_seed(t + hd)
    draw = lambda width: torch.randn(b, t, width, generator=source).bfloat16()
    return draw(3 * heads * hd) * scale, draw(heads * hd)


def split(qkv: Tensor, heads: int) -> list[Tensor]:
    b, t, width = qkv.shape
    return [x.view(b, t, heads, -1).transpose(1, 2) for x in qkv.split(width // 3, 2)]


def exact(qkv: Tensor, heads: int) -> Tensor:
    q, k, v = split(qkv, heads)
    later = torch.ones(q.shape[2], q.shape[2], dtype=torch.bool).triu(1)
    s = (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])).masked_fill(later, -math.inf)
    return (s.softmax(-1) @ v).transpose(1, 2).flatten(2)


def library(qkv: Tensor, heads: int) -> Tensor:
    return F.scaled_dot_product_attention(*split(qkv, heads), is_causal=True).transpose(1, 2).flatten(2)


def results(attention, qkv: Tensor, g: Tensor, heads: int) -> list[Tensor]:
    """The output and the gradients of q, k and v."""
    x = qkv.detach().clone().requires_grad_()
    y = attention(x, heads)
    y.backward(g.to(y.dtype))
    return [y.detach(), *x.grad.chunk(3, 2)]


def error(got: Tensor, want: Tensor) -> float:
    return ((got.double() - want).norm() / want.norm()).item()


@unittest.skipUnless(cpu_attention.available(), "needs a CPU with AMX and a C++ compiler")
class CpuAttention(unittest.TestCase):
    def test_is_as_near_to_float64_as_the_library(self) -> None:
        for scale in (1, 4):
            for b, t, heads, hd in SHAPES:
                qkv, g = inputs(b, t, heads, hd, scale)
                want = results(exact, qkv.double(), g.double(), heads)
                ours, theirs = results(cpu_attention.attention, qkv, g, heads), results(library, qkv, g, heads)
                for name, w, o, l in zip(("out", "dq", "dk", "dv"), want, ours, theirs):
                    with self.subTest(name, b=b, t=t, hd=hd, scale=scale):
                        self.assertLess(error(o, w), min(0.02, 1.2 * error(l, w)))

    def test_each_pixel_of_each_head_is_right(self) -> None:
        qkv, g = inputs(2, 96, 3, 32)
        for o, w in zip(results(cpu_attention.attention, qkv, g, 3), results(exact, qkv.double(), g.double(), 3)):
            torch.testing.assert_close(o.double(), w, rtol=0.02, atol=0.02)

    def test_large_scores_stay_finite(self) -> None:
        qkv, g = inputs(1, 64, 1, 32, 100)
        for o in results(cpu_attention.attention, qkv, g, 1):
            self.assertTrue(o.isfinite().all())

    def test_a_later_pixel_changes_nothing_before_it(self) -> None:
        qkv, g = inputs(1, 256, 2, 32)
        before = cpu_attention.attention(qkv, 2)
        for pixel in (1, 31, 32, 100, 255):
            other = qkv.clone()
            other[:, pixel:] = torch.randn_like(other[:, pixel:]) * 9
            after = cpu_attention.attention(other, 2)
            self.assertTrue(torch.equal(after[:, :pixel], before[:, :pixel]))
            self.assertFalse(torch.equal(after[:, pixel], before[:, pixel]))
            g0 = g.clone()
            g0[:, pixel:] = 0  # a loss of the pixels before it does not reach it
            for grad in results(cpu_attention.attention, qkv, g0, 2)[1:]:
                self.assertEqual(grad[:, pixel:].abs().max(), 0)

    def test_two_runs_give_the_same_bits(self) -> None:
        qkv, g = inputs(3, 256, 4, 32)
        for a, b in zip(results(cpu_attention.attention, qkv, g, 4), results(cpu_attention.attention, qkv, g, 4)):
            self.assertTrue(torch.equal(a, b))

    def test_is_an_operator_that_can_be_compiled(self) -> None:
        qkv, g = inputs(2, 64, 2, 32)
        torch.library.opcheck(cpu_attention.forward, (qkv.requires_grad_(), 2))
        compiled = torch.compile(lambda x, heads: cpu_attention.attention(x * 2, heads) + 1)
        plain = lambda x, heads: cpu_attention.attention(x * 2, heads) + 1
        for a, b in zip(results(compiled, qkv, g, 2), results(plain, qkv, g, 2)):
            self.assertTrue(torch.equal(a, b))

    def test_declines_what_it_cannot_do(self) -> None:
        self.assertTrue(cpu_attention.fits(inputs(1, 64, 2, 32)[0], 2))
        for qkv, heads in [(inputs(1, 48, 2, 32)[0], 2), (inputs(1, 64, 2, 16)[0], 2), (inputs(1, 64, 1, 160)[0], 1), (inputs(1, 64, 2, 32)[0].float(), 2)]:
            self.assertFalse(cpu_attention.fits(qkv, heads))


if __name__ == "__main__":
    unittest.main()
