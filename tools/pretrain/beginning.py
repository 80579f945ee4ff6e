"""Weights to begin with that know what the rows of the embeddings stand for.

Colours that look alike begin alike: a colour's row is random Fourier features of its red, green and blue (Rahimi and
Recht 2007), so that the inner product of two rows falls with their distance. A place's row is sines and cosines of its
row and its column (Vaswani et al. 2017, in two dimensions). Both are learnt from there on like any others.
"""

import math

import numpy as np
import torch
from torch import Tensor

COLOUR, PLACE = 0.1 * math.sqrt(2), 0.1
"""Heights of the waves, as they did best with Muon at 16 x 16."""
SHARPNESS = 3
"""Radians for each unit of a channel, standard deviation; channels lie in [-1, 1]."""
COARSEST = 100
"""The slowest wave takes so many times as long as the quickest, which takes 2 pi pixels."""


def colours(palette: np.ndarray, width: int, seed: int) -> Tensor:
    """Rows for float [colours, 3] in [-1, 1] -> float32 [colours, width]"""
    chance = torch.Generator().manual_seed(seed)
    directions = SHARPNESS * torch.randn(3, width // 2, generator=chance)
    angles = torch.from_numpy(palette).float() @ directions
    return COLOUR * torch.cat([angles.sin(), angles.cos()], 1)


def places(side: int, width: int) -> Tensor:
    """Rows for the pixels of a square in raster order -> float32 [side x side, width]"""
    frequencies = COARSEST ** -torch.linspace(0, 1, width // 4)
    angles = torch.arange(side)[:, None] * frequencies
    along = torch.cat([angles.sin(), angles.cos()], 1)  # [side, width / 2]
    row = along[:, None].expand(side, side, -1)
    column = along[None].expand(side, side, -1)
    return PLACE * torch.cat([row, column], 2).reshape(side * side, -1)


def begin(state: dict[str, Tensor], palette: np.ndarray, seed: int) -> dict[str, Tensor]:
    """A new model's weights with these colours and places; SOS, classes and all else stay as they are."""
    state = dict(state)
    old, width = state["transformer.wte.weight"], state["transformer.wte.weight"].shape[1]
    state["transformer.wte.weight"] = torch.cat([colours(palette, width, seed), old[len(palette) :]])
    state["transformer.wpe.weight"] = places(math.isqrt(len(state["transformer.wpe.weight"])), width)
    return state
