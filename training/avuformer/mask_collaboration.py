"""Masked regions as tokens, so that the sentences see what the masks chose (MCM)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class MaskCollaborationModule(nn.Module):
    """Features under each query's soft mask, or what the region encoder makes of the masked picture,
    with the mask's centre, spread and area."""

    def __init__(self, channels: int, grid: tuple[int, int], width: int) -> None:
        super().__init__()
        self.grid = grid
        self.linear = nn.Linear(channels + 5, width)
        self.norm = nn.LayerNorm(width)
        y, x = torch.meshgrid(*(torch.linspace(-1, 1, size) for size in grid), indexing="ij")
        self.register_buffer("coordinates", torch.stack([x.reshape(-1), y.reshape(-1)]), persistent=False)

    def forward(self, masks: Tensor, pyramid: list[Tensor], pixels: Tensor, encoded: Tensor | None = None) -> Tensor:
        """Logits [B,Nq,H/4,W/4], pyramid, pixel features [B,P,H/4,W/4] and what the region encoder
        gives [B,Nq,C], if there is one → region tokens [B,Nq,D].

        Logits are averaged to the /16 grid before the sigmoid; the deepest map is repeated 2×2.
        """
        soft = torch.sigmoid(F.adaptive_avg_pool2d(masks.detach(), self.grid)).flatten(2)
        weights = soft / (soft.sum(-1, keepdim=True) + 1e-4)
        features = encoded
        if features is None:
            deep = F.interpolate(pyramid[3], size=self.grid, mode="nearest")
            maps = torch.cat([pyramid[2], deep, F.adaptive_avg_pool2d(pixels, self.grid)], 1)
            features = weights @ maps.flatten(2).transpose(1, 2)
        centre = weights @ self.coordinates.T
        squares = weights @ self.coordinates.square().T
        spread = (squares - centre.square()).clamp(min=1e-6).sqrt()
        area = soft.mean(-1, keepdim=True).sqrt()
        return self.norm(self.linear(torch.cat([features, centre, spread, area], -1)))


class RegionCaptionConsistency(nn.Module):
    """How far what the masks chose is from what is said about it (RCC); only training has it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.region = nn.Linear(width, width)
        self.sentence = nn.Linear(width, width)

    def forward(self, regions: Tensor, words: Tensor, said: Tensor) -> Tensor:
        """Regions [B,Nq,D], states of words [B,N,D], which of them count [B,N] → distances [B],
        ‖v - t‖₂ of two vectors of length 1."""
        counts = said.sum(1, keepdim=True).clamp(min=1)
        t = (words * said[..., None]).sum(1) / counts
        v = F.normalize(self.region(regions.mean(1)), dim=-1)
        return (v - F.normalize(self.sentence(t), dim=-1)).square().sum(-1).add(1e-8).sqrt()
