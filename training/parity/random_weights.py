"""Random weights for tests."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from avuformer.config import ModelConfig
from avuformer.export import export_model
from avuformer.model import AVUFormer
from base.configurations import base_config, narrow_base_config

SIZES = {"lite": ModelConfig, "base": base_config, "base-narrow": narrow_base_config}


def write_random(config: ModelConfig, seed: int, folder: Path) -> None:
    """The folder of a model all of whose weights are random."""
    torch.manual_seed(seed)
    model = AVUFormer(config)
    randomise_statistics(model, torch.Generator().manual_seed(seed))
    export_model(model.eval(), folder, {"weights": "random", "seed": seed})


def randomise_statistics(model: nn.Module, generator: torch.Generator) -> None:
    """Makes random weights lively enough for tests: no flat maps, no norm that does nothing."""
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.weight.data.mul_(1.7)
        if isinstance(module, nn.LayerNorm):
            module.weight.data.copy_(torch.rand(module.weight.shape, generator=generator) * 0.7 + 0.7)
            module.bias.data.copy_(torch.rand(module.bias.shape, generator=generator) * 0.4 - 0.2)
        if isinstance(module, nn.BatchNorm2d):
            for tensor, low, high in (
                (module.running_mean, -0.3, 0.3), (module.running_var, 0.5, 1.5),
                (module.weight.data, 0.7, 1.4), (module.bias.data, -0.2, 0.2),
            ):
                tensor.copy_(torch.rand(tensor.shape, generator=generator) * (high - low) + low)
