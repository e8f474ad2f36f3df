"""A YAMNet-shaped MobileNet-v1 over log-mel patches, with our own sound classes on top."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .layers import SameConv

# output channels, stride of each depthwise-separable layer
LAYERS: list[tuple[int, int]] = [
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1),
    (512, 1), (512, 1), (1024, 2), (1024, 1),
]


class SeparableConv(nn.Module):
    """Depthwise 3×3 + ReLU, pointwise 1×1 + ReLU, both with bias."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.depthwise = SameConv(inputs, inputs, 3, stride, groups=inputs)
        self.pointwise = SameConv(inputs, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[B,Ci,H,W] → [B,Co,⌈H/s⌉,⌈W/s⌉]."""
        return F.relu(self.pointwise(F.relu(self.depthwise(x))))


class AudioEncoder(nn.Module):
    """`stem` (3×3, stride 2, 32), `blocks.0` … `blocks.12`, `classifier` (1024 → C + 1)."""

    width = LAYERS[-1][0]  # of an embedding

    def __init__(self, categories: int) -> None:
        super().__init__()
        self.stem = SameConv(1, 32, 3, 2)
        widths = [32] + [outputs for outputs, _ in LAYERS]
        self.blocks = nn.ModuleList(
            SeparableConv(widths[i], outputs, stride) for i, (outputs, stride) in enumerate(LAYERS)
        )
        self.classifier = nn.Linear(self.width, categories + 1)

    def embed(self, patches: Tensor) -> Tensor:
        """Log-mel [B,96,64] → mean over the last map [B,1024], never negative."""
        x = F.relu(self.stem(patches[:, None]))
        for block in self.blocks:
            x = block(x)
        return x.mean((2, 3))

    def forward(self, patches: Tensor, levels: Tensor) -> Tensor:
        """Log-mel [B,P,96,64] and levels [B,P] → features [B,P,1024+(C+1)+1]."""
        embedding = self.embed(patches.flatten(0, 1))
        return self.assemble(embedding, levels.flatten()).unflatten(0, patches.shape[:2])

    def assemble(self, embedding: Tensor, levels: Tensor) -> Tensor:
        """[N,1024], [N] → [N,features]: 2·log1p(embedding), sound scores, level."""
        scores = torch.sigmoid(self.classifier(embedding))
        return torch.cat([torch.log1p(embedding) * 2, scores, levels[:, None]], -1)

    def blurred(self, embedding: Tensor, levels: Tensor, shown: Tensor) -> Tensor:
        """The same for training, with parts of the embedding missing, [B,P,1024], [B,P] → [B,P,features]; of
        frames whose `shown` [B,1,1] is 0 only the scores are left."""
        scores = torch.sigmoid(self.classifier(embedding))
        blurred = torch.log1p(F.dropout(embedding, 0.15)) * 2 * shown
        return torch.cat([blurred, scores, levels[..., None]], -1)
