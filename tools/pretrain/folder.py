"""Model folders in Hugging Face's ImageGPT layout: config.json, preprocessor_config.json, model.safetensors.

What the layout does not know, the classes that a picture may begin with, lies beside it: the tensor
`transformer.wce.weight` [classes, d], and `n_class` and `class_names` in config.json. Hugging Face's ImageGPT leaves
both aside and draws without a class.
"""

import json
import math
import os
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor

from model import Config, ImageGPT

State = dict[str, Tensor]
LINEAR = (".c_attn.weight", ".c_proj.weight", ".c_fc.weight")
SCORE = "score.weight"
"""What tells the classes of a model that classifies. [classes, d]"""
OLD_BUFFERS = (".attn.bias", ".attn.masked_bias")
"""Causal masks that old versions of transformers saved beside the weights."""


def write_folder(
    config: Config, state: State, palette: np.ndarray, out: Path, dtype: torch.dtype, class_names: list[str]
) -> None:
    """Biases that the model does not have are written as zeros: transformers fills what a file lacks with whatever its
    memory holds."""
    out.mkdir(parents=True, exist_ok=True)
    tensors = {name: value.detach().to(dtype).contiguous().cpu() for name, value in state.items()}
    for name in [n for n in tensors if n.endswith(LINEAR)]:
        tensors.setdefault(name.replace("weight", "bias"), torch.zeros(tensors[name].shape[1], dtype=dtype))
    too_large = [name for name, value in tensors.items() if not value.isfinite().all()]
    if too_large:
        raise SystemExit(f"The tensor {too_large[0]} has values that {dtype} cannot hold.")
    described = {
        "architectures": ["ImageGPTForCausalImageModeling"],
        "model_type": "imagegpt",
        "activation_function": "quick_gelu",
        "n_layer": config.n_layer,
        "n_embd": config.n_embd,
        "n_head": config.n_head,
        "n_positions": config.n_positions,
        "n_inner": None,
        "vocab_size": config.vocab + 1,
        "layer_norm_epsilon": config.eps,
        "scale_attn_weights": True,
        "tie_word_embeddings": False,
    }
    if config.n_class:
        described |= {"n_class": config.n_class, "class_names": class_names}
    if SCORE in state:
        described["architectures"] = ["ImageGPTForImageClassification"]
        described["id2label"] = {str(label): name for label, name in enumerate(class_names)}
    side = math.isqrt(config.n_positions)
    preprocessor = {
        "image_processor_type": "ImageGPTImageProcessor",
        "do_resize": True,
        "do_normalize": True,
        "do_color_quantize": True,
        "size": {"height": side, "width": side},
        "resample": 2,
        "clusters": [[float(f"{x:.7g}") for x in colour] for colour in palette],
    }
    save_aside(tensors, out / "model.safetensors")
    (out / "config.json").write_text(json.dumps(described, indent=1) + "\n")
    (out / "preprocessor_config.json").write_text(json.dumps(preprocessor) + "\n")


def save_aside(tensors: State, path: Path) -> None:
    """Writes beside the file and moves into its place, so that there is a whole one at any moment."""
    aside = path.with_suffix(".new")
    save_file(tensors, aside, metadata={"format": "pt"})
    os.replace(aside, path)


def read_palette(folder: Path) -> np.ndarray:
    """[colours, 3] in [-1, 1]"""
    return np.array(json.loads((folder / "preprocessor_config.json").read_text())["clusters"], np.float32)


def read_folder(folder: Path) -> tuple[Config, State]:
    """Weights in float32 by their full names; biases only where one of them is not zero, then all. What classifies stays aside."""
    try:
        c = json.loads((folder / "config.json").read_text())
        files = sorted(folder.glob("*.safetensors"))
        tensors = {name: value for file in files for name, value in load_file(file).items()}
    except (OSError, ValueError) as error:
        raise SystemExit(f"{folder} cannot be read as a model folder: {error}") from None
    if c.get("model_type") != "imagegpt" or c.get("activation_function", "quick_gelu") != "quick_gelu":
        raise SystemExit(f"{folder} is no Image GPT with quick GELU.")
    if c.get("n_inner") not in (None, 4 * c["n_embd"]):
        raise SystemExit(f"{folder}: n_inner must be null or 4 times n_embd.")
    state = {}
    for name, value in tensors.items():
        full = name if name.startswith(("transformer.", "lm_head.")) else f"transformer.{name}"
        if name != SCORE and not full.endswith(OLD_BUFFERS):
            state[full] = value.float()
    weights = [name for name in state if name.endswith(LINEAR)]
    biases = {name.replace("weight", "bias") for name in weights}
    has_biases = any(state[name].any() for name in biases & state.keys())
    for name in weights:
        bias = name.replace("weight", "bias")
        if has_biases:
            state.setdefault(bias, torch.zeros(state[name].shape[1]))
        else:
            state.pop(bias, None)
    config = Config(
        n_layer=c["n_layer"],
        n_embd=c["n_embd"],
        n_head=c["n_head"],
        n_positions=c["n_positions"],
        vocab=c["vocab_size"] - 1,
        eps=c.get("layer_norm_epsilon", 1e-5),
        n_class=c.get("n_class", 0),
        biases=has_biases,
    )
    return config, state


def fitted(state: State, old: Config, new: Config) -> State:
    """The weights of a model as the beginning of another of the same layers and width.

    Positions of another side are drawn larger or smaller; classes that the old one does not know begin as its SOS.
    """
    state = dict(state)
    if old.n_positions != new.n_positions:
        from_side, side = math.isqrt(old.n_positions), math.isqrt(new.n_positions)
        grid = state["transformer.wpe.weight"].t().reshape(1, -1, from_side, from_side)
        wpe = F.interpolate(grid, (side, side), mode="bilinear").flatten(2)[0].t()
        state["transformer.wpe.weight"] = wpe.contiguous()
    if new.n_class and not old.n_class:
        state["transformer.wce.weight"] = state["transformer.wte.weight"][-1:].repeat(new.n_class, 1)
    if old.n_class and not new.n_class:
        del state["transformer.wce.weight"]
    with torch.device("meta"):
        wanted = ImageGPT(new).state_dict()
    for name, value in wanted.items():
        if name not in state:
            raise SystemExit(f"The model to begin from lacks the tensor {name}.")
        if state[name].shape != value.shape:
            found, needed = (" x ".join(map(str, x.shape)) for x in (state[name], value))
            raise SystemExit(f"The model to begin from has another size: {name} is {found}, not {needed}.")
    return {name: state[name] for name in wanted}
