"""PVT-v2 without its head: a four-level pyramid of a picture by attention to a reduced map."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from avuformer.layers import Attention

from .sizes import PyramidSizes

# The original takes 1e-6 for the norms of blocks and stages, and PyTorch's default for the others.
NORM_EPS, EMBEDDING_NORM_EPS = 1e-6, 1e-5


class PatchEmbedding(nn.Module):
    """Overlapping windows as tokens: 7×7 every 4 pixels, or 3×3 every 2."""

    def __init__(self, inputs: int, outputs: int, size: int, stride: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, size, stride, size // 2)
        self.norm = nn.LayerNorm(outputs, eps=EMBEDDING_NORM_EPS)

    def forward(self, x: Tensor) -> Tensor:
        """[B,Ci,H,W] → [B,H/stride,W/stride,Co]."""
        return self.norm(self.convolution(x).permute(0, 2, 3, 1))


class ReducedAttention(Attention):
    """Every place asks the map reduced by `reduction` each way (spatial-reduction attention)."""

    def __init__(self, width: int, heads: int, reduction: int) -> None:
        super().__init__(width, heads)
        if reduction > 1:
            self.reduction = nn.Conv2d(width, width, reduction, reduction)
            self.reduction_norm = nn.LayerNorm(width, eps=EMBEDDING_NORM_EPS)

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        """[B,H,W,D] → [B,H,W,D]."""
        asked = x
        if hasattr(self, "reduction"):
            asked = self.reduction_norm(self.reduction(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1))
        return super().forward(x.flatten(1, 2), asked.flatten(1, 2)).view(x.shape)


class ConvolutionalFeedForward(nn.Module):
    """Linear, depthwise 3×3, GELU, linear."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.linear1 = nn.Linear(width, hidden)
        self.depthwise = nn.Conv2d(hidden, hidden, 3, 1, 1, groups=hidden)
        self.linear2 = nn.Linear(hidden, width)

    def forward(self, x: Tensor) -> Tensor:
        """[B,H,W,D] → [B,H,W,D]."""
        x = self.depthwise(self.linear1(x).permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        return self.linear2(F.gelu(x))


class PyramidBlock(nn.Module):
    """Pre-norm: attention, feed-forward."""

    def __init__(self, width: int, heads: int, expansion: int, reduction: int) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(width, eps=NORM_EPS)
        self.attention = ReducedAttention(width, heads, reduction)
        self.feed_forward_norm = nn.LayerNorm(width, eps=NORM_EPS)
        self.feed_forward = ConvolutionalFeedForward(width, width * expansion)

    def forward(self, x: Tensor) -> Tensor:
        """[B,H,W,D] → [B,H,W,D]."""
        x = x + self.attention(self.attention_norm(x))
        return x + self.feed_forward(self.feed_forward_norm(x))


class PyramidStage(nn.Module):
    """`patch_embedding`, `blocks.<index>`, `norm`."""

    def __init__(self, inputs: int, sizes: PyramidSizes, number: int) -> None:
        super().__init__()
        width = sizes.channels[number]
        size, stride = (7, 4) if number == 0 else (3, 2)
        self.patch_embedding = PatchEmbedding(inputs, width, size, stride)
        self.blocks = nn.ModuleList(
            PyramidBlock(width, sizes.heads[number], sizes.expansions[number], sizes.reductions[number])
            for _ in range(sizes.depths[number])
        )
        self.norm = nn.LayerNorm(width, eps=NORM_EPS)

    def forward(self, x: Tensor) -> Tensor:
        """[B,Ci,H,W] → [B,Co,H/stride,W/stride]."""
        x = self.patch_embedding(x)
        for block in self.blocks:
            x = block(x)
        return self.norm(x).permute(0, 3, 1, 2)


class PyramidVisionTransformer(nn.Module):
    """`stages.<number>`."""

    def __init__(self, sizes: PyramidSizes) -> None:
        super().__init__()
        widths = (3, *sizes.channels)
        self.stages = nn.ModuleList(PyramidStage(widths[n], sizes, n) for n in range(len(sizes.channels)))

    def forward(self, picture: Tensor) -> list[Tensor]:
        """Normalised [B,3,H,W] → maps at a 4th, 8th, 16th and 32nd of the size."""
        pyramid: list[Tensor] = []
        for stage in self.stages:
            pyramid.append(stage(pyramid[-1] if pyramid else picture))
        return pyramid
