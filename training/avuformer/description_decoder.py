"""A small Transformer decoder: memory tokens → one sentence."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .categories import GROUPS, Category
from .decoding import BeamSearch, Decoding
from .layers import Attention, FeedForward
from .vocabulary import Vocabulary


class HierarchicalPrompts(nn.Module):
    """One token for each level of the category tree: data set, group and class (MoHE).

    What sounds is not known but estimated: a level's token is the mean of its kinds' tokens, weighted
    by the scores of the categories.
    """

    def __init__(self, kinds: list[Category], width: int) -> None:
        super().__init__()
        self.dataset = nn.Parameter(torch.randn(1, width) * 0.02)
        self.groups = nn.Parameter(torch.randn(len(GROUPS), width) * 0.02)
        self.classes = nn.Parameter(torch.randn(len(kinds), width) * 0.02)
        tree = torch.tensor([[float(c.group == group) for group in GROUPS] for c in kinds])
        self.register_buffer("tree", tree, persistent=False)

    def forward(self, categories: Tensor) -> Tensor:
        """Logits of categories [B,C] → prompts [B,3·D]."""
        scores = torch.sigmoid(categories.detach())
        shares = scores / (scores.sum(-1, keepdim=True) + 1e-6)
        dataset = self.dataset.expand(scores.shape[0], -1)
        return torch.cat([dataset, (shares @ self.tree) @ self.groups, shares @ self.classes], -1)


class MixtureOfExperts(nn.Module):
    """Feed-forward layers whose results are mixed; the state and the prompts say how (MoHE)."""

    def __init__(self, width: int, experts: int) -> None:
        super().__init__()
        self.experts = nn.ModuleList(FeedForward(width, 2 * width, width) for _ in range(experts))
        self.gate = nn.Linear(4 * width, experts)

    def forward(self, x: Tensor, prompts: Tensor) -> Tensor:
        """[B,N,D], prompts [B,3·D] → [B,N,D]."""
        asked = torch.cat([x, prompts[:, None].expand(-1, x.shape[1], -1)], -1)
        shares = torch.softmax(self.gate(asked), -1)
        return sum(shares[..., i : i + 1] * expert(x) for i, expert in enumerate(self.experts))


class DescriptionLayer(nn.Module):
    """Pre-norm: causal self-attention, cross-attention to the memory, feed-forward or experts."""

    def __init__(self, width: int, heads: int, experts: int = 0, dropout: float = 0.1) -> None:
        super().__init__()
        self.self_norm = nn.LayerNorm(width)
        self.self_attention = Attention(width, heads)
        self.cross_norm = nn.LayerNorm(width)
        self.cross_attention = Attention(width, heads)
        self.feed_forward_norm = nn.LayerNorm(width)
        self.feed_forward = (
            MixtureOfExperts(width, experts) if experts else FeedForward(width, 2 * width, width)
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, memory: Tensor, prompts: Tensor | None = None) -> Tensor:
        """[B,N,D], memory [B,M,D], prompts [B,3·D] for experts → [B,N,D]."""
        y = self.self_norm(x)
        x = x + self.dropout(self.self_attention(y, y, causal=True))
        x = x + self.dropout(self.cross_attention(self.cross_norm(x), memory))
        y = self.feed_forward_norm(x)
        y = self.feed_forward(y) if prompts is None else self.feed_forward(y, prompts)
        return x + self.dropout(y)


class DescriptionDecoder(nn.Module):
    """Embedding (tied to the output), positions, layers, and the norm of the memory."""

    def __init__(self, vocabulary: Vocabulary, kinds: list[Category], width: int, heads: int, layers: int,
                 max_tokens: int, embedding_scale: float, experts: int = 0,
                 decoding: Decoding | None = None) -> None:
        super().__init__()
        self.full_stop, self.decoding = vocabulary.full_stop, decoding or Decoding()
        self.embedding_scale = embedding_scale
        self.embedding = nn.Embedding(len(vocabulary.words), width)
        nn.init.normal_(self.embedding.weight, std=0.04)
        self.position = nn.Parameter(torch.randn(max_tokens, width) * 0.02)
        self.memory_types = nn.Parameter(torch.randn(3, width) * 0.02)
        self.memory_norm = nn.LayerNorm(width)
        self.layers = nn.ModuleList(DescriptionLayer(width, heads, experts) for _ in range(layers))
        self.prompts = HierarchicalPrompts(kinds, width) if experts else None
        self.norm = nn.LayerNorm(width)

    def memory(self, visual: Tensor, audio: Tensor, regions: Tensor | None) -> Tensor:
        """Visual [B,60,D], audio stream [B,7,D], regions [B,4,D] or none → [B,71 or 67,D]."""
        parts = [visual + self.memory_types[0], audio + self.memory_types[1]]
        if regions is not None:
            parts.append(regions + self.memory_types[2])
        return self.memory_norm(torch.cat(parts, 1))

    def forward(self, memory: Tensor, ids: Tensor, categories: Tensor) -> Tensor:
        """Memory, token ids [B,N] and logits of categories [B,C] → logits of each next token [B,N,V]."""
        return self.hidden(memory, ids, categories) @ self.embedding.weight.T

    def hidden(self, memory: Tensor, ids: Tensor, categories: Tensor) -> Tensor:
        """The same before the output: [B,N,D]."""
        prompts = self.prompts(categories) if self.prompts is not None else None
        x = self.embedding(ids) * self.embedding_scale + self.position[: ids.shape[1]]
        for layer in self.layers:
            x = layer(x, memory, prompts)
        return self.norm(x)

    @torch.no_grad()
    def generate(self, memory: Tensor, categories: Tensor, decoding: Decoding | None = None) -> list[list[int]]:
        """Token ids after <bos> that a beam search chooses, up to and without <eos>.

        Only frames in which something sounds are asked for a sentence.
        """
        places = len(self.position) - 1
        decoding = (decoding or self.decoding).checked(places)
        searches = [BeamSearch(decoding, self.full_stop) for _ in memory]
        for _ in range(decoding.max_words or places):
            said = [search.open() for search in searches]
            frames = [index for index, sentences in enumerate(said) for _ in sentences]
            if not frames:
                break
            ids = torch.tensor([ids for sentences in said for ids in sentences], device=memory.device)
            rows = iter(self(memory[frames], ids, categories[frames])[:, -1].cpu().split([len(s) for s in said]))
            for search in searches:
                search.advance(next(rows))
        return [search.best() for search in searches]
