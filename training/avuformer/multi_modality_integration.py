"""Tokens of both streams, and the layers in which they ask each other."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .layers import Attention, FeedForward


class VisualProjection(nn.Module):
    """The deepest map (and the pooled one above it) as tokens with learned positions."""

    def __init__(self, deep: int, middle: int, tokens: int, width: int) -> None:
        super().__init__()
        self.linear = nn.Linear(deep, width)
        self.norm = nn.LayerNorm(width)
        self.pooled = nn.Linear(middle, width)
        self.position = nn.Parameter(torch.randn(tokens, width) * 0.02)

    def forward(self, f16: Tensor, f32: Tensor) -> Tensor:
        """[B,112,12,20], [B,320,6,10] → [B,60,D], rows first."""
        deep = self.norm(self.linear(f32.flatten(2).transpose(1, 2)))
        return deep + self.position + self.pooled(F.avg_pool2d(f16, 2).flatten(2).transpose(1, 2))


class AudioProjection(nn.Module):
    """Audio features of each patch as a token."""

    def __init__(self, features: int, patches: int, width: int) -> None:
        super().__init__()
        self.linear = nn.Linear(features, width)
        self.norm = nn.LayerNorm(width)
        self.position = nn.Parameter(torch.randn(patches, width) * 0.02)

    def forward(self, features: Tensor) -> Tensor:
        """[B,3,features] → [B,3,D]."""
        return self.norm(self.linear(features)) + self.position


class QueryTokenGenerator(nn.Module):
    """The sound makes the queries: learned tokens plus an MLP of the audio tokens."""

    def __init__(self, queries: int, patches: int, width: int) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.randn(queries, width) * 0.5)
        self.mlp = FeedForward(patches * width, width, queries * width)

    def forward(self, audio: Tensor) -> Tensor:
        """[B,3,D] → [B,Nq,D]."""
        return self.queries + self.mlp(audio.flatten(1)).unflatten(1, self.queries.shape)


class MultiModalityIntegration(nn.Module):
    """Pre-norm: self-attention a stream, cross-attention both ways, feed-forward a stream."""

    def __init__(self, width: int, heads: int, dropout: float = 0.1) -> None:
        super().__init__()
        for stream in ("visual", "audio"):
            for step in ("self", "cross"):
                setattr(self, f"{stream}_{step}_norm", nn.LayerNorm(width))
                setattr(self, f"{stream}_{step}_attention", Attention(width, heads))
            setattr(self, f"{stream}_feed_forward_norm", nn.LayerNorm(width))
            setattr(self, f"{stream}_feed_forward", FeedForward(width, 2 * width, width))
        self.dropout = nn.Dropout(dropout)

    def forward(self, visual: Tensor, audio: Tensor) -> tuple[Tensor, Tensor]:
        """[B,60,D], [B,3+Nq,D] → the same shapes; both ask the other's state before the step."""
        drop = self.dropout
        x, y = self.visual_self_norm(visual), self.audio_self_norm(audio)
        visual = visual + drop(self.visual_self_attention(x, x))
        audio = audio + drop(self.audio_self_attention(y, y))
        x, y = self.visual_cross_norm(visual), self.audio_cross_norm(audio)
        visual = visual + drop(self.visual_cross_attention(x, y))
        audio = audio + drop(self.audio_cross_attention(y, x))
        visual = visual + drop(self.visual_feed_forward(self.visual_feed_forward_norm(visual)))
        audio = audio + drop(self.audio_feed_forward(self.audio_feed_forward_norm(audio)))
        return visual, audio
