"""What a training step asks of the model: its inputs, what it should foresee, and how much each pixel counts.

Whatever chance decides (the order of the pictures, which are mirrored, what BERT hides, which classes are kept from the
model) is a function of the seed and the step, computed for the whole batch on every process. So nothing about a batch
has to be remembered, and it does not depend on how many processes share it.
"""

from dataclasses import dataclass

import numpy as np

from model import MASKED

MASK_PROBABILITY = 0.15
CLASS_KEPT_BACK = 0.1
"""The share of pictures that begin with SOS although their class is known, so that the model also draws without one."""

MIRROR, HIDE, KEEP_BACK, VALIDATE, MOVE = 1, 2, 3, 4, 5
"""What a random number is for."""


@dataclass
class Task:
    """A batch, all [pictures, pixels]."""

    inputs: np.ndarray
    """Rows of the embedding, or MASKED."""
    targets: np.ndarray
    """Colours."""
    counts: np.ndarray
    """1 where the surprise counts, else 0."""
    causal: bool

    def __getitem__(self, pictures: slice) -> "Task":
        return Task(self.inputs[pictures], self.targets[pictures], self.counts[pictures], self.causal)


def order(n: int, seed: int, epoch: int) -> np.ndarray:
    """The n pictures of an epoch in the order in which they are learnt."""
    return np.random.default_rng([seed, epoch]).permutation(n)


def chance(seed: int, what: int, step: int, *shape: int) -> np.ndarray:
    """Uniform in [0, 1)."""
    return np.random.default_rng([seed, what, step]).random(shape)


def mirrored(tokens: np.ndarray, side: int, seed: int, step: int) -> np.ndarray:
    """Half of the pictures, left for right; [pictures, pixels]."""
    rows = tokens.reshape(-1, side, side)
    chosen = chance(seed, MIRROR, step, len(tokens)) < 0.5
    return np.where(chosen[:, None, None], rows[:, :, ::-1], rows).reshape(tokens.shape)


def moved(tokens: np.ndarray, side: int, most: int, seed: int, step: int) -> np.ndarray:
    """Pictures moved by up to `most` pixels each way; what comes in is the picture reflected at its edge. [pictures, pixels]"""
    by = np.floor(chance(seed, MOVE, step, 2, len(tokens), 1) * (2 * most + 1)).astype(int) - most
    at = np.abs(np.arange(side) + by)  # [2, pictures, side]
    rows, columns = np.where(at >= side, 2 * side - 2 - at, at)
    pictures = tokens.reshape(-1, side, side)
    return pictures[np.arange(len(tokens))[:, None, None], rows[:, :, None], columns[:, None, :]].reshape(tokens.shape)


def autoregressive(tokens: np.ndarray, starts: np.ndarray) -> Task:
    """Every pixel from those before it; starts: the row of the embedding that each picture begins with. [pictures]"""
    inputs = np.concatenate([starts[:, None], tokens[:, :-1]], 1)
    return Task(inputs, tokens, np.ones(tokens.shape, np.float32), causal=True)


def bert(tokens: np.ndarray, uniform: np.ndarray) -> Task:
    """The hidden pixels from all others: no start symbol, no shift; uniform as `chance` gives it, [pictures, pixels]."""
    hidden = uniform < MASK_PROBABILITY
    if not hidden.any():  # a tiny batch may hide nothing, and the mean over nothing is no number
        hidden[0, 0] = True
    return Task(np.where(hidden, MASKED, tokens), tokens, hidden.astype(np.float32), causal=False)
