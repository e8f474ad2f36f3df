"""Training losses."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .dataset import UNKNOWN_KIND, UNKNOWN_LABEL, Batch
from .model import AVUFormer, Output
from .vocabulary import EOS, PAD

WEIGHTS: dict[str, float] = {
    "mask": 2.0, "semantic": 0.5, "categories": 8.0, "presence": 0.6, "description": 1.0,
    "consistency": 0.3,
}
BACKGROUND_WEIGHT = 0.3


def mask_loss(logits: Tensor, target: Tensor, focal: bool = True) -> Tensor:
    """Focal loss (or plain cross-entropy, of the same height where nothing is known yet) over all pixels
    plus dice over the frames that have a mask: [B,H,W] both."""
    probability = torch.sigmoid(logits)
    entropy = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    right = probability * target + (1 - probability) * (1 - target)
    pixels = ((1 - right) ** 2 * entropy if focal else entropy / 4).mean() * 10
    p, t = probability.flatten(1), target.flatten(1)
    filled = (t.sum(1) > 0).float()
    dice = 1 - (2 * (p * t).sum(1) + 1) / (p.sum(1) + t.sum(1) + 1)
    return pixels + (dice * filled).sum() / filled.sum().clamp(min=1)


def losses(model: AVUFormer, output: Output, batch: Batch, focal: bool = True) -> dict[str, Tensor]:
    """Each part of the loss that the model's task and switches have, before its weight."""
    binary = F.binary_cross_entropy_with_logits
    known = batch.categories != UNKNOWN_LABEL
    parts = {
        "categories": _mean(
            binary(output.categories.float(), batch.categories.clamp(max=1), reduction="none"), known),
        "presence": binary(output.presence.float(), batch.presence),
    }
    if output.mask is not None and output.semantic is not None:
        weights = torch.ones(output.semantic.shape[1], device=output.semantic.device)
        weights[-1] = BACKGROUND_WEIGHT
        parts["mask"] = mask_loss(output.mask.float(), batch.mask, focal)
        parts["semantic"] = _cross_entropy(output.semantic, batch.kinds, UNKNOWN_KIND, weights)
    if output.memory is not None:
        decoder = model.description_decoder
        states = decoder.hidden(output.memory, batch.tokens[:, :-1], output.categories)
        logits = (states @ decoder.embedding.weight.T).transpose(1, 2)
        parts["description"] = _cross_entropy(logits, batch.tokens[:, 1:], PAD)
        if output.regions is not None and model.config.rcc:
            said = (batch.tokens[:, 1:] > EOS).float()
            distances = model.region_caption_consistency(output.regions, states, said)
            parts["consistency"] = (distances * batch.presence).sum() / batch.presence.sum().clamp(min=1)
    return parts


def _mean(values: Tensor, counts: Tensor) -> Tensor:
    """Over those that count; 0 when none does."""
    return (values * counts).sum() / counts.sum().clamp(min=1)


def _cross_entropy(logits: Tensor, target: Tensor, ignored: int, weights: Tensor | None = None) -> Tensor:
    """Mean over the places whose target is known, [B,K,…] and [B,…]; 0 when none is."""
    values = F.cross_entropy(logits.float(), target, weights, ignore_index=ignored, reduction="none")
    counts = (target != ignored).float()
    if weights is not None:
        counts = counts * weights[target.clamp(max=len(weights) - 1)]
    return values.sum() / counts.sum().clamp(min=1e-6)


def total_loss(parts: dict[str, Tensor]) -> Tensor:
    """The weighted sum."""
    return torch.stack([WEIGHTS[name] * value for name, value in parts.items()]).sum()
