"""Small layers that several blocks share."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

BATCH_NORM_EPS = 1e-3


class SameConv(nn.Conv2d):
    """A convolution with TensorFlow's SAME padding: the odd pixel goes to the bottom and right."""

    def forward(self, x: Tensor) -> Tensor:
        """[B,Ci,H,W] → [B,Co,⌈H/s⌉,⌈W/s⌉]."""
        pads: list[int] = []
        for size in (x.shape[-1], x.shape[-2]):
            total = max((-(-size // self.stride[0]) - 1) * self.stride[0] + self.kernel_size[0] - size, 0)
            pads += [total // 2, total - total // 2]
        x = F.pad(x, pads) if any(pads) else x
        return F.conv2d(x, self.weight, self.bias, self.stride, 0, 1, self.groups)


class ConvNorm(nn.Module):
    """Convolution without bias, batch normalisation, then ReLU, ReLU6 or nothing."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, stride: int = 1,
                 groups: int = 1, activation: str = "relu") -> None:
        super().__init__()
        self.conv = SameConv(inputs, outputs, kernel, stride, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(outputs, eps=BATCH_NORM_EPS)
        self.activation = {"relu": F.relu, "relu6": F.relu6, "none": lambda x: x}[activation]

    def forward(self, x: Tensor) -> Tensor:
        """[B,Ci,H,W] → [B,Co,⌈H/s⌉,⌈W/s⌉]."""
        return self.activation(self.norm(self.conv(x)))


class FeedForward(nn.Module):
    """Linear, GELU (exact), Linear."""

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.linear1 = nn.Linear(inputs, hidden)
        self.linear2 = nn.Linear(hidden, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """[..., inputs] → [..., outputs]."""
        return self.linear2(F.gelu(self.linear1(x)))


class Attention(nn.Module):
    """Multi-head attention; `key_value` gives all keys first, then all values."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(width, 2 * width)
        self.output = nn.Linear(width, width)

    def forward(self, x: Tensor, memory: Tensor, causal: bool = False) -> Tensor:
        """x [B,N,D] asks memory [B,M,D] → [B,N,D]; scale 1/√(D/heads)."""
        batch, count, width = x.shape
        head = width // self.heads
        query = self.query(x).view(batch, count, self.heads, head).transpose(1, 2)
        key, value = (
            part.reshape(batch, -1, self.heads, head).transpose(1, 2)
            for part in self.key_value(memory).chunk(2, -1)
        )
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=causal)
        return self.output(mixed.transpose(1, 2).reshape(batch, count, width))


def upsample2(x: Tensor) -> Tensor:
    """Doubles height and width bilinearly (align_corners=False)."""
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
