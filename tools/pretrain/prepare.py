"""CIFAR-10 .bin files -> palette, tokens and labels, the input of train.py.

    python prepare.py --data data/cifar-10-batches-bin --side 16 --out data/tokens-16

palette.npy: float32 [colours, 3] in [-1, 1]; train.npy and test.npy: int16 [pictures, pixels]; train-labels.npy and
test-labels.npy: uint8 [pictures]; classes.json: the names of the classes. Anything else that is laid out so will do.

The palette is k-means with 512 colours over 2 million pixels of the 32x32 training pictures, in [-1, 1]; the same
palette serves every side. A smaller side is the mean over whole squares, rounded half up, as workers/data does it.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from folder import read_palette

TRAIN = [f"data_batch_{i}.bin" for i in range(1, 6)]
CLASSES = "airplane automobile bird cat deer dog frog horse ship truck".split()
RECORD = 3073  # the label, then 1,024 bytes of each channel


def read(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Pictures, uint8 [n, 32, 32, 3], and labels, uint8 [n], of a CIFAR-10 binary file."""
    try:
        values = np.fromfile(path, np.uint8)
    except OSError:
        raise SystemExit(f"{path} cannot be read: `npm run data` makes the files of CIFAR-10.") from None
    if len(values) == 0 or len(values) % RECORD:
        raise SystemExit(f"{path} has {len(values)} bytes, which are no whole number of CIFAR-10's records of {RECORD}.")
    records = values.reshape(-1, RECORD)
    return records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), records[:, 0]


def reduce(pictures: np.ndarray, side: int) -> np.ndarray:
    n, full, _, _ = pictures.shape
    f = full // side
    total = pictures.reshape(n, side, f, side, f, 3).astype(np.uint32).sum((2, 4))
    return ((2 * total + f * f) // (2 * f * f)).astype(np.uint8)


def kmeans(pixels: np.ndarray, k: int, rng: np.random.Generator, rounds: int = 40) -> np.ndarray:
    from sklearn.cluster import KMeans

    model = KMeans(k, init="k-means++", n_init=1, max_iter=rounds, random_state=int(rng.integers(2**31)))
    return model.fit(pixels).cluster_centers_.astype(np.float32)


def nearest(pixels: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """Index of the nearest colour by squared distance; pixels: float [n, 3] in [-1, 1]."""
    out = np.empty(len(pixels), np.int16)
    half = (palette**2).sum(1) / 2
    for i in range(0, len(pixels), 1 << 16):
        out[i : i + (1 << 16)] = np.argmax(pixels[i : i + (1 << 16)] @ palette.T - half, 1)
    return out


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--side", type=int, default=32)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--palette", type=Path, help="palette.npy, or a model folder, whose colours to use instead of fitting some")
    p.add_argument("--seed", type=int, default=0)
    a = p.parse_args()
    if a.side < 1 or 32 % a.side:
        raise SystemExit(f"--side divides 32, which {a.side} does not.")
    train, train_labels = (np.concatenate(parts) for parts in zip(*(read(a.data / f) for f in TRAIN)))
    test, test_labels = read(a.data / "test_batch.bin")
    a.out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(a.seed)
    if a.palette:
        palette = read_palette(a.palette) if a.palette.is_dir() else np.load(a.palette)
    else:
        flat = train.reshape(-1, 3)
        sample = flat[rng.choice(len(flat), 2_000_000, replace=False)]
        palette = kmeans(sample.astype(np.float32) / 127.5 - 1, 512, rng)
    np.save(a.out / "palette.npy", palette)
    (a.out / "classes.json").write_text(json.dumps(CLASSES) + "\n")
    for name, pictures, labels in (("train", train, train_labels), ("test", test, test_labels)):
        small = reduce(pictures, a.side)
        pixels = small.reshape(-1, 3).astype(np.float32) / 127.5 - 1
        tokens = nearest(pixels, palette)
        back = np.clip(np.round(127.5 * (palette[tokens] + 1)), 0, 255)
        mse = np.mean((back - small.reshape(-1, 3)) ** 2)
        unigram = np.bincount(tokens) / len(tokens)
        entropy = -(unigram[unigram > 0] * np.log(unigram[unigram > 0])).sum()
        np.save(a.out / f"{name}.npy", tokens.reshape(len(pictures), -1))
        np.save(a.out / f"{name}-labels.npy", labels)
        print(f"{name}: {len(pictures)} pictures, PSNR {10 * np.log10(255**2 / mse):.2f} dB, unigram entropy {entropy:.3f} nats")


if __name__ == "__main__":
    main()
