"""Teaches a model classes: the whole of it learns on, with the pixels' surprise and the classes' together.

    python finetune.py --model public/models/igpt-cifar-32 --tokens data/tokens-32 --out runs/taught

What comes out is Hugging Face's ImageGPTForImageClassification: the mean of the last norm's output over the pixels goes
through `score` [classes, d]. Pictures are mirrored and moved. The last training pictures are held out and say which epoch
is kept; the test pictures are judged once, at the end. A line of JSON for each epoch, and one for the test.
Source: Chen et al. 2020, section 2.4 and appendix; as the page and `igpt train --classify` do it.
"""

import argparse
import copy
import json
import math
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

from folder import SCORE, fitted, read_folder, write_folder
from model import Config, ImageGPT, surprise
from tasks import mirrored, moved, order
from train import Data, Pictures, rate

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Classifier(nn.Module):
    def __init__(self, config: Config, state: dict[str, Tensor], classes: int):
        super().__init__()
        self.model = ImageGPT(config)
        self.model.load_state_dict(state)
        self.score = nn.Linear(config.n_embd, classes, bias=False)
        nn.init.zeros_(self.score.weight)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """[batch, pixels] -> nats per pixel, and the classes' logits [batch, classes]"""
        sos = torch.full_like(tokens[:, :1], self.model.config.vocab)
        h = self.model.read(torch.cat([sos, tokens[:, :-1]], 1))
        return surprise(self.model.lm_head(h), tokens).mean(), self.score(h.mean(1)).float()


def options(argv: list[str] | None) -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", type=Path, required=True, help="model folder to begin with")
    p.add_argument("--tokens", type=Path, required=True, help="folder that prepare.py wrote, in the model's palette")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--labels", type=int, help="learn from so many pictures only, the first ones")
    p.add_argument("--epochs", type=int, default=10)
    p.add_argument("--batch", type=int, default=128)
    p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument("--crop", type=int, default=4, help="move pictures by up to so many pixels")
    p.add_argument("--generative", type=float, default=1.0, help="what the pixels count beside the classes")
    p.add_argument("--ema", type=float, default=0.99, help="the weights that are judged are averages, which keep this share each step")
    p.add_argument("--hold-out", type=int, default=1000)
    p.add_argument("--precision", choices=("bf16", "f32"), default="bf16")
    p.add_argument("--no-compile", action="store_true")
    p.add_argument("--seed", type=int, default=0)
    return p.parse_args(argv)


@torch.no_grad()
def judge(net: Classifier, pictures: Pictures, batch: int, amp: torch.autocast) -> dict:
    """Nats per pixel, nats per class and the share put into the right class."""
    total = np.zeros(3)
    for i in range(0, len(pictures), batch):
        tokens = torch.from_numpy(pictures.tokens[i : i + batch].astype(np.int64)).to(DEVICE)
        labels = torch.from_numpy(pictures.labels[i : i + batch]).to(DEVICE)
        with amp:
            nats, logits = net(tokens)
        right = (logits.argmax(1) == labels).float().mean()
        found = torch.stack([nats.float(), F.cross_entropy(logits, labels), right])
        total += found.double().cpu().numpy() * len(tokens)
    nats, class_nats, accuracy = total / len(pictures)
    return {"nats": round(nats, 4), "class_nats": round(class_nats, 4), "accuracy": round(accuracy, 4)}


def main(argv: list[str] | None = None) -> None:
    a = options(argv)
    old, state = read_folder(a.model)
    names = json.loads((a.tokens / "classes.json").read_text())
    data = Data(a.tokens, a.hold_out, len(names))
    if data.pixels != old.n_positions:
        raise SystemExit(f"The tokens have {data.pixels} pixels, the model {old.n_positions}.")
    learnt = data.train[: a.labels]
    if len(learnt) < max(a.batch, a.labels or 0):
        raise SystemExit(f"There are {len(learnt)} pictures to learn from: fewer than --batch or --labels asks for.")
    config = replace(old, n_class=0)  # it begins with SOS: what a picture shows is what it is asked
    torch.manual_seed(a.seed)
    taught = Classifier(config, fitted(state, old, config), len(names)).to(DEVICE)
    average = copy.deepcopy(taught)
    net = taught if a.no_compile else torch.compile(taught)
    adam = torch.optim.AdamW(taught.parameters(), lr=a.lr, betas=(0.9, 0.95), weight_decay=0, fused=True)
    amp = torch.autocast(DEVICE.type, torch.bfloat16, enabled=a.precision == "bf16")
    side, per_epoch = math.isqrt(data.pixels), len(learnt) // a.batch
    total, best, began = a.epochs * per_epoch, None, time.perf_counter()
    for epoch in range(a.epochs):
        shuffled, sums = order(len(learnt), a.seed, epoch), torch.zeros(3, device=DEVICE)
        for at in range(per_epoch):
            step = epoch * per_epoch + at
            rows = shuffled[at * a.batch : (at + 1) * a.batch]
            tokens = mirrored(learnt.tokens[rows].astype(np.int64), side, a.seed, step)
            tokens = torch.from_numpy(moved(tokens, side, a.crop, a.seed, step)).to(DEVICE)
            labels = torch.from_numpy(learnt.labels[rows]).to(DEVICE)
            for group in adam.param_groups:
                group["lr"] = rate(step, min(per_epoch, 100), total, a.lr, None)
            with amp:
                nats, logits = net(tokens)
                told = F.cross_entropy(logits, labels)
                (a.generative * nats + told).backward()
            nn.utils.clip_grad_norm_(taught.parameters(), 1.0)
            adam.step()
            adam.zero_grad(set_to_none=True)
            get_ema_multi_avg_fn(min(a.ema, step / (step + 10)))(list(average.parameters()), list(taught.parameters()), step)
            sums += torch.stack([nats.detach().float(), told.detach(), (logits.argmax(1) == labels).float().mean()])
        nats, class_nats, accuracy = (round(x / per_epoch, 4) for x in sums.tolist())
        row = {"epoch": epoch + 1, "seconds": round(time.perf_counter() - began), "nats": nats, "class_nats": class_nats, "accuracy": accuracy}
        if not math.isfinite(nats + class_nats):
            raise SystemExit(f"The loss is no number in epoch {epoch + 1}. Try a lower --lr.")
        if a.hold_out:
            row["held_out"] = judge(average, data.held_out, a.batch, amp)
        if not a.hold_out or best is None or row["held_out"]["accuracy"] > best[0]:
            weights = {name: value.cpu().clone() for name, value in average.state_dict().items()}
            best = (row["held_out"]["accuracy"] if a.hold_out else 0, epoch + 1, weights)
        print(json.dumps(row), flush=True)
    average.load_state_dict(best[2])
    for name, dtype in (("model-f32", torch.float32), ("model", torch.float16)):
        kept = average.model.state_dict() | {SCORE: average.score.weight}
        write_folder(config, kept, data.palette, a.out / name, dtype, names)
    print(json.dumps({"kept": best[1], "pictures": len(learnt), "test": judge(average, data.test, a.batch, amp)}), flush=True)


if __name__ == "__main__":
    main()
