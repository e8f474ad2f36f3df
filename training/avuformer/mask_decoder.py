"""Pixel decoder over the pyramid, and masks as products with the query tokens."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .layers import ConvNorm, FeedForward, upsample2


class SeparableSmooth(nn.Module):
    """Depthwise 3×3 and pointwise 1×1, each with batch normalisation and ReLU."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.depthwise = ConvNorm(inputs, inputs, 3, groups=inputs)
        self.pointwise = ConvNorm(inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """[B,Ci,H,W] → [B,Co,H,W]."""
        return self.pointwise(self.depthwise(x))


class MaskDecoder(nn.Module):
    """Levels are named by their stride: `lateral32` … `lateral4`, `smooth16` … `smooth4`."""

    def __init__(self, channels: list[int], width: int, deep_pixel_width: int, pixel_width: int) -> None:
        super().__init__()
        c4, c8, c16, c32 = channels
        self.lateral32 = nn.Conv2d(c32 + width, deep_pixel_width, 1)
        self.lateral16 = nn.Conv2d(c16, deep_pixel_width, 1)
        self.lateral8 = nn.Conv2d(c8, pixel_width, 1)
        self.lateral4 = nn.Conv2d(c4, pixel_width, 1)
        self.smooth16 = SeparableSmooth(deep_pixel_width, pixel_width)
        self.smooth8 = SeparableSmooth(pixel_width, pixel_width)
        self.smooth4 = SeparableSmooth(pixel_width, pixel_width)
        self.pixel_projection = nn.Conv2d(pixel_width, pixel_width, 1)
        self.mask_embedding = FeedForward(width, width, pixel_width)
        self.mask_bias = nn.Linear(width, 1)

    def pixels(self, pyramid: list[Tensor], visual: Tensor) -> tuple[Tensor, Tensor]:
        """Pyramid and fused visual tokens [B,60,D] → map at /8 and pixel features at /4."""
        f4, f8, f16, f32 = pyramid
        fused = visual.transpose(1, 2).unflatten(2, f32.shape[-2:])
        x = upsample2(self.lateral32(torch.cat([f32, fused], 1))) + self.lateral16(f16)
        x = upsample2(self.smooth16(x)) + self.lateral8(f8)
        middle = self.smooth8(x)
        x = upsample2(middle) + self.lateral4(f4)
        return middle, self.pixel_projection(self.smooth4(x))

    def masks(self, pixels: Tensor, queries: Tensor) -> Tensor:
        """[B,P,48,80], [B,Nq,D] → logits of each query [B,Nq,48,80]."""
        embedding = self.mask_embedding(queries)
        product = torch.einsum("bqc,bchw->bqhw", embedding, pixels) / pixels.shape[1] ** 0.5
        return product + self.mask_bias(queries)[..., None]


def union_logits(queries: Tensor) -> Tensor:
    """Soft maximum over queries: [B,Nq,H,W] → [B,H,W], logsumexp(2·x)/2."""
    return torch.logsumexp(queries * 2, 1) / 2
