"""Trains Image GPT on tokens made by prepare.py and writes a Hugging Face model folder.

    python train.py --tokens data/tokens-16 --preset tiny --epochs 8 --out runs/igpt-cifar-16
    torchrun --nproc_per_node=8 train.py --tokens data/tokens-32 --preset igpt-s --batch 128 --out runs/igpt-s

Muon learns the matrices of the blocks, Adam (0.9, 0.95) all else, from embeddings that know their colour and place;
`--optimizer adam --beginning noise` is the paper's recipe. No dropout, linear warm-up, cosine to zero, clip at 1. The
same seed and batch give the same losses on any number of processes. A checkpoint is written every `--save-every` steps
and the run goes on from it when it is started again; killed at any moment, it gives the curve that it would have given.
"""

import argparse
import json
import math
import os
import resource
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

import beginning
import checkpoint
from cost import GB, activation_bytes, parameters, picture_flops, state_bytes
from folder import fitted, read_folder, read_palette, save_aside, write_folder
from model import PRESETS, Config, ImageGPT
from muon import Muon, divided
from processes import Processes
from tasks import CLASS_KEPT_BACK, HIDE, KEEP_BACK, VALIDATE, Task, autoregressive, bert, chance, mirrored, moved, order

SAME = (
    "preset", "objective", "classes", "batch", "optimizer", "beginning", "lr", "muon_lr", "weight_decay", "warmup", "seed",
    "flip", "crop", "ema", "hold_out",
)  # fmt: skip
"""Options that a run keeps from beginning to end. Its length and rate's decay may change, and where it runs."""
OLDER = {"optimizer": "adam", "beginning": "noise", "weight_decay": "0.0", "crop": "0"}
"""What runs were that do not say so."""


