"""What training costs in parameters, arithmetic and memory, computed from the sizes; nothing here is measured.

    python cost.py          # the tables of docs/scaling.md

Parameters: 12·L·d² + 2·L·d + (2V + T + 2)·d for L layers of width d, V colours and T pixels.
Arithmetic of a pixel: 3 · 2 · (12·L·d² + V·d + 2·L·K·d), two operations for each weight and each key that counts, once
forward and twice backward; K = (T + 1) / 2 keys on average, or T without a causal mask (Kaplan et al. 2020, appendix B;
the same as workers/igpt/cost.ts).
Memory: float32 weights, gradients and Adam's two moments are 16 bytes a parameter. Backward keeps for each pixel and
layer 52·d bytes under bf16 autocast, 88·d in float32, counted on the graph of model.py without torch.compile; or
4·d, the block's input, where activations are computed again.
"""


from model import PRESETS, Config

GB = 1e9


def parameters(c: Config) -> int:
    matrices = 12 * c.n_layer * c.n_embd**2
    vectors = 2 * c.n_layer + 2 * c.vocab + c.n_positions + 2 + c.n_class + (9 * c.n_layer if c.biases else 0)
    return matrices + vectors * c.n_embd


def picture_flops(c: Config, causal: bool = True) -> float:
    """Floating-point operations to learn from one picture."""
    keys = (c.n_positions + 1) / 2 if causal else c.n_positions
    weights = 12 * c.n_layer * c.n_embd**2 + c.vocab * c.n_embd
    return c.n_positions * 3 * 2 * (weights + 2 * c.n_layer * keys * c.n_embd)


def state_bytes(c: Config, processes: int = 1, pieces: bool = False, averaged: bool = False) -> float:
    """Weights, gradients, moments and averaged weights on one process."""
    whole = (16 + (4 if averaged else 0)) * parameters(c)
    if not pieces:
        return whole
    # What is put together at a time: embeddings and head, two blocks, and the gradients of one.
    gathered = 4 * (2 * c.vocab + 1 + c.n_positions) * c.n_embd + 3 * 4 * 12 * c.n_embd**2
    return whole / processes + gathered


def activation_bytes(c: Config, pictures: int, bf16: bool = True, recompute: bool = False) -> float:
    """What is kept for backward at its peak, bf16 copies of the matrices included."""
    block = (52 if bf16 else 88) * c.n_embd
    kept = c.n_layer * 4 * c.n_embd + block if recompute else c.n_layer * block
    ends = 14 * c.n_embd + 10 * c.vocab  # embedding, ln_f; log-probabilities and their gradient
    copies = 2 * 12 * c.n_embd**2 * (1 if recompute else c.n_layer) if bf16 else 0
    return pictures * c.n_positions * (kept + ends) + copies


def size(preset: str, side: int) -> Config:
    layers, width, heads = PRESETS[preset]
    return Config(layers, width, heads, side * side)


def main() -> None:
    rows = [("tiny", 16), ("tiny", 32), ("small", 32), ("igpt-s", 32), ("igpt-m", 32), ("igpt-l", 32), ("igpt-l", 48), ("igpt-xl", 64)]
    print("| size | side | parameters | state, GB | a picture's activations, MB | recomputed, MB | TFLOP a picture | an epoch of CIFAR-10 | the paper's 128 million pictures |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for preset, side in rows:
        c = size(preset, side)
        kept, again = (
            (activation_bytes(c, 2, recompute=r) - activation_bytes(c, 1, recompute=r)) / 1e6 for r in (False, True)
        )
        flops = picture_flops(c)
        epoch, million = (flops * n / 100e12 for n in (50_000, 128e6))  # seconds at 100 TFLOP/s
        print(
            f"| {preset} | {side} | {parameters(c):,} | {state_bytes(c) / GB:,.2f} | {kept:,.0f} | {again:,.0f} "
            f"| {flops / 1e12:,.3f} | {duration(epoch)} | {duration(million)} |"
        )
    print("\n| size | side | on one | on 8 | on 64 |\n|---|---:|---:|---:|---:|")
    for preset, side in rows[3:]:
        c = size(preset, side)
        on = [state_bytes(c, n, pieces=n > 1) + activation_bytes(c, 1, recompute=True) for n in (1, 8, 64)]
        print(f"| {preset} | {side} | " + " | ".join(f"{x / GB:,.1f} GB" for x in on) + " |")


def duration(seconds: float) -> str:
    for unit, length in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {unit}" if seconds >= 10 * length else f"{seconds / length:,.1f} {unit}"
    return f"{seconds:,.1f} s"


if __name__ == "__main__":
    main()
