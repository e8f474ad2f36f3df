"""A small Transformer decoder: memory tokens → one sentence."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .layers import Attention, FeedForward
from .vocabulary import BOS, EOS, FULL_STOP, PAD


class DescriptionLayer(nn.Module):
    """Pre-norm: causal self-attention, cross-attention to the memory, feed-forward."""

    def __init__(self, width: int, heads: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.self_norm = nn.LayerNorm(width)
        self.self_attention = Attention(width, heads)
        self.cross_norm = nn.LayerNorm(width)
        self.cross_attention = Attention(width, heads)
        self.feed_forward_norm = nn.LayerNorm(width)
        self.feed_forward = FeedForward(width, 2 * width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, memory: Tensor) -> Tensor:
        """[B,N,D], memory [B,M,D] → [B,N,D]."""
        y = self.self_norm(x)
        x = x + self.dropout(self.self_attention(y, y, causal=True))
        x = x + self.dropout(self.cross_attention(self.cross_norm(x), memory))
        return x + self.dropout(self.feed_forward(self.feed_forward_norm(x)))


class DescriptionDecoder(nn.Module):
    """Embedding (tied to the output), positions, layers, and the norm of the memory."""

    def __init__(self, vocabulary: int, width: int, heads: int, layers: int, max_tokens: int,
                 embedding_scale: float) -> None:
        super().__init__()
        self.embedding_scale = embedding_scale
        self.embedding = nn.Embedding(vocabulary, width)
        nn.init.normal_(self.embedding.weight, std=0.04)
        self.position = nn.Parameter(torch.randn(max_tokens, width) * 0.02)
        self.memory_types = nn.Parameter(torch.randn(3, width) * 0.02)
        self.memory_norm = nn.LayerNorm(width)
        self.layers = nn.ModuleList(DescriptionLayer(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def memory(self, visual: Tensor, audio: Tensor, regions: Tensor | None) -> Tensor:
        """Visual [B,60,D], audio stream [B,7,D], regions [B,4,D] or none → [B,71 or 67,D]."""
        parts = [visual + self.memory_types[0], audio + self.memory_types[1]]
        if regions is not None:
            parts.append(regions + self.memory_types[2])
        return self.memory_norm(torch.cat(parts, 1))

    def forward(self, memory: Tensor, ids: Tensor) -> Tensor:
        """Memory and token ids [B,N] → logits of each next token [B,N,V]."""
        x = self.embedding(ids) * self.embedding_scale + self.position[: ids.shape[1]]
        for layer in self.layers:
            x = layer(x, memory)
        return self.norm(x) @ self.embedding.weight.T

    @torch.no_grad()
    def generate(self, memory: Tensor) -> list[list[int]]:
        """Greedy token ids after <bos>, up to and without <eos>, at most max_tokens - 1.

        Sentences are whole: <eos> (like <pad> and <bos>) is possible only after a full stop, so
        never first. Only frames in which something sounds are asked for a sentence.
        """
        ids = torch.full((len(memory), 1), BOS)
        done = torch.zeros(len(memory), dtype=torch.bool)
        for _ in range(len(self.position) - 1):
            logits = self(memory, ids)[:, -1]
            logits[ids[:, -1] != FULL_STOP, : EOS + 1] = -torch.inf
            token = logits.argmax(-1)
            token[done] = PAD
            ids = torch.cat([ids, token[:, None]], 1)
            done |= token == EOS
            if bool(done.all()):
                break
        return [[int(t) for t in row[1:] if t not in (EOS, PAD)] for row in ids]
