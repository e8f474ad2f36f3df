"""VGGish over log-mel patches: six convolutions, three linear layers, and no classes of its own."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .sizes import VGGishSizes

POOLED_AFTER: tuple[int, ...] = (0, 1, 3, 5)  # convolutions that 2×2 maxima follow
LAST_MAP = 6 * 4  # places of a patch [96,64] after four halvings


class VGGish(nn.Module):
    """`convolutions.<index>` (3×3) and `linears.<index>`, each with ReLU (S. Hershey et al., 2017)."""

    def __init__(self, sizes: VGGishSizes) -> None:
        super().__init__()
        self.width = sizes.embedding
        widths = (1, *sizes.channels)
        self.convolutions = nn.ModuleList(
            nn.Conv2d(widths[i], widths[i + 1], 3, 1, 1) for i in range(len(sizes.channels))
        )
        dense = (LAST_MAP * widths[-1], sizes.hidden, sizes.hidden, sizes.embedding)
        self.linears = nn.ModuleList(nn.Linear(dense[i], dense[i + 1]) for i in range(3))

    def embed(self, patches: Tensor) -> Tensor:
        """Log-mel [B,96,64] → [B,embedding], never negative. The last map is taken place by place."""
        x = patches[:, None]
        for index, convolution in enumerate(self.convolutions):
            x = F.relu(convolution(x))
            x = F.max_pool2d(x, 2) if index in POOLED_AFTER else x
        x = x.permute(0, 2, 3, 1).flatten(1)
        for linear in self.linears:
            x = F.relu(linear(x))
        return x

    def forward(self, patches: Tensor, levels: Tensor) -> Tensor:
        """Log-mel [B,P,96,64] and levels [B,P] → features [B,P,embedding+1]."""
        embedding = self.embed(patches.flatten(0, 1))
        return self.assemble(embedding, levels.flatten()).unflatten(0, patches.shape[:2])

    def assemble(self, embedding: Tensor, levels: Tensor) -> Tensor:
        """[N,embedding], [N] → [N,embedding+1]: the embedding, and the level behind it."""
        return torch.cat([embedding, levels[:, None]], -1)

    def blurred(self, embedding: Tensor, levels: Tensor, shown: Tensor) -> Tensor:
        """The same for training, with parts of the embedding missing, [B,P,embedding], [B,P] →
        [B,P,embedding+1]; of frames whose `shown` [B,1,1] is 0 nothing but the level is left."""
        return torch.cat([F.dropout(embedding, 0.15) * shown, levels[..., None]], -1)
