"""Training losses."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .dataset import Batch
from .model import Output
from .vocabulary import PAD

WEIGHTS: dict[str, float] = {
    "mask": 2.0, "semantic": 0.5, "categories": 8.0, "presence": 0.6, "description": 1.0,
}
BACKGROUND_WEIGHT = 0.3


def mask_loss(logits: Tensor, target: Tensor) -> Tensor:
    """Focal loss over all pixels plus dice over the frames that have a mask: [B,H,W] both."""
    probability = torch.sigmoid(logits)
    entropy = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    right = probability * target + (1 - probability) * (1 - target)
    focal = ((1 - right) ** 2 * entropy).mean() * 10
    p, t = probability.flatten(1), target.flatten(1)
    filled = (t.sum(1) > 0).float()
    dice = 1 - (2 * (p * t).sum(1) + 1) / (p.sum(1) + t.sum(1) + 1)
    return focal + (dice * filled).sum() / filled.sum().clamp(min=1)


def losses(output: Output, token_logits: Tensor, batch: Batch) -> dict[str, Tensor]:
    """Each part of the loss, before its weight."""
    kinds = output.semantic.shape[1]
    weights = torch.ones(kinds)
    weights[-1] = BACKGROUND_WEIGHT
    binary = F.binary_cross_entropy_with_logits
    return {
        "mask": mask_loss(output.mask.float(), batch.mask),
        "semantic": F.cross_entropy(output.semantic.float(), batch.kinds, weight=weights),
        "categories": binary(output.categories.float(), batch.categories),
        "presence": binary(output.presence.float(), batch.presence),
        "description": F.cross_entropy(
            token_logits.float().flatten(0, 1), batch.tokens[:, 1:].flatten(), ignore_index=PAD
        ),
    }


def total_loss(parts: dict[str, Tensor]) -> Tensor:
    """The weighted sum."""
    return sum((WEIGHTS[name] * value for name, value in parts.items()), torch.zeros(()))


def freeze(module: nn.Module) -> None:
    """Keeps a module's weights and batch norm statistics as they are."""
    module.eval()
    module.requires_grad_(False)
