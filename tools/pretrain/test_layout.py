"""The shipped model, computed a second time from the description of its layout by functions that share nothing with model.py.

Each takes one picture. Where the two agree, model.py reads a folder that this project's page exports as it is meant.
"""

import json
import math
import struct
import unittest
from pathlib import Path

import numpy as np
import torch

from test_model import ROOT, load

MODEL = ROOT / "public/models/igpt-cifar-16"
NUMBERS = {"F16": np.float16, "F32": np.float32}


def tensors(path: Path) -> dict[str, np.ndarray]:
    """A safetensors file: the length of its head, the head as JSON, then the numbers."""
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    head = json.loads(content[8 : 8 + length])
    head.pop("__metadata__", None)
    data = content[8 + length :]
    return {
        name: np.frombuffer(data[slice(*t["data_offsets"])], NUMBERS[t["dtype"]]).reshape(t["shape"]).astype(np.float64)
        for name, t in head.items()
    }


def rms(x: np.ndarray, gain: np.ndarray, epsilon: float) -> np.ndarray:
    return x / np.sqrt(np.mean(x**2, -1, keepdims=True) + epsilon) * gain


def quick_gelu(x: np.ndarray) -> np.ndarray:
    return x / (1 + np.exp(-1.702 * x))


def heads(x: np.ndarray, w: dict[str, np.ndarray], name: str, count: int) -> np.ndarray:
    n, d = x.shape
    size = d // count
    qkv = x @ w[f"{name}.c_attn.weight"] + w[f"{name}.c_attn.bias"]
    out = np.empty((n, d))
    for k in range(count):
        q, key, value = (qkv[:, part * d + k * size : part * d + (k + 1) * size] for part in range(3))
        for i in range(n):
            scores = key[: i + 1] @ q[i] / math.sqrt(size)
            share = np.exp(scores - scores.max())
            out[i, k * size : (k + 1) * size] = share / share.sum() @ value[: i + 1]
    return out @ w[f"{name}.c_proj.weight"] + w[f"{name}.c_proj.bias"]


def mlp(x: np.ndarray, w: dict[str, np.ndarray], name: str) -> np.ndarray:
    inner = quick_gelu(x @ w[f"{name}.c_fc.weight"] + w[f"{name}.c_fc.bias"])
    return inner @ w[f"{name}.c_proj.weight"] + w[f"{name}.c_proj.bias"]


def logits(tokens: np.ndarray, config: dict, w: dict[str, np.ndarray], class_: int | None = None) -> np.ndarray:
    """[pixels, colours] of one picture, each pixel from those before it, the first from SOS or the picture's class."""
    epsilon = config["layer_norm_epsilon"]
    wte = w["transformer.wte.weight"]
    first = wte[config["vocab_size"] - 1] if class_ is None else w["transformer.wce.weight"][class_]
    h = np.concatenate([first[None], wte[tokens[:-1]]]) + w["transformer.wpe.weight"]
    for i in range(config["n_layer"]):
        block = f"transformer.h.{i}"
        h = h + heads(rms(h, w[f"{block}.ln_1.weight"], epsilon), w, f"{block}.attn", config["n_head"])
        h = h + mlp(rms(h, w[f"{block}.ln_2.weight"], epsilon), w, f"{block}.mlp")
    return rms(h, w["transformer.ln_f.weight"], epsilon) @ w["lm_head.weight"].T


class Layout(unittest.TestCase):
    def test_the_shipped_model_says_the_same_twice(self):
        config = json.loads((MODEL / "config.json").read_text())
        model = load(MODEL)
        tokens = np.random.default_rng(0).integers(0, 512, config["n_positions"])
        shifted = torch.tensor([[512, *tokens[:-1]]])
        with torch.no_grad():
            ours = model(shifted)[0].numpy()
        np.testing.assert_allclose(ours, logits(tokens, config, tensors(MODEL / "model.safetensors")), atol=1e-3)

    def test_a_picture_may_begin_with_its_class(self):
        folder = ROOT / "workers/igpt/fixtures/classes-2x24x2"
        config, golden = (json.loads((folder / name).read_text()) for name in ("config.json", "golden.json"))
        self.assertEqual(config["n_class"], len(config["class_names"]))
        w = tensors(folder / "model.safetensors")
        for tokens, class_, nll in zip(golden["tokens"], golden["starts"], golden["nll_by_class"]):
            x = logits(np.array(tokens), config, w, class_)
            surprise = np.log(np.exp(x).sum(-1)) - x[np.arange(len(tokens)), tokens]
            np.testing.assert_allclose(surprise, nll, atol=1e-5)


if __name__ == "__main__":
    unittest.main()
