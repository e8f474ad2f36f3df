"""The two graphs of a deployment say what the model says."""

from __future__ import annotations

import numpy as np
import torch

from avuformer.audio_features import mel_matrix
from avuformer.config import ModelConfig
from avuformer.export import randomise_statistics
from avuformer.model import AVUFormer
from avuformer.vocabulary import BOS, MAX_TOKENS, VOCABULARY
from parity.deployed import FramePass, NextWord
from peer import greedy
from peer import mel_matrix as peer_mel_matrix


@torch.no_grad()
def test_kept_words_give_the_sentences_of_the_definition() -> None:
    torch.manual_seed(5)
    model = AVUFormer(ModelConfig())
    randomise_statistics(model, torch.Generator().manual_seed(5))
    model.eval()
    picture = torch.randint(0, 256, (3, 192, 320, 3), dtype=torch.uint8)
    patches, levels = torch.randn(3, 3, 96, 64), torch.randn(3, 3)
    _, mask, _, presence, memory = FramePass(model).eval()(picture, patches, levels)
    output = model((picture.permute(0, 3, 1, 2).float() - 127) / 128, patches, levels)
    assert torch.equal(mask, output.mask)
    assert torch.equal(presence, torch.sigmoid(output.presence))
    word = NextWord(model).eval()
    kept, ids = word.no_words(3), torch.tensor([[BOS, 10, 20, 30]] * 3)
    for place in range(4):
        logits, kept = word(ids[:, place], kept, memory)
        expected = model.description_decoder(output.memory, ids[:, : place + 1], output.categories)[:, -1]
        assert torch.allclose(logits, expected, atol=1e-4)
    kept = word.no_words(3)

    def step(last: np.ndarray) -> np.ndarray:
        nonlocal kept
        found, kept = word(torch.from_numpy(last), kept, memory)
        return found.numpy()

    said = greedy(step, 3, VOCABULARY.full_stop, MAX_TOKENS)
    assert said == model.description_decoder.generate(output.memory, output.categories)


def test_the_peers_mel_bins_are_those_of_the_definition() -> None:
    assert np.allclose(peer_mel_matrix(), mel_matrix().numpy(), atol=1e-6)
