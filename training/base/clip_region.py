"""A CLIP image tower that looks at masked pictures: what each mask chose, as one vector."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from avuformer.layers import Attention, upsample2

from .sizes import CLIPSizes

# Of red, green and blue from 0 to 1 (A. Radford et al., 2021, as published with the weights).
PIXEL_MEAN: tuple[float, ...] = (0.48145466, 0.4578275, 0.40821073)
PIXEL_DEVIATION: tuple[float, ...] = (0.26862954, 0.26130258, 0.27577711)


class QuickFeedForward(nn.Module):
    """Linear, x · sigmoid(1.702 · x), linear."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.linear1 = nn.Linear(width, 4 * width)
        self.linear2 = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        """[..., D] → [..., D]."""
        x = self.linear1(x)
        return self.linear2(x * torch.sigmoid(1.702 * x))


class CLIPLayer(nn.Module):
    """Pre-norm: attention, feed-forward."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.feed_forward_norm = nn.LayerNorm(width)
        self.feed_forward = QuickFeedForward(width)

    def forward(self, x: Tensor) -> Tensor:
        """[B,N,D] → [B,N,D]."""
        y = self.attention_norm(x)
        x = x + self.attention(y, y)
        return x + self.feed_forward(self.feed_forward_norm(x))


class RegionEncoder(nn.Module):
    """`patch_embedding`, `class_token`, `position`, `input_norm`, `layers.<index>`, `output_norm`,
    `projection`."""

    def __init__(self, sizes: CLIPSizes, height: int, width: int) -> None:
        super().__init__()
        places = (height // sizes.patch) * (width // sizes.patch)
        self.patch_embedding = nn.Conv2d(3, sizes.width, sizes.patch, sizes.patch, bias=False)
        self.class_token = nn.Parameter(torch.randn(sizes.width) * 0.02)
        self.position = nn.Parameter(torch.randn(places + 1, sizes.width) * 0.02)
        self.input_norm = nn.LayerNorm(sizes.width)
        self.layers = nn.ModuleList(CLIPLayer(sizes.width, sizes.heads) for _ in range(sizes.layers))
        self.output_norm = nn.LayerNorm(sizes.width)
        self.projection = nn.Linear(sizes.width, sizes.output, bias=False)

    def forward(self, pixels: Tensor, masks: Tensor) -> Tensor:
        """Pixels [B,3,H,W] from 0 to 255 and logits of masks [B,Nq,H/4,W/4] → [B,Nq,output].

        What a mask does not choose is black; its edges are as soft as the mask's.
        """
        soft = upsample2(upsample2(torch.sigmoid(masks.detach())))
        masked = (pixels / 255)[:, None] * soft[:, :, None]
        return self.embed(masked.flatten(0, 1)).unflatten(0, masks.shape[:2])

    def embed(self, pictures: Tensor) -> Tensor:
        """Pictures [N,3,H,W] from 0 to 1 → [N,output]."""
        mean, deviation = (pictures.new_tensor(v)[:, None, None] for v in (PIXEL_MEAN, PIXEL_DEVIATION))
        x = self.patch_embedding((pictures - mean) / deviation).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_token.expand(x.shape[0], 1, -1), x], 1) + self.position
        x = self.input_norm(x)
        for layer in self.layers:
            x = layer(x)
        return self.projection(self.output_norm(x[:, 0]))
