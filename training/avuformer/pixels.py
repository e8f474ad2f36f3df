"""From a picture's pixels to what a model's encoders want, and back."""

from __future__ import annotations

import torch
from torch import Tensor

from .config import ModelConfig


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
