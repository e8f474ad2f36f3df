"""Training losses."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .dataset import Batch
from .model import AVUFormer, Output
from .vocabulary import EOS, PAD

WEIGHTS: dict[str, float] = {
    "mask": 2.0, "semantic": 0.5, "categories": 8.0, "presence": 0.6, "description": 1.0,
    "consistency": 0.3,
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


def losses(model: AVUFormer, output: Output, batch: Batch) -> dict[str, Tensor]:
    """Each part of the loss that the model's task and switches have, before its weight."""
    binary = F.binary_cross_entropy_with_logits
    parts = {
        "categories": binary(output.categories.float(), batch.categories),
        "presence": binary(output.presence.float(), batch.presence),
    }
    if output.mask is not None and output.semantic is not None:
        weights = torch.ones(output.semantic.shape[1])
        weights[-1] = BACKGROUND_WEIGHT
        parts["mask"] = mask_loss(output.mask.float(), batch.mask)
        parts["semantic"] = F.cross_entropy(output.semantic.float(), batch.kinds, weight=weights)
    if output.memory is not None:
        decoder = model.description_decoder
        states = decoder.hidden(output.memory, batch.tokens[:, :-1], output.categories)
        parts["description"] = F.cross_entropy(
            (states @ decoder.embedding.weight.T).float().flatten(0, 1), batch.tokens[:, 1:].flatten(),
            ignore_index=PAD,
        )
        if output.regions is not None and model.config.rcc:
            said = (batch.tokens[:, 1:] > EOS).float()
            distances = model.region_caption_consistency(output.regions, states, said)
            parts["consistency"] = (distances * batch.presence).sum() / batch.presence.sum().clamp(min=1)
    return parts


def total_loss(parts: dict[str, Tensor]) -> Tensor:
    """The weighted sum."""
    return sum((WEIGHTS[name] * value for name, value in parts.items()), torch.zeros(()))


def freeze(module: nn.Module) -> None:
    """Keeps a module's weights and batch norm statistics as they are."""
    module.eval()
    module.requires_grad_(False)
