"""Causal attention for training on a CPU with AMX: builds cpu_attention.cpp once and makes it an operator of PyTorch.

The operator takes what `c_attn` gives, q, k and v side by side, and its gradient is laid out in the same way, so nothing
is copied between them. Where the CPU or a compiler is missing, `fits` says no and the library's kernel does the work.
"""

import ctypes
import functools
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path

import torch
from torch import Tensor

SOURCE = Path(__file__).with_name("cpu_attention.cpp")
BUILT = Path(__file__).with_name(".build")
NEEDED = ("avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_bf16", "amx_tile", "amx_bf16")


def build(compiler: str) -> Path:
    """The library made of this source with these options, from an earlier run or new."""
    flags = ["-m" + f.replace("512_", "512").replace("_", "-") for f in NEEDED]
    command = [compiler, "-std=gnu++17", "-O3", "-fopenmp", "-shared", "-fPIC", *flags, str(SOURCE)]
    key = hashlib.sha256(" ".join(command).encode() + SOURCE.read_bytes()).hexdigest()[:16]
    library = BUILT / f"cpu_attention-{key}.so"
    if not library.exists():
        BUILT.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILT) as aside:  # several processes may build at once
            subprocess.run([*command, "-o", f"{aside}/new.so"], check=True, capture_output=True, text=True)
            os.replace(f"{aside}/new.so", library)
    return library


@functools.cache
def kernels() -> ctypes.CDLL | None:
    """The compiled functions, or nothing where the system, the CPU or the compiler is not there."""
    cpu = Path("/proc/cpuinfo")
    compiler = shutil.which(os.environ.get("CXX", "c++"))
    if platform.machine() != "x86_64" or not compiler or not cpu.exists() or not set(NEEDED) <= set(cpu.read_text().split()):
        return None
    try:
        lib = ctypes.CDLL(str(build(compiler)))
    except (OSError, subprocess.CalledProcessError) as e:
        warnings.warn(f"cpu_attention.cpp could not be built, so training takes longer: {getattr(e, 'stderr', None) or e}")
        return None
    return None if lib.attention_init() else lib


@torch.compiler.assume_constant_result
def available() -> bool:
    return kernels() is not None


def fits(qkv: Tensor, heads: int) -> bool:
    """Whether `attention` can take this tensor; a head is a multiple of 32 wide and at most 128."""
    t, width = qkv.shape[1], qkv.shape[2] // 3 // heads
    return qkv.device.type == "cpu" and qkv.dtype == torch.bfloat16 and t % 32 == 0 and width % 32 == 0 and width <= 128 and available()


def call(name: str, tensors: list[Tensor], qkv: Tensor, heads: int) -> None:
    batch, t, width = qkv.shape
    pointers = [ctypes.c_void_p(x.data_ptr()) for x in tensors]
    getattr(kernels(), name)(*pointers, batch, t, heads, width // 3 // heads)


@torch.library.custom_op("igpt::cpu_attention", mutates_args=(), device_types="cpu")
def forward(qkv: Tensor, heads: int) -> tuple[Tensor, Tensor]:
    """Attention's output [batch, t, d] and log2 of the sums of exponentials [batch, heads, t]; qkv: [batch, t, 3 d]."""
    batch, t, width = qkv.shape
    qkv, out, lse = qkv.contiguous(), qkv.new_empty(batch, t, width // 3), qkv.new_empty(batch, heads, t, dtype=torch.float32)
    call("attention_forward", [qkv, out, lse], qkv, heads)
    return out, lse


@torch.library.custom_op("igpt::cpu_attention_backward", mutates_args=(), device_types="cpu")
def backward(dout: Tensor, qkv: Tensor, out: Tensor, lse: Tensor, heads: int) -> Tensor:
    dout, qkv = dout.contiguous(), qkv.contiguous()
    dqkv = torch.empty_like(qkv)
    call("attention_backward", [dout, qkv, out, lse, dqkv], qkv, heads)
    return dqkv


@forward.register_fake
def _(qkv: Tensor, heads: int) -> tuple[Tensor, Tensor]:
    batch, t, width = qkv.shape
    return qkv.new_empty(batch, t, width // 3), qkv.new_empty(batch, heads, t, dtype=torch.float32)


@backward.register_fake
def _(dout: Tensor, qkv: Tensor, out: Tensor, lse: Tensor, heads: int) -> Tensor:
    return torch.empty_like(qkv, memory_format=torch.contiguous_format)


def keep(ctx, inputs, output) -> None:
    ctx.save_for_backward(inputs[0], *output)
    ctx.heads = inputs[1]


forward.register_autograd(lambda ctx, dout, _: (backward(dout, *ctx.saved_tensors, ctx.heads), None), setup_context=keep)


def attention(qkv: Tensor, heads: int) -> Tensor:
    """softmax(q kT / sqrt(hd)) v, causal: [batch, t, d] of q, k and v side by side, [batch, t, 3 d], in bf16."""
    return forward(qkv, heads)[0]
