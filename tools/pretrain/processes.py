"""The processes that share a run: one, or as many as torchrun starts, on CUDA devices where there are any.

Each learns from its part of every batch. `share` says how the weights lie: a copy on each process (DDP), or cut into
pieces that are put together block by block while they are used (FSDP2), so that a model need not fit on one device.
Either way the state that is saved is whole, and goes on on any number of processes.
"""

import os
import sys
from contextlib import nullcontext
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.checkpoint.state_dict import (
    StateDictOptions,
    get_model_state_dict,
    get_optimizer_state_dict,
    set_model_state_dict,
    set_optimizer_state_dict,
)
from torch.distributed.fsdp import FSDPModule, fully_shard
from torch.nn.parallel import DistributedDataParallel

from model import Config, ImageGPT

WHOLE = StateDictOptions(full_state_dict=True, cpu_offload=True)


class Processes:
    def __init__(self):
        self.joined = "RANK" in os.environ  # torchrun says who this is
        self.rank = int(os.environ.get("RANK", 0))
        self.count = int(os.environ.get("WORLD_SIZE", 1))
        self.device = torch.device("cpu")
        if torch.cuda.is_available():
            self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)))
            torch.cuda.set_device(self.device)
        if self.joined:
            dist.init_process_group("nccl" if self.device.type == "cuda" else "gloo")

    def leave(self) -> None:
        """The last thing that a process does."""
        if not self.joined:
            return
        dist.destroy_process_group()
        if self.device.type == "cpu":
            # Behind FSDP, threads of gloo are left over, which now and then abort an interpreter that ends by itself.
            sys.stdout.flush()
            os._exit(0)

    def part(self, batch: int) -> slice:
        """This process's pictures of a batch."""
        each = batch // self.count
        return slice(self.rank * each, (self.rank + 1) * each)

    def put(self, values: np.ndarray) -> Tensor:
        """On this process's device, without waiting until that has done what came before."""
        x = torch.from_numpy(values)
        return x.pin_memory().to(self.device, non_blocking=True) if self.device.type == "cuda" else x

    def sum(self, x: Tensor) -> Tensor:
        """The same on every process: what theirs add up to."""
        x = x.clone()
        if self.joined:
            dist.all_reduce(x)
        return x

    def agreed(self, value: Any) -> Any:
        """The first process's value, on every process."""
        values = [value]
        if self.joined:
            dist.broadcast_object_list(values)
        return values[0]

    def build(self, config: Config, recompute: bool, pieces: bool) -> ImageGPT:
        """A model with the weights that the seed gives, whole or in pieces, whose weights are then still to be set."""
        if not pieces:
            return ImageGPT(config, recompute).to(self.device)
        with torch.device("meta"):
            model = ImageGPT(config, recompute)
        for block in model.transformer["h"]:
            fully_shard(block)
        # The outermost is otherwise left whole after forward, for a backward that judging never comes to.
        return fully_shard(model, reshard_after_forward=True).to_empty(device=self.device)

    def share(self, model: ImageGPT, compile: bool) -> nn.Module:
        """The module to call in training."""
        if self.joined and not isinstance(model, FSDPModule):
            module: nn.Module = DistributedDataParallel(model)
            return torch.compile(module) if compile else module
        if compile and isinstance(model, FSDPModule):
            for block in model.transformer["h"]:
                block.compile()
            return model
        return torch.compile(model) if compile else model

    def unsynchronised(self, module: nn.Module):
        """In here, gradients are added up on each process apart: for all parts of a batch but the last."""
        inner = getattr(module, "_orig_mod", module)
        if isinstance(inner, DistributedDataParallel):
            return inner.no_sync()
        return nullcontext()

    def model_state(self, model: ImageGPT) -> dict[str, Tensor]:
        """Whole and on the processor; nothing on all processes but the first."""
        return get_model_state_dict(model, options=WHOLE)

    def set_model_state(self, model: ImageGPT, state: dict[str, Tensor] | None) -> None:
        """`state` as the first process has it."""
        set_model_state_dict(model, dict(state or {}), options=self._given())  # which changes what it is given

    def optimizer_state(self, model: ImageGPT, optimizers: list[torch.optim.Optimizer]) -> dict:
        return get_optimizer_state_dict(model, optimizers, options=WHOLE)

    def set_optimizer_state(self, model: ImageGPT, optimizers: list[torch.optim.Optimizer], state: dict | None) -> None:
        set_optimizer_state_dict(model, optimizers, state or {}, options=self._given())

    def _given(self) -> StateDictOptions:
        return StateDictOptions(full_state_dict=True, broadcast_from_rank0=self.joined)
