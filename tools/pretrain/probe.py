"""What each layer of a model knows: multinomial logistic regression on its features, by scikit-learn.

    python probe.py --model public/models/igpt-cifar-32 --tokens data/tokens-32

Prints a line of JSON for each layer: `accuracy` is the share of test pictures put into the right class, `C` the strength
that did best on a tenth of the training pictures. Features, scaling and strengths are those of workers/probe, so that
`igpt probe` and the page must agree; this is the road for 50,000 pictures. Source: Chen et al. 2020, section 3.2.
"""

import argparse
import json
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from folder import read_folder
from model import ImageGPT

STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1, 1)
HELD_OUT = 0.1
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
AT_ONCE = 200 if DEVICE.type == "cuda" else 20  # pictures, whose features are computed together


@torch.no_grad()
def features(model: ImageGPT, tokens: torch.Tensor) -> torch.Tensor:
    """What each block reads after `ln_1`, and `ln_f` last, mean over pixels. int64 [n, pixels] -> float32 [layers + 1, n, d]"""
    sos = torch.full((len(tokens), 1), model.config.vocab, device=tokens.device)
    h, found = model.embed(torch.cat([sos, tokens[:, :-1]], 1)), []
    for block in model.transformer["h"]:
        found.append(block.ln_1(h).float().mean(1))
        h = block(h, True)
    found.append(model.transformer["ln_f"](h).float().mean(1))
    return torch.stack(found)


def all_features(model: ImageGPT, tokens: np.ndarray, precision: str) -> np.ndarray:
    """int [n, pixels] -> float32 [layers + 1, n, d]"""
    model, parts = model.to(DEVICE), []
    with torch.autocast(DEVICE.type, torch.bfloat16, enabled=precision == "bf16"):
        for i in range(0, len(tokens), AT_ONCE):
            some = torch.from_numpy(tokens[i : i + AT_ONCE].astype(np.int64))
            parts.append(features(model, some.to(DEVICE)).cpu().numpy())
    return np.concatenate(parts, 1)


def colours(tokens: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """The baseline: the pictures themselves. float32 [n, 3 x pixels]"""
    return palette[tokens].reshape(len(tokens), -1).astype(np.float32)


class OnDevice:
    """The same regression on a CUDA device, where 50,000 pictures take seconds: as scikit-learn's, by PyTorch's L-BFGS."""

    def __init__(self, x: np.ndarray, labels: np.ndarray, c: float):
        samples, targets = torch.from_numpy(x).to(DEVICE), torch.from_numpy(labels.astype(np.int64)).to(DEVICE)
        classes = int(targets.max()) + 1
        self.weights = torch.zeros(x.shape[1], classes, dtype=samples.dtype, device=DEVICE, requires_grad=True)
        self.intercepts = torch.zeros(classes, dtype=samples.dtype, device=DEVICE, requires_grad=True)
        solver = torch.optim.LBFGS(
            [self.weights, self.intercepts], max_iter=10_000, max_eval=20_000, tolerance_grad=1e-5, tolerance_change=1e-12,
            history_size=10, line_search_fn="strong_wolfe",
        )  # fmt: skip

        def loss() -> torch.Tensor:
            solver.zero_grad()
            nats = F.cross_entropy(samples @ self.weights + self.intercepts, targets)
            whole = nats + self.weights.square().sum() / (2 * c * len(x))
            whole.backward()
            return whole

        solver.step(loss)

    @torch.no_grad()
    def score(self, x: np.ndarray, labels: np.ndarray) -> float:
        """The share that it puts into the right class."""
        found = (torch.from_numpy(x).to(DEVICE) @ self.weights + self.intercepts).argmax(1)
        return float((found.cpu().numpy() == labels).mean())


def fit(x: np.ndarray, labels: np.ndarray, c: float) -> "LogisticRegression | OnDevice":
    """The sum of the surprise plus |w|^2 / 2C, to convergence; intercepts are free."""
    if DEVICE.type == "cuda":
        return OnDevice(x, labels, c)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        return LogisticRegression(C=c, tol=1e-4, max_iter=10_000).fit(x, labels)


def probe(train: np.ndarray, labels: np.ndarray, test: np.ndarray, test_labels: np.ndarray, seed: int) -> dict:
    """[n, d] and [n] of both parts. Standardised by the training part, as float64."""
    mean, deviation = train.mean(0, dtype=np.float64), train.std(0, dtype=np.float64)
    deviation[deviation == 0] = 1
    x, y = (train - mean) / deviation, (test - mean) / deviation
    order = np.random.default_rng(seed).permutation(len(x))
    held, learnt = np.split(order, [max(1, round(HELD_OUT * len(x)))])
    by_strength = {c: fit(x[learnt], labels[learnt], c).score(x[held], labels[held]) for c in STRENGTHS}
    best = max(STRENGTHS, key=by_strength.get)  # of equal ones the smallest
    accuracy = fit(x, labels, best).score(y, test_labels)
    return {"accuracy": round(accuracy, 4), "error": round((accuracy * (1 - accuracy) / len(y)) ** 0.5, 4), "C": best}


def rows(a: argparse.Namespace) -> Iterator[dict]:
    config, state = read_folder(a.model)
    torch.manual_seed(a.seed)
    model = ImageGPT(config)
    if not a.untrained:
        model.load_state_dict(state)
    palette = np.load(a.tokens / "palette.npy")
    parts = []
    for name, count in (("train", a.train), ("test", a.test)):
        tokens, labels = np.load(a.tokens / f"{name}.npy", mmap_mode="r"), np.load(a.tokens / f"{name}-labels.npy")
        if tokens.shape[1] != config.n_positions:
            raise SystemExit(f"The tokens have {tokens.shape[1]} pixels, the model {config.n_positions}.")
        if len(labels) < count:
            raise SystemExit(f"--{name} {count} is more than the {len(labels)} pictures in {a.tokens}.")
        parts.append((np.array(tokens[:count]), labels[:count]))
    (train, labels), (test, test_labels) = parts
    began = time.perf_counter()
    x, y = (all_features(model, tokens, a.precision) for tokens in (train, test))
    yield {"pictures": len(train) + len(test), "seconds": round(time.perf_counter() - began, 1)}
    for layer in range(len(x)):
        yield {"layer": layer} | probe(x[layer], labels, y[layer], test_labels, a.seed)
    if a.pixels:
        yield {"layer": "pixels"} | probe(colours(train, palette), labels, colours(test, palette), test_labels, a.seed)


def main(arguments: list[str] | None = None) -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", type=Path, required=True)
    p.add_argument("--tokens", type=Path, required=True, help="folder that prepare.py wrote, in the model's palette")
    p.add_argument("--train", type=int, default=50_000, help="training pictures, the first ones")
    p.add_argument("--test", type=int, default=10_000, help="test pictures, the first ones")
    p.add_argument("--untrained", action="store_true", help="a new model of the same size instead")
    p.add_argument("--pixels", action="store_true", help="also probe the colours themselves")
    p.add_argument("--precision", choices=("bf16", "f32"), default="f32")
    p.add_argument("--seed", type=int, default=0)
    for row in rows(p.parse_args(arguments)):
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