def options(argv: list[str] | None) -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--tokens", type=Path, required=True, help="folder that prepare.py wrote")
    p.add_argument("--preset", choices=PRESETS, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--objective", choices=("autoregressive", "bert"), default="autoregressive")
    p.add_argument("--classes", type=int, default=0, help="so many classes, one of which a picture begins with instead of SOS")
    p.add_argument("--epochs", type=int, default=8)
    p.add_argument("--steps", type=int, help="instead of whole epochs")
    p.add_argument("--decay", type=int, help="constant rate, then linear to 0 over the last so many steps; cosine unless told")
    p.add_argument("--batch", type=int, default=64, help="pictures a step, of all processes together")
    p.add_argument("--micro-batch", type=int, help="pictures that a process takes at once; all of its part unless told")
    p.add_argument("--optimizer", choices=("muon", "adam"), default="muon", help="muon: for the matrices of the blocks; the rest has Adam's")
    p.add_argument("--beginning", choices=("palette", "noise"), default="palette", help="palette: embeddings that know their colours and places")
    p.add_argument("--lr", type=float, default=3e-3, help="Adam's rate")
    p.add_argument("--muon-lr", type=float, default=0.02)
    p.add_argument("--weight-decay", type=float, default=0.0, help="of Muon's matrices, times its rate, each step")
    p.add_argument("--warmup", type=int, help="steps; one epoch unless told")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--flip", action="store_true", help="mirror half of the pictures")
    p.add_argument("--crop", type=int, default=0, help="move pictures by up to so many pixels, reflected at their edges")
    p.add_argument("--ema", type=float, default=0, help="also average the weights, keeping this share of the average each step: 0.999")
    p.add_argument("--hold-out", type=int, default=1000, help="last training pictures, which judge and are not learnt; 0: judge by nothing, keep the last weights")
    p.add_argument("--begin-from", type=Path, help="model folder whose weights to start with; one of a smaller side will do")
    p.add_argument("--validate-every", type=int, help="steps; one epoch unless told")
    p.add_argument("--save-every", type=int, default=200)
    p.add_argument("--log-every", type=int, default=50)
    p.add_argument("--precision", choices=("bf16", "f32"), default="bf16")
    p.add_argument("--recompute", action="store_true", help="compute activations again in backward: less memory, a third more arithmetic")
    p.add_argument("--fsdp", action="store_true", help="cut the weights into pieces, one for each process of torchrun")
    p.add_argument("--no-compile", action="store_true")
    p.add_argument("--unrepeatable", action="store_true", help="sums in whatever order is quickest: no two runs are alike to the last digit")
    p.add_argument("--dry-run", action="store_true", help="say what the run would take, and stop")
    return p.parse_args(argv)


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


class Pictures:
    """Tokens [n, pixels], and classes where they are known; read from the disk as they are needed."""

    def __init__(self, tokens: np.ndarray, labels: np.ndarray | None):
        self.tokens, self.labels = tokens, labels

    def __len__(self) -> int:
        return len(self.tokens)

    def __getitem__(self, rows: slice) -> "Pictures":
        return Pictures(self.tokens[rows], None if self.labels is None else self.labels[rows])


class Data:
    """What prepare.py wrote, with the last training pictures held out."""

    def __init__(self, folder: Path, hold_out: int, classes: int):
        try:
            self.palette = np.load(folder / "palette.npy")
            train, self.test = (self.read(folder, name, classes) for name in ("train", "test"))
            names = folder / "classes.json"
            self.class_names = json.loads(names.read_text()) if classes and names.exists() else []
        except (OSError, ValueError) as error:
            raise SystemExit(f"{folder} has not what prepare.py writes: {error}") from None
        self.train, self.held_out = train[: len(train) - hold_out], train[len(train) - hold_out :]
        self.pixels = train.tokens.shape[1]
        self.class_names = self.class_names or [f"class {i}" for i in range(classes)]
        if len(self.class_names) != classes:
            raise SystemExit(f"{folder} has the names of {len(self.class_names)} classes, not of {classes}.")

    @staticmethod
    def read(folder: Path, name: str, classes: int) -> Pictures:
        tokens = np.load(folder / f"{name}.npy", mmap_mode="r")
        labels = np.load(folder / f"{name}-labels.npy").astype(np.int64) if classes else None
        if labels is not None and (len(labels) != len(tokens) or labels.min() < 0 or labels.max() >= classes):
            raise ValueError(f"{name}-labels.npy must have a class from 0 to {classes - 1} for each of {len(tokens)} pictures")
        return Pictures(tokens, labels)


class Stopwatch:
    """Seconds spent, by what they were spent on."""

    def __init__(self):
        self.seconds: Counter[str] = Counter()

    @contextmanager
    def __call__(self, what: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds[what] += time.perf_counter() - began

    def shares(self) -> dict[str, float]:
        total = sum(self.seconds.values())
        return {what: round(seconds / total, 3) for what, seconds in self.seconds.items()}


class Run:
    def __init__(self, a: argparse.Namespace, processes: Processes):
        self.a, self.processes = a, processes
        self.data = data = Data(a.tokens, a.hold_out, a.classes)
        self.per_epoch = len(data.train) // a.batch
        self.micro_batch = a.micro_batch or a.batch // processes.count
        self.check()
        self.total = a.steps or a.epochs * self.per_epoch
        self.warmup = a.warmup if a.warmup is not None else self.per_epoch
        self.amp = torch.autocast(processes.device.type, torch.bfloat16, enabled=a.precision == "bf16")

    def check(self) -> None:
        a, n = self.a, self.processes.count
        side = math.isqrt(self.data.pixels)
        wrong = [
            (side * side != self.data.pixels, f"The tokens have {self.data.pixels} pixels, which are no square."),
            (self.per_epoch < 1, f"--batch {a.batch} is more than the {len(self.data.train)} pictures there are to learn."),
            (a.batch % n, f"--batch {a.batch} cannot be shared by {n} processes."),
            (a.batch // n % self.micro_batch, f"--micro-batch {a.micro_batch} does not divide the {a.batch // n} pictures of a process."),
            (a.classes and a.objective == "bert", "--classes needs the autoregressive objective: BERT has no first symbol."),
            (a.fsdp and not self.processes.joined, "--fsdp needs torchrun."),
            (not 0 <= a.crop < side, f"--crop is at least 0 and less than the side, {side}, not {a.crop}."),
            (not 0 <= a.ema < 1, f"--ema is at least 0 and less than 1, not {a.ema}."),
        ]
        for is_wrong, sentence in wrong:
            if is_wrong:
                raise SystemExit(sentence if self.processes.rank == 0 else 1)

    def config(self) -> Config:
        layers, width, heads = PRESETS[self.a.preset]
        return Config(layers, width, heads, self.data.pixels, len(self.data.palette), n_class=self.a.classes)

    def describe(self) -> None:
        """What a dry run says."""
        a, c, n = self.a, self.config(), self.processes.count
        state = state_bytes(c, n, a.fsdp, a.ema > 0)
        kept = activation_bytes(c, self.micro_batch, a.precision == "bf16", a.recompute)
        flops = picture_flops(c, a.objective == "autoregressive") * a.batch
        print(
            f"{a.preset}, {math.isqrt(c.n_positions)} x {math.isqrt(c.n_positions)} pixels: {parameters(c):,} parameters\n"
            f"{self.total:,} steps of {a.batch} pictures, {self.total / self.per_epoch:.2f} epochs of {len(self.data.train):,}; "
            f"{n} process{'es' if n > 1 else ''}, each {self.micro_batch} pictures at once\n"
            f"memory of a process, computed: {(state + kept) / GB:.2f} GB, of which weights, gradients and moments "
            f"{state / GB:.2f} and activations {kept / GB:.2f}\n"
            f"arithmetic, computed: {flops / 1e12:.3f} TFLOP a step, {flops * self.total / 1e15:,.2f} PFLOP in all"
        )

    def batch(self, step: int) -> Task:
        """What all processes together learn in a step."""
        epoch, at = divmod(step, self.per_epoch)
        if at == 0 or not hasattr(self, "order"):
            self.order = order(len(self.data.train), self.a.seed, epoch)
        rows = self.order[at * self.a.batch : (at + 1) * self.a.batch]
        tokens = self.data.train.tokens[rows].astype(np.int64)
        side = math.isqrt(self.data.pixels)
        if self.a.flip:
            tokens = mirrored(tokens, side, self.a.seed, step)
        if self.a.crop:
            tokens = moved(tokens, side, self.a.crop, self.a.seed, step)
        labels = self.data.train.labels
        if labels is not None:
            kept_back = chance(self.a.seed, KEEP_BACK, step, len(rows)) < CLASS_KEPT_BACK
            labels = np.where(kept_back, -1, labels[rows])
        return self.task(tokens, labels, HIDE, step)

    def task(self, tokens: np.ndarray, labels: np.ndarray | None, what: int, step: int) -> Task:
        """labels: -1 where there is none."""
        if self.a.objective == "bert":
            return bert(tokens, chance(self.a.seed, what, step, *tokens.shape))
        sos = len(self.data.palette)
        return autoregressive(tokens, np.full(len(tokens), sos) if labels is None else sos + 1 + labels)

    def parts(self, task: Task) -> list[tuple[Tensor, Tensor, Tensor, bool]]:
        """This process's pictures, so many at a time, as the model takes them."""
        mine = task[self.processes.part(len(task.inputs))]
        tensors = [self.processes.put(x) for x in (mine.inputs, mine.targets, mine.counts)]
        return [(*part, task.causal) for part in zip(*(x.split(self.micro_batch) for x in tensors))]

    @torch.no_grad()
    def judge(self, model: ImageGPT, pictures: Pictures, by_class: bool = True) -> float:
        """Mean nats of all pixels that count."""
        total = torch.zeros(2, dtype=torch.float64, device=self.processes.device)
        for step, i in enumerate(range(0, len(pictures), self.a.batch)):
            rows = np.arange(i, i + self.a.batch)  # filled up, so that every process has as many
            tokens = pictures.tokens[rows.clip(max=len(pictures) - 1)].astype(np.int64)
            labels = pictures.labels
            if labels is not None:
                labels = labels[rows.clip(max=len(pictures) - 1)] if by_class else None
            task = self.task(tokens, labels, VALIDATE, step)
            task.counts[rows >= len(pictures)] = 0
            for inputs, targets, counts, causal in self.parts(task):
                with self.amp:
                    total[0] += model(inputs, targets, counts, causal)
                total[1] += counts.sum()
        nats, count = self.processes.sum(total).tolist()
        return nats / count

    def learn(self, net: nn.Module, task: Task) -> Tensor:
        """Adds up the gradients of a step; returns this process's share of the mean loss."""
        # DDP and FSDP take the mean over processes, but what counts is the mean over all that counts.
        scale = self.processes.count / float(task.counts.sum())
        loss = torch.zeros((), dtype=torch.float64, device=self.processes.device)
        parts = self.parts(task)
        for i, (inputs, targets, counts, causal) in enumerate(parts):
            with nullcontext() if i + 1 == len(parts) else self.processes.unsynchronised(net):
                with self.amp:
                    part = net(inputs, targets, counts * scale, causal)
                part.backward()
            loss += part.detach() / self.processes.count
        return loss

    def start(self) -> None:
        """Builds the model and sets what it goes on from: a checkpoint, another model's weights, or what the seed gives."""
        a, processes = self.a, self.processes
        a.out.mkdir(parents=True, exist_ok=True)
        saved = checkpoint.load(a.out / "checkpoint.pt") if processes.rank == 0 else None
        recipe = {name: str(getattr(a, name)) for name in SAME}
        recipe |= {"pictures": str(len(self.data.train)), "palette": f"{zlib.crc32(self.data.palette.tobytes()):08x}"}
        config, former = self.config(), None
        if saved:
            for name, value in (OLDER | saved["recipe"]).items():
                if recipe[name] != value:
                    option = name.replace("_", "-")
                    raise SystemExit(f"{a.out} holds a run with {option} {value}, not {recipe[name]}: give the same options, or another folder.")
            config, former = Config(**saved["config"]), {k: saved[k] for k in ("step", "running", "counted", "best")}
            first = saved["model"]
        elif processes.rank == 0:
            torch.manual_seed(a.seed)
            first = self.first_weights(config)
        config, former = processes.agreed((config, former))
        self.recipe, self.model_config = recipe, config
        self.model = processes.build(config, a.recompute, a.fsdp)
        processes.set_model_state(self.model, first if processes.rank == 0 else None)
        self.average = processes.build(config, a.recompute, a.fsdp) if a.ema else None
        if self.average:
            state = (saved["average"] if saved else first) if processes.rank == 0 else None
            processes.set_model_state(self.average, state)
        hidden, self.rest = divided(self.model) if a.optimizer == "muon" else ([], list(self.model.parameters()))
        self.optimizers = [torch.optim.AdamW(self.rest, lr=a.lr, betas=(0.9, 0.95), weight_decay=0, fused=True)]
        if hidden:
            self.optimizers.append(Muon(hidden, lr=a.muon_lr, weight_decay=a.weight_decay))
        if former:
            processes.set_optimizer_state(self.model, self.optimizers, saved["adam"] if saved else None)
        former = former or {"step": 0, "running": 0.0, "counted": 0, "best": None}
        self.step, self.counted, self.best = former["step"], former["counted"], former["best"]
        self.running = torch.zeros((), dtype=torch.float64, device=processes.device)
        if processes.rank == 0:
            self.running += former["running"]

    def first_weights(self, config: Config) -> dict[str, Tensor]:
        """Those of another model, or what the seed gives."""
        if self.a.begin_from:
            return self.other_model(config)
        state = ImageGPT(config).state_dict()
        return beginning.begin(state, self.data.palette, self.a.seed) if self.a.beginning == "palette" else state

    def other_model(self, config: Config) -> dict[str, Tensor]:
        """The weights to begin from; `config` takes over whether there are biases."""
        folder = self.a.begin_from
        old, state = read_folder(folder)
        palette = read_palette(folder)
        if palette.shape != self.data.palette.shape or np.abs(palette - self.data.palette).max() > 1e-5:
            raise SystemExit(f"{folder} has another palette than the tokens: make them with prepare.py --palette {folder}.")
        config.biases = old.biases
        return fitted(state, old, config)

    def save(self) -> None:
        state = {
            "model": self.processes.model_state(self.model),
            "average": self.processes.model_state(self.average) if self.average else None,
            "adam": self.processes.optimizer_state(self.model, self.optimizers),  # and Muon's
            "running": self.processes.sum(self.running).item(),
            "counted": self.counted,
            "step": self.step,
            "best": self.best,
            "recipe": self.recipe,
            "config": asdict(self.model_config),
        }
        if not math.isfinite(state["running"]):
            raise SystemExit(f"The loss is no number at step {self.step}; the checkpoint before it is kept. Try a lower --lr.")
        if self.processes.rank == 0:
            checkpoint.save(self.a.out / "checkpoint.pt", state)

    def validate(self) -> dict:
        """The nats of held-out pictures; keeps the weights, or the averaged ones, that did best so far."""
        row: dict = {"step": self.step, "epoch": round(self.step / self.per_epoch, 3)}
        for name, model in (("validation_nats", self.model), ("averaged_nats", self.average)):
            if model is None:
                continue
            row[name] = nats = round(self.judge(model, self.data.held_out), 6)
            if self.best is None or nats < self.best["nats"]:
                self.best = {"step": self.step, "nats": nats, "averaged": model is self.average}
                state = self.processes.model_state(model)
                if self.processes.rank == 0:
                    save_aside({k: v.contiguous() for k, v in state.items()}, self.a.out / "best.safetensors")
        return row

    def train(self) -> None:
        a, processes = self.a, self.processes
        self.start()
        log = checkpoint.Log(a.out / "log.jsonl", self.step) if processes.rank == 0 else None
        if processes.agreed(log is not None and log.finished and self.step >= self.total):
            print(f"The run in {a.out} is finished.") if log else None
            return

        def say(row: dict) -> None:
            if log:
                log.say(row)

        net = processes.share(self.model, compile=not a.no_compile)
        flops = picture_flops(self.model_config, a.objective == "autoregressive")
        watch, timed = Stopwatch(), 0
        while self.step < self.total:
            with watch("data"):
                task = self.batch(self.step)
            with watch("step"):
                for optimizer, peak in zip(self.optimizers, (a.lr, a.muon_lr)):
                    for group in optimizer.param_groups:
                        group["lr"] = rate(self.step, self.warmup, self.total, peak, a.decay)
                self.model.zero_grad(set_to_none=True)
                self.running += self.learn(net, task)
                norm = nn.utils.clip_grad_norm_(self.rest, 1.0)  # Muon's step is as long whatever its gradient's length
                for optimizer in self.optimizers:
                    optimizer.step()
                self.step, self.counted, timed = self.step + 1, self.counted + 1, timed + a.batch
                if self.average:
                    decay = min(a.ema, self.step / (self.step + 10))  # of few steps, not mostly the beginning
                    update = get_ema_multi_avg_fn(decay)
                    update(list(self.average.parameters()), list(self.model.parameters()), self.step)
            if self.step % a.log_every == 0:
                with watch("step"):  # a CUDA device works on until its results are read
                    loss = processes.sum(self.running).item() / self.counted
                    norm = getattr(norm, "full_tensor", lambda: norm)().item()
                speed = timed / (watch.seconds["data"] + watch.seconds["step"])
                say(
                    {
                        "step": self.step,
                        "loss": round(loss, 6),
                        "norm": round(norm, 4),
                        "lr": float(f"{rate(self.step - 1, self.warmup, self.total, a.lr, a.decay):.4g}"),
                        "pictures_per_s": round(speed, 1),
                        "tflops": float(f"{speed * flops / 1e12:.3g}"),
                        "peak_memory_mb": round(peak_memory() / 1e6),
                        "time": watch.shares(),
                    }
                )
                self.running.zero_()
                self.counted = timed = 0
                watch = Stopwatch()
                if not math.isfinite(loss):
                    raise SystemExit(f"The loss is no number at step {self.step}; the checkpoint before it is kept. Try a lower --lr.")
            at_end = self.step == self.total
            if a.hold_out and (at_end or self.step % (a.validate_every or self.per_epoch) == 0):
                with watch("validation"):
                    say(self.validate())
            if at_end or self.step % a.save_every == 0:
                with watch("saving"):
                    self.save()
        self.finish(say)

    def finish(self, say) -> None:
        """Writes the best weights, or the last ones where nothing was held out, and judges them on the test pictures."""
        model = self.average or self.model
        kept = self.best or {"step": self.step, "nats": None, "averaged": self.average is not None}
        if self.best:
            state = load_file(self.a.out / "best.safetensors") if self.processes.rank == 0 else None
            self.processes.set_model_state(model, state)
        state = self.processes.model_state(model)
        if self.processes.rank == 0:
            for name, dtype in (("model-f32", torch.float32), ("model", torch.float16)):
                write_folder(self.model_config, state, self.data.palette, self.a.out / name, dtype, self.data.class_names)
        row = {"step": self.step, "done": self.total, "kept": kept, "test_nats": round(self.judge(model, self.data.test), 6)}
        if self.a.classes:
            row["test_nats_without_class"] = round(self.judge(model, self.data.test, by_class=False), 6)
        say(row | {"pictures": len(self.data.test)})


def peak_memory() -> int:
    """Bytes that this process has held at most: of the device's memory where it has one."""
    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated()
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def repeatable() -> None:
    """Sums in one order on any device: without it, threads add the gradients of an embedding's rows as they come."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # which only finds mistakes


def main(argv: list[str] | None = None) -> None:
    a = options(argv)
    if not a.unrepeatable:
        repeatable()
    processes = Processes()
    run = Run(a, processes)
    if not a.dry_run:
        run.train()
    elif processes.rank == 0:
        run.describe()
    del run
    processes.leave()


if __name__ == "__main__":
    main()
