"""The two graphs of a deployment say what the model says."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from avuformer.audio_features import mel_matrix
from avuformer.config import ModelConfig
from avuformer.model import AVUFormer
from avuformer.visual_encoder import normalised
from avuformer.vocabulary import BOS, MAX_TOKENS, VOCABULARY
from base.configurations import narrow_base_config
from parity.deployed import FramePass, NextWord
from parity.random_weights import randomise_statistics
from peer import greedy
from peer import mel_matrix as peer_mel_matrix


@torch.no_grad()
@pytest.mark.parametrize("config", [ModelConfig(), narrow_base_config()], ids=["lite", "base"])
def test_kept_words_give_the_sentences_of_the_definition(config: ModelConfig) -> None:
    torch.manual_seed(5)
    model = AVUFormer(config)
    randomise_statistics(model, torch.Generator().manual_seed(5))
    model.eval()
    picture = torch.randint(0, 256, (3, config.image_height, config.image_width, 3), dtype=torch.uint8)
    patches, levels = torch.randn(3, 3, 96, 64), torch.randn(3, 3)
    _, mask, _, presence, *topic = FramePass(model).eval()(picture, patches, levels)
    output = model(normalised(picture, config), patches, levels)
    assert torch.equal(mask, output.mask)
    assert torch.equal(presence, torch.sigmoid(output.presence))
    word = NextWord(model).eval()
    kept, ids = word.no_words(3), torch.tensor([[BOS, 10, 20, 30]] * 3)
    for place in range(4):
        logits, kept = word(ids[:, place], kept, *topic)
        expected = model.description_decoder(output.memory, ids[:, : place + 1], output.categories)[:, -1]
        assert torch.allclose(logits, expected, atol=1e-4)
    kept = word.no_words(3)

    def step(last: np.ndarray) -> np.ndarray:
        nonlocal kept
        found, kept = word(torch.from_numpy(last), kept, *topic)
        return found.numpy()

    said = greedy(step, 3, VOCABULARY.full_stop, MAX_TOKENS)
    assert said == model.description_decoder.generate(output.memory, output.categories)


@torch.no_grad()
def test_the_graph_of_a_base_takes_any_number_of_frames() -> None:
    config = narrow_base_config()
    picture = torch.zeros(3, config.image_height, config.image_width, 3, dtype=torch.uint8)
    inputs = picture, torch.zeros(3, 3, 96, 64), torch.zeros(3, 3)
    batch = torch.export.Dim("batch", min=1, max=4096)
    frames = FramePass(AVUFormer(config).eval()).eval()
    graph = torch.export.export(frames, inputs, dynamic_shapes=({0: batch}, {0: batch}, {0: batch}))
    outputs = next(node for node in graph.graph.nodes if node.op == "output").args[0]
    assert all(isinstance(node.meta["val"].shape[0], torch.SymInt) for node in outputs[:4])


def test_the_peers_mel_bins_are_those_of_the_definition() -> None:
    assert np.allclose(peer_mel_matrix(), mel_matrix().numpy(), atol=1e-6)
