"""Muon: momentum, made orthogonal, for the matrices of the blocks; Adam learns all the rest.

A matrix's step is its gradient's momentum U with the singular values brought near 1: every direction is learnt at the
same rate, however seldom it shows. Five Newton–Schulz steps do that with products of matrices alone. Sources: Jordan et
al. 2024, "Muon: An optimizer for hidden layers in neural networks" (kellerjordan.github.io/posts/muon); Bernstein and
Newhouse 2024, arXiv 2409.20325. workers/igpt/muon.ts is to be the same, so that both are held against one another.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn
from torch.distributed.tensor import DTensor, distribute_tensor

from model import ImageGPT

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
"""Of the quintic x -> a x + b x^3 + c x^5, chosen to draw small singular values up fast: they end within 0.7 and 1.2."""
STEPS = 5


def orthogonal(matrices: Tensor) -> Tensor:
    """Each matrix with its singular values near 1; float32 [n, rows, columns], rows <= columns."""
    a, b, c = COEFFICIENTS
    x = matrices / (matrices.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(STEPS):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x


def is_hidden(name: str) -> bool:
    """Whether Muon learns the parameter: a matrix that maps what is inside the model to what is inside the model."""
    return name.startswith("transformer.h.") and name.endswith(("c_attn.weight", "c_proj.weight", "c_fc.weight"))


def divided(model: ImageGPT) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """The parameters that Muon learns, and those that Adam learns."""
    named = list(model.named_parameters())
    return [p for n, p in named if is_hidden(n)], [p for n, p in named if not is_hidden(n)]


def pieces(update: Tensor) -> Iterator[Tensor]:
    """Views of a stored matrix [inputs, outputs] as matrices of their own: q, k and v of `c_attn` apart."""
    inputs, outputs = update.shape
    yield from update.split(inputs, 1) if outputs == 3 * inputs else (update,)


class Muon(torch.optim.Optimizer):
    """For matrices stored [inputs, outputs], as this model's are.

    A step is lr · sqrt(max(1, outputs / inputs)) times the orthogonal momentum; before it, weights shrink by
    lr · weight_decay. Under FSDP each process puts a matrix's momentum together, and keeps its piece of the step.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], lr: float, momentum: float = 0.95, weight_decay: float = 0):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None) -> None:
        for group in self.param_groups:
            learnt = [p for p in group["params"] if p.grad is not None]
            updates = [whole(self.nesterov(p, group["momentum"])) for p in learnt]
            # Matrices of one shape are made orthogonal together; the wide way round, as products are then smaller.
            by_shape: dict[tuple[int, int], list[Tensor]] = defaultdict(list)
            for piece in (piece for update in updates for piece in pieces(update)):
                piece = piece if piece.shape[0] <= piece.shape[1] else piece.mT
                by_shape[tuple(piece.shape)].append(piece)
            for alike in by_shape.values():
                for piece, done in zip(alike, orthogonal(torch.stack(alike))):
                    piece.copy_(done)
            for p, update in zip(learnt, updates):
                inputs, outputs = next(pieces(update)).shape
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.sub_(as_is(update, p), alpha=group["lr"] * max(1, outputs / inputs) ** 0.5)

    def nesterov(self, p: nn.Parameter, momentum: float) -> Tensor:
        """The moving mean of the gradients, one step ahead."""
        state = self.state[p]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(p)
        state["momentum"].lerp_(p.grad, 1 - momentum)
        return p.grad.lerp(state["momentum"], momentum)


def whole(x: Tensor) -> Tensor:
    return x.full_tensor() if isinstance(x, DTensor) else x


def as_is(x: Tensor, like: Tensor) -> Tensor:
    """Cut into pieces as `like` is."""
    return distribute_tensor(x, like.device_mesh, like.placements) if isinstance(like, DTensor) else x
