"""EfficientNet-Lite0 without its head: a four-level pyramid of a picture; and the pixels that encoders want."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .config import ModelConfig
from .layers import ConvNorm

# kernel, stride, expansion, input channels, output channels, repeats
STAGES: list[tuple[int, int, int, int, int, int]] = [
    (3, 1, 1, 32, 16, 1), (3, 2, 6, 16, 24, 2), (5, 2, 6, 24, 40, 2), (3, 2, 6, 40, 80, 3),
    (5, 1, 6, 80, 112, 3), (5, 2, 6, 112, 192, 4), (3, 1, 6, 192, 320, 1),
]
TAPS: tuple[int, ...] = (1, 2, 4, 6)


class InvertedResidual(nn.Module):
    """Expand 1×1 (left out at expansion 1), depthwise k×k, project 1×1; skip when shapes agree."""

    def __init__(self, kernel: int, stride: int, expansion: int, inputs: int, outputs: int) -> None:
        super().__init__()
        hidden = inputs * expansion
        self.expand = ConvNorm(inputs, hidden, activation="relu6") if expansion > 1 else None
        self.depthwise = ConvNorm(hidden, hidden, kernel, stride, hidden, "relu6")
        self.project = ConvNorm(hidden, outputs, activation="none")
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        """[B,Ci,H,W] → [B,Co,⌈H/s⌉,⌈W/s⌉]."""
        y = self.expand(x) if self.expand is not None else x
        y = self.project(self.depthwise(y))
        return x + y if self.residual else y


class VisualEncoder(nn.Module):
    """`stem`, then `blocks.<stage>.<index>`."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = ConvNorm(3, 32, 3, 2, activation="relu6")
        self.blocks = nn.ModuleList(
            nn.ModuleList(
                InvertedResidual(k, s if i == 0 else 1, e, ci if i == 0 else co, co) for i in range(n)
            )
            for k, s, e, ci, co, n in STAGES
        )

    def forward(self, picture: Tensor) -> list[Tensor]:
        """[B,3,H,W], RGB as (x-127)/128 → f4 [B,24,H/4,W/4], f8 [40], f16 [112], f32 [320]."""
        x = self.stem(picture)
        taps: list[Tensor] = []
        for stage, blocks in enumerate(self.blocks):
            for block in blocks:
                x = block(x)
            if stage in TAPS:
                taps.append(x)
        return taps


def normalised(picture: Tensor, config: ModelConfig) -> Tensor:
    """uint8 [B,H,W,3] RGB → float [B,3,H,W] as the visual encoder wants it."""
    mean, scale = _statistics(picture, config)
    return (picture.permute(0, 3, 1, 2).float() - mean) / scale


def pixel_values(picture: Tensor, config: ModelConfig) -> Tensor:
    """Normalised [B,3,H,W] → the same picture from 0 to 255."""
    mean, scale = _statistics(picture, config)
    return picture * scale + mean


def _statistics(picture: Tensor, config: ModelConfig) -> tuple[Tensor, Tensor]:
    """Mean and scale of each colour, [3,1,1] or [1,1,1]."""
    mean, scale = (
        torch.tensor(values, device=picture.device).view(-1, 1, 1) for values in (config.pixel_mean, config.pixel_scale)
    )
    return mean, scale
