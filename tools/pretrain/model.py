"""Image GPT in PyTorch: the same model as workers/igpt, parameter names and all.

The block is pre-norm with RMS norm (no mean, no bias), quick GELU and bias-free linear maps; SOS is row
`vocab` of `wte`; the head is untied and starts at zero. Sources: Chen et al. 2020, "Generative Pretraining
from Pixels"; openai/image-gpt; the Hugging Face ImageGPT layout (Conv1D weights, stored [in, out]).

Beside that layout a model may have a vector for each class, `wce`, which a picture begins with instead of SOS.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

import cpu_attention

MASKED = -1  # as an input: no colour, only its place


@dataclass
class Config:
    n_layer: int
    n_embd: int
    n_head: int
    n_positions: int
    vocab: int = 512
    eps: float = 1e-5
    n_class: int = 0
    biases: bool = False  # OpenAI's model has none; files in Hugging Face's layout may


PRESETS = {  # layers, width, heads
    "nano": (2, 64, 2),
    "xs": (4, 128, 4),
    "tiny": (8, 128, 4),
    "small": (12, 256, 8),
    "igpt-s": (24, 512, 8),
    "igpt-m": (36, 1024, 8),
    "igpt-l": (48, 1536, 16),
    "igpt-xl": (60, 3072, 16),  # its heads were not published: 16 is a guess
}


class RMSNorm(nn.Module):
    def __init__(self, width: int, eps: float):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(width)), eps

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + self.eps).to(x.dtype) * self.weight.to(x.dtype)


class Linear(nn.Module):
    """y = x W + b, with W stored [in, out] as in the Hugging Face files."""

    def __init__(self, inputs: int, outputs: int, std: float, bias: bool):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(inputs, outputs).normal_(0, std))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight.t(), self.bias)


def attention(q: Tensor, k: Tensor, v: Tensor, causal: bool) -> Tensor:
    """softmax(q kT / sqrt(hd)) v for [batch, heads, pixels, hd].

    On a CPU the causal case of few pixels goes by blocks of 64 queries, each against the keys it may see: under
    torch.compile 1.3 times the speed of a training step with the library's kernel for tiny at 16x16 (two cores, bf16),
    but half of it at 32x32.
    """
    if q.is_cuda or not causal or q.shape[2] > 256:
        return F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    t, block, rows = q.shape[2], 64, []
    mask = torch.ones(t, t, dtype=torch.bool).triu(1)
    for i in range(0, t, block):
        j = min(i + block, t)
        s = (q[:, :, i:j] @ k[:, :, :j].transpose(-1, -2)).float() * q.shape[-1] ** -0.5
        s = s.masked_fill(mask[i:j, :j], float("-inf")).softmax(-1).to(v.dtype)
        rows.append(s @ v[:, :, :j])
    return torch.cat(rows, 2)


class Attention(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.n_head = c.n_head
        self.c_attn = Linear(c.n_embd, 3 * c.n_embd, c.n_embd**-0.5, c.biases)
        self.c_proj = Linear(c.n_embd, c.n_embd, (c.n_embd * c.n_layer) ** -0.5, c.biases)

    def forward(self, x: Tensor, causal: bool) -> Tensor:
        b, t, d = x.shape
        qkv = self.c_attn(x)
        if causal and cpu_attention.fits(qkv, self.n_head):
            return self.c_proj(cpu_attention.attention(qkv, self.n_head))
        q, k, v = (y.view(b, t, self.n_head, -1).transpose(1, 2) for y in qkv.split(d, dim=2))  # [b, heads, t, hd]
        y = attention(q, k, v, causal)
        return self.c_proj(y.transpose(1, 2).reshape(b, t, d))


class MLP(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.c_fc = Linear(c.n_embd, 4 * c.n_embd, 0.02, c.biases)
        self.c_proj = Linear(4 * c.n_embd, c.n_embd, 0.02, c.biases)

    def forward(self, x: Tensor) -> Tensor:
        x = self.c_fc(x)
        return self.c_proj(x * torch.sigmoid(1.702 * x))


class Block(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.ln_1, self.attn = RMSNorm(c.n_embd, c.eps), Attention(c)
        self.ln_2, self.mlp = RMSNorm(c.n_embd, c.eps), MLP(c)

    def forward(self, h: Tensor, causal: bool) -> Tensor:
        h = h + self.attn(self.ln_1(h), causal)
        return h + self.mlp(self.ln_2(h))


class ImageGPT(nn.Module):
    def __init__(self, c: Config, recompute: bool = False):
        """`recompute`: backward makes a block's activations again instead of keeping them."""
        super().__init__()
        self.config, self.recompute = c, recompute
        self.transformer = nn.ModuleDict(
            {
                "wte": nn.Embedding(c.vocab + 1, c.n_embd),
                "wpe": nn.Embedding(c.n_positions, c.n_embd),
                "h": nn.ModuleList(Block(c) for _ in range(c.n_layer)),
                "ln_f": RMSNorm(c.n_embd, c.eps),
            }
        )
        self.lm_head = nn.Linear(c.n_embd, c.vocab, bias=False)
        nn.init.normal_(self.transformer["wte"].weight, std=0.02)
        nn.init.normal_(self.transformer["wpe"].weight, std=0.01)
        nn.init.zeros_(self.lm_head.weight)
        if c.n_class:
            self.transformer["wce"] = nn.Embedding(c.n_class, c.n_embd)
            nn.init.normal_(self.transformer["wce"].weight, std=0.02)

    def embed(self, inputs: Tensor) -> Tensor:
        """inputs: colours, then SOS, then classes, or MASKED. [batch, pixels] -> [batch, pixels, d]"""
        rows = self.transformer["wte"].weight
        if self.config.n_class:
            rows = torch.cat([rows, self.transformer["wce"].weight])
        h = F.embedding(inputs.clamp(min=0), rows) * (inputs != MASKED)[..., None]
        return h + self.transformer["wpe"].weight[: inputs.shape[1]]

    def read(self, inputs: Tensor, causal: bool = True) -> Tensor:
        """What the model makes of the inputs, after `ln_f`. [batch, pixels] -> [batch, pixels, d]"""
        h = self.embed(inputs)
        for block in self.transformer["h"]:
            h = checkpoint(block, h, causal, use_reentrant=False) if self.recompute else block(h, causal)
        return self.transformer["ln_f"](h)

    def forward(
        self, inputs: Tensor, targets: Tensor | None = None, weights: Tensor | None = None, causal: bool = True
    ) -> Tensor:
        """Logits [batch, pixels, vocab]; with targets, their surprise in nats times weights, summed. All [batch, pixels].

        The sum is computed in here because what DDP and FSDP add to a module goes through its forward.
        """
        logits = self.lm_head(self.read(inputs, causal))
        if targets is None:
            return logits
        return (surprise(logits, targets) * weights).sum()


def surprise(logits: Tensor, targets: Tensor) -> Tensor:
    """Nats. [..., vocab] and [...] -> [...]"""
    return F.cross_entropy(logits.float().flatten(0, -2), targets.flatten(), reduction="none").view(targets.shape)
