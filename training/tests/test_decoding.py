"""How sentences are chosen; the Swift engine's choice is compared with this one by golden tensors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from avuformer.config import ModelConfig
from avuformer.decoding import BeamSearch, Decoding
from avuformer.model import AVUFormer
from avuformer.vocabulary import EOS, VOCABULARY

STOP = 3


def searched(decoding: Decoding, chances: Callable[[list[int]], dict[int, float]], words: int = 12) -> list[int]:
    """What is chosen when the next word's probabilities depend on the words so far."""
    search = BeamSearch(decoding, STOP)
    for _ in range(words):
        if not search.open():
            break
        rows = [[chances(said[1:]).get(word, 1e-6) for word in range(8)] for said in search.open()]
        search.advance(torch.tensor(rows).log())
    return search.best()


def test_a_beam_finds_the_likelier_sentence() -> None:
    def chances(words: list[int]) -> dict[int, float]:
        known = {(): {4: 0.6, 5: 0.4}, (4,): {6: 0.34, 7: 0.33, 4: 0.33}, (5,): {6: 0.99}}
        return known.get(tuple(words), {EOS: 0.99} if words[-1:] == [STOP] else {STOP: 0.99})

    assert searched(Decoding(), chances) == [4, 6, STOP]
    assert searched(Decoding(beam=2), chances) == [5, 6, STOP]


def test_words_in_a_row_are_not_said_twice_in_a_sentence() -> None:
    def chances(words: list[int]) -> dict[int, float]:
        return {5: 0.7, 6: 0.2, STOP: 0.1} if words and words[-1] == 4 else {4: 0.8, STOP: 0.2}

    assert searched(Decoding(), chances) == [4, 5] * 6
    assert searched(Decoding(no_repeat_ngram=2), chances)[:6] == [4, 5, 4, 6, 4, STOP]


def test_a_sentence_that_was_cut_has_no_full_stop() -> None:
    def text(words: str) -> str:
        return VOCABULARY.decode([VOCABULARY.words.index(word) for word in words.split()])

    assert text("the dog . the cat is") == "The dog. The cat is…"
    assert text("the dog . the dog .") == text("the dog . the dog") == "The dog."
    assert text("") == ""


@pytest.mark.parametrize("decoding", [Decoding(beam=0), Decoding(beam=17), Decoding(max_words=34),
                                      Decoding(no_repeat_ngram=1)])
def test_what_cannot_be_is_refused(decoding: Decoding) -> None:
    with pytest.raises(ValueError, match="can be"):
        decoding.checked(33)


def test_a_model_has_its_own_settings_and_neighbours_change_nothing() -> None:
    torch.manual_seed(3)
    config = ModelConfig(width=16, heads=2, integration_layers=1, description_layers=1,
                         decoding=Decoding(beam=3, max_words=7))
    assert ModelConfig.from_json(config.to_json()).decoding == config.decoding
    decoder = AVUFormer(config).eval().description_decoder
    memory, categories = torch.randn(4, 71, 16), torch.randn(4, len(config.kinds))
    said = decoder.generate(memory, categories)
    assert all(len(ids) <= 7 for ids in said)
    assert said == [decoder.generate(memory[i : i + 1], categories[i : i + 1])[0] for i in range(4)]
