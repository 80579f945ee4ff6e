"""Fréchet Inception distance of drawn pictures from real ones, by torchmetrics (Heusel et al. 2017).

    python fid.py --drawn runs/drawn --real node_modules/.cache/cifar10/test_batch.bin

Pictures are a folder of PNG files, a .npy file of uint8 [n, height, width, 3], or a file of CIFAR-10. The distance
depends on how many there are, so as many of either are taken, the first ones. torch-fidelity fetches the weights of the
Inception network when it is first used.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

from prepare import read

FEATURES = (64, 192, 768, 2048)
"""Where in the network, by the number of channels: the last is what is usually published."""


def pictures(path: Path, count: int) -> np.ndarray:
    """uint8 [count, height, width, 3]"""
    if path.is_dir():
        from PIL import Image

        files = sorted(path.rglob("*.png"))[:count]
        found = [np.asarray(Image.open(file).convert("RGB")) for file in files]
        odd = [file for file, picture in zip(files, found) if picture.shape != found[0].shape]
        if odd:
            raise SystemExit(f"{odd[0]} has another size than {files[0]}.")
        all_of_them = np.stack(found) if found else np.empty((0, 0, 0, 3), np.uint8)
    elif path.suffix == ".npy":
        all_of_them = np.load(path, mmap_mode="r")
    else:
        all_of_them = read(path)[0]
    if all_of_them.dtype != np.uint8 or all_of_them.ndim != 4 or all_of_them.shape[3] != 3:
        raise SystemExit(f"{path} is {all_of_them.dtype} {list(all_of_them.shape)}, not uint8 [n, height, width, 3].")
    if len(all_of_them) < count:
        raise SystemExit(f"{path} has {len(all_of_them)} pictures: --count {count} asks for more.")
    return all_of_them[:count]


def distance(real: np.ndarray, drawn: np.ndarray, feature: int | nn.Module, weights: Path | None = None) -> float:
    """feature: one of FEATURES, or a network of uint8 [n, 3, height, width] -> [n, features]."""
    from torchmetrics.image.fid import FrechetInceptionDistance

    given = {"feature_extractor_weights_path": str(weights)} if weights else {}
    device = "cuda" if torch.cuda.is_available() else "cpu"
    metric = FrechetInceptionDistance(feature=feature, **given).to(device)
    metric.set_dtype(torch.float64)  # the distance is a small difference of large numbers
    for images, is_real in ((real, True), (drawn, False)):
        for i in range(0, len(images), 100):
            part = torch.from_numpy(np.ascontiguousarray(images[i : i + 100].transpose(0, 3, 1, 2)))
            metric.update(part.to(device), real=is_real)
    return metric.compute().item()


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--drawn", type=Path, required=True)
    p.add_argument("--real", type=Path, required=True)
    p.add_argument("--count", type=int, default=5000, help="pictures of either")
    p.add_argument("--weights", type=Path, help="file of the Inception network's weights, where they cannot be fetched")
    a = p.parse_args()
    real, drawn = pictures(a.real, a.count), pictures(a.drawn, a.count)
    if real.shape != drawn.shape:
        sizes = " and ".join(f"{x.shape[2]} x {x.shape[1]}" for x in (real, drawn))
        raise SystemExit(f"Real and drawn pictures differ in size, {sizes} pixels, which would be most of their distance.")
    found = {}
    for feature in FEATURES:
        try:
            found[feature] = round(distance(real, drawn, feature, a.weights), 4)
        except ModuleNotFoundError:
            raise SystemExit("pip install torchmetrics torch-fidelity Pillow: they are not all there.") from None
        except OSError as error:
            raise SystemExit(f"The weights of the Inception network cannot be had: {error}".splitlines()[0]) from None
        print(f"feature {feature}: {found[feature]}", flush=True)
    print(json.dumps({"count": a.count, "fid": found}))


if __name__ == "__main__":
    main()
