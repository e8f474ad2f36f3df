"""The model cut into the two graphs that a deployment runs: one pass over frames, and one more word."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from avuformer.layers import Attention
from avuformer.model import AVUFormer
from avuformer.visual_encoder import normalised


class FramePass(nn.Module):
    """Frames → everything but sentences, and the keys and values that sentences are made from."""

    def __init__(self, model: AVUFormer) -> None:
        super().__init__()
        if model.config.task != "ssu":
            raise ValueError("only models of task ssu are cut into graphs")
        self.model = model

    def forward(self, picture: Tensor, patches: Tensor, levels: Tensor) -> tuple[Tensor, ...]:
        """uint8 [B,192,320,3], [B,3,96,64], [B,3] → query masks, union, categories, presence,
        memory [layers,2,B,heads,tokens,D/heads] and, for experts, prompts [B,3·D]."""
        output = self.model(normalised(picture, self.model.config), patches, levels)
        memory = torch.stack([
            keys_values(layer.cross_attention, output.memory)
            for layer in self.model.description_decoder.layers
        ])
        prompts = self.model.description_decoder.prompts
        return (
            output.query_masks, output.mask, torch.sigmoid(output.categories),
            torch.sigmoid(output.presence), memory, *([] if prompts is None else [prompts(output.categories)]),
        )


class NextWord(nn.Module):
    """One step of the sentences: keys and values of earlier words are kept, not computed again."""

    def __init__(self, model: AVUFormer) -> None:
        super().__init__()
        self.decoder = model.description_decoder

    def forward(self, ids: Tensor, words: Tensor, memory: Tensor,
                prompts: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Last words [B], words [layers,2,B,heads,n,D/heads] so far, memory and prompts as above → logits
        [B,V] and words with n + 1."""
        decoder, kept = self.decoder, []
        x = decoder.embedding(ids)[:, None] * decoder.embedding_scale
        x = x + decoder.position[words.shape[4]]
        for index, layer in enumerate(decoder.layers):
            y = layer.self_norm(x)
            kept.append(torch.cat([words[index], keys_values(layer.self_attention, y)], 3))
            x = x + _ask(layer.self_attention, y, kept[index])
            x = x + _ask(layer.cross_attention, layer.cross_norm(x), memory[index])
            x = x + layer.feed_forward(layer.feed_forward_norm(x), *([] if prompts is None else [prompts]))
        return (decoder.norm(x) @ decoder.embedding.weight.T)[:, 0], torch.stack(kept)

    def no_words(self, sentences: int) -> Tensor:
        """What is kept before the first word."""
        attention: Attention = self.decoder.layers[0].self_attention
        head = self.decoder.position.shape[1] // attention.heads
        return torch.zeros(len(self.decoder.layers), 2, sentences, attention.heads, 0, head)


def keys_values(attention: Attention, memory: Tensor) -> Tensor:
    """[B,M,D] → [2,B,heads,M,D/heads]."""
    batch, count, width = memory.shape
    pair = attention.key_value(memory).reshape(batch, count, 2, attention.heads, width // attention.heads)
    return pair.permute(2, 0, 3, 1, 4)


def _ask(attention: Attention, x: Tensor, known: Tensor) -> Tensor:
    """x [B,1,D] asks known [2,B,heads,M,D/heads] → [B,1,D]."""
    batch, count, width = x.shape
    query = attention.query(x).reshape(batch, count, attention.heads, -1).transpose(1, 2)
    mixed = nn.functional.scaled_dot_product_attention(query, known[0], known[1])
    return attention.output(mixed.transpose(1, 2).reshape(batch, count, width))


@torch.no_grad()
def export_graphs(model: AVUFormer, folder: Path) -> None:
    """Writes `frames.onnx` and `word.onnx`; any number of frames and of words so far."""
    folder.mkdir(parents=True, exist_ok=True)
    frames, word = FramePass(model.eval()).eval(), NextWord(model).eval()
    inputs = (
        torch.zeros(3, model.config.image_height, model.config.image_width, 3, dtype=torch.uint8),
        torch.zeros(3, 3, 96, 64), torch.zeros(3, 3),
    )
    batch = torch.export.Dim("batch", min=1, max=4096)
    prompts = ["prompts"] if model.config.mohe else []
    torch.onnx.export(
        frames, inputs, folder / "frames.onnx", dynamo=True, external_data=False, verbose=False,
        input_names=["picture", "patches", "levels"],
        output_names=["query_masks", "mask", "categories", "presence", "memory", *prompts],
        dynamic_shapes=({0: batch}, {0: batch}, {0: batch}),
    )
    topic, known = frames(*inputs)[4:], word.no_words(3)
    known = torch.zeros(*known.shape[:4], 2, known.shape[5])
    words = torch.export.Dim("words", min=0, max=model.config.max_tokens - 1)
    torch.onnx.export(
        word, (torch.ones(3, dtype=torch.long), known, *topic), folder / "word.onnx", dynamo=True,
        external_data=False, verbose=False, input_names=["ids", "words", "memory", *prompts],
        output_names=["logits", "kept"],
        dynamic_shapes=({0: batch}, {2: batch, 4: words}, {2: batch}, *({0: batch} for _ in prompts)),
    )
