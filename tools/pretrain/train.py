"""Trains Image GPT on tokens made by prepare.py and writes a Hugging Face model folder.

    python train.py --tokens data/tokens-16 --preset tiny --epochs 8 --out runs/igpt-cifar-16

The paper's recipe: Adam with betas (0.9, 0.95), no decay, no dropout, linear warm-up, cosine to zero, clip at 1.
A checkpoint is written every `--save-every` steps and the run goes on from it; the order of the pictures depends
on (seed, epoch) alone, so an interrupted run sees the same batches as an uninterrupted one.
"""

import argparse
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from model import PRESETS, Config, ImageGPT


def order(n: int, seed: int, epoch: int) -> np.ndarray:
    return np.random.default_rng([seed, epoch]).permutation(n)


def rate(step: int, warmup: int, total: int, peak: float, decay: int | None) -> float:
    """Linear warm-up, then cosine to 0; with `decay`, constant and then linear to 0 over so many last steps.

    The second form can be cut short or drawn out while it runs (Hägele et al. 2024, "Scaling Laws and Compute-Optimal
    Training Beyond Fixed Training Durations").
    """
    if step < warmup:
        return peak * (step + 1) / warmup
    if decay is not None:
        return peak * min(1, (total - step) / decay)
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, total - warmup)))


@torch.no_grad()
def evaluate(model: ImageGPT, tokens: torch.Tensor, batch: int, amp: torch.autocast) -> float:
    """Mean nats per pixel over all of `tokens`."""
    total = 0.0
    for i in range(0, len(tokens), batch):
        part = tokens[i : i + batch]
        with amp:
            total += model.loss(part).item() * len(part)
    return total / len(tokens)


def write_folder(model: ImageGPT, palette: np.ndarray, out: Path, dtype: torch.dtype) -> None:
    """Writes config.json, preprocessor_config.json and model.safetensors as Hugging Face's ImageGPT reads them.

    The model has no biases, but transformers fills the ones that a file lacks with whatever its memory holds, so zeros
    are written.
    """
    c = model.config
    out.mkdir(parents=True, exist_ok=True)
    tensors = {k: v.detach().to(dtype).contiguous().cpu() for k, v in model.state_dict().items()}
    for name in [n for n in tensors if n.endswith((".c_attn.weight", ".c_proj.weight", ".c_fc.weight"))]:
        tensors[name.replace("weight", "bias")] = torch.zeros(tensors[name].shape[1], dtype=dtype)
    save_file(tensors, out / "model.safetensors", metadata={"format": "pt"})
    config = {
        "architectures": ["ImageGPTForCausalImageModeling"],
        "model_type": "imagegpt",
        "activation_function": "quick_gelu",
        "n_layer": c.n_layer,
        "n_embd": c.n_embd,
        "n_head": c.n_head,
        "n_positions": c.n_positions,
        "n_inner": None,
        "vocab_size": c.vocab + 1,
        "layer_norm_epsilon": c.eps,
        "scale_attn_weights": True,
        "tie_word_embeddings": False,
    }
    side = math.isqrt(c.n_positions)
    preprocessor = {
        "image_processor_type": "ImageGPTImageProcessor",
        "do_resize": True,
        "do_normalize": True,
        "do_color_quantize": True,
        "size": {"height": side, "width": side},
        "resample": 2,
        "clusters": [[float(f"{x:.7g}") for x in colour] for colour in palette],
    }
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    (out / "preprocessor_config.json").write_text(json.dumps(preprocessor) + "\n")


