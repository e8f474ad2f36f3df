"""A trained model with more words and more categories than it had."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from avuformer.categories import Category
from avuformer.model import AVUFormer
from avuformer.vocabulary import Vocabulary

RARE = -4.0  # logit of what has not been learnt yet


def widened(model: AVUFormer, kinds: list[Category], vocabulary: Vocabulary) -> AVUFormer:
    """A new model that says what the old one says, with room for `kinds` and `vocabulary`.

    Both must begin with the old ones.
    """
    old = model.config
    if kinds[: old.categories] != old.kinds or vocabulary.words[: len(old.vocabulary.words)] != old.vocabulary.words:
        raise ValueError("new categories and words must come behind the old ones")
    wide = AVUFormer(replace(old, kinds=kinds, vocabulary=vocabulary))
    state = wide.state_dict()
    for name, value in model.state_dict().items():
        if state[name].shape == value.shape:
            state[name] = value
        else:
            state[name] = _grown(name, value, state[name], old.categories, len(kinds))
    wide.load_state_dict(state)
    return wide.train(model.training)


def _grown(name: str, old: Tensor, fresh: Tensor, before: int, after: int) -> Tensor:
    if name == "audio_projection.linear.weight":  # columns: embedding, scores, "something else", level
        return torch.cat([old[:, : 1024 + before], old.new_zeros(len(old), after - before), old[:, 1024 + before :]], 1)
    out = fresh.clone()
    if name.startswith("audio_encoder.classifier."):  # rows: categories, "something else"
        out[before:after] = RARE if name.endswith("bias") else 0
        out[-1] = old[-1]
        out[:before] = old[:before]
        return out
    out[: len(old)] = old
    if name == "category_head.linear2.bias":
        out[len(old) :] = RARE
    return out