def begin_from(model: ImageGPT, folder: Path) -> None:
    """Takes the weights of a model folder of the same layers and width; positions of a smaller side are drawn larger."""
    state = load_file(folder / "model.safetensors")
    state = {k: v.float() for k, v in state.items() if not k.endswith(".bias")}
    wpe, side = state["transformer.wpe.weight"], math.isqrt(model.config.n_positions)
    if len(wpe) != model.config.n_positions:
        old = math.isqrt(len(wpe))
        grid = wpe.t().reshape(1, -1, old, old)
        wpe = F.interpolate(grid, (side, side), mode="bilinear").flatten(2)[0].t()
        state["transformer.wpe.weight"] = wpe.contiguous()
    model.load_state_dict(state)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--tokens", type=Path, required=True)
    p.add_argument("--preset", choices=PRESETS, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--epochs", type=int, default=8)
    p.add_argument("--steps", type=int, help="instead of whole epochs")
    p.add_argument("--decay", type=int, help="constant rate, then linear to 0 over the last so many steps; cosine unless told")
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--lr", type=float, default=3e-3)
    p.add_argument("--warmup", type=int, help="steps; one epoch unless told")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--flip", action="store_true", help="mirror half of the pictures")
    p.add_argument("--begin-from", type=Path, help="model folder whose weights to start with; one of a smaller side will do")
    p.add_argument("--save-every", type=int, default=200)
    p.add_argument("--no-compile", action="store_true")
    a = p.parse_args()

    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(a.seed)
    palette = np.load(a.tokens / "palette.npy")
    train = torch.from_numpy(np.load(a.tokens / "train.npy").astype(np.int64)).to(device)
    test = torch.from_numpy(np.load(a.tokens / "test.npy").astype(np.int64)).to(device)
    side = math.isqrt(train.shape[1])
    layers, width, heads = PRESETS[a.preset]
    model = ImageGPT(Config(layers, width, heads, train.shape[1], len(palette))).to(device)
    if a.begin_from:
        begin_from(model, a.begin_from)
    adam = torch.optim.AdamW(model.parameters(), lr=a.lr, betas=(0.9, 0.95), weight_decay=0, fused=True)
    amp = torch.autocast(device, torch.bfloat16)
    per_epoch = len(train) // a.batch
    total, warmup = a.steps or a.epochs * per_epoch, a.warmup if a.warmup is not None else per_epoch
    a.out.mkdir(parents=True, exist_ok=True)
    checkpoint, log = a.out / "checkpoint.pt", (a.out / "log.jsonl").open("a")

    start = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=device)
        model.load_state_dict(state["model"])
        adam.load_state_dict(state["adam"])
        start = state["step"]
    loss_of = model.loss if a.no_compile else torch.compile(model.loss)

    def say(row: dict) -> None:
        log.write(json.dumps(row) + "\n")
        log.flush()
        print(row, flush=True)

    t0, seen, running = time.time(), 0, 0.0
    for step in range(start, total):
        epoch, at = divmod(step, per_epoch)
        if at == 0 or step == start:
            indices = torch.from_numpy(order(len(train), a.seed, epoch)).to(device)
        batch = train[indices[at * a.batch : (at + 1) * a.batch]]
        if a.flip:
            mirror = np.random.default_rng([a.seed, 1, step]).random(a.batch) < 0.5
            rows = batch.view(-1, side, side)
            batch = torch.where(torch.from_numpy(mirror).to(device)[:, None, None], rows.flip(2), rows).flatten(1)
        for group in adam.param_groups:
            group["lr"] = rate(step, warmup, total, a.lr, a.decay)
        adam.zero_grad(set_to_none=True)
        with amp:
            loss = loss_of(batch)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        seen += a.batch
        running += loss.item()
        if (step + 1) % 50 == 0:
            say({"step": step + 1, "loss": round(running / (seen / a.batch), 4), "norm": round(norm.item(), 3), "pictures_per_s": round(seen / (time.time() - t0), 1)})
            t0, seen, running = time.time(), 0, 0.0
        if at == per_epoch - 1:
            say({"epoch": epoch + 1, "test_nats": round(evaluate(model, test[:2000], a.batch, amp), 4)})
        if (step + 1) % a.save_every == 0 or step + 1 == total:
            aside = checkpoint.with_suffix(".new")
            torch.save({"model": model.state_dict(), "adam": adam.state_dict(), "step": step + 1}, aside)
            os.replace(aside, checkpoint)
    write_folder(model, palette, a.out / "model-f32", torch.float32)
    write_folder(model, palette, a.out / "model", torch.float16)
    say({"done": total, "test_nats": round(evaluate(model, test, a.batch, amp), 4), "pictures": len(test)})


if __name__ == "__main__":
    main()
