"""Shapes, losslessness of the export, and what the frames' independence promises."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from avuformer.audio_features import PATCH_SAMPLES, frame_patches, log_mel
from avuformer.config import ModelConfig
from avuformer.export import export_model, load_exported
from avuformer.model import AVUFormer
from avuformer.vocabulary import VOCABULARY
from export import blend
from parity.goldens import golden_tensors
from parity.random_weights import randomise_statistics


@pytest.fixture(scope="module")
def model() -> AVUFormer:
    torch.manual_seed(3)
    model = AVUFormer(ModelConfig())
    randomise_statistics(model, torch.Generator().manual_seed(3))
    return model.eval()


@torch.no_grad()
def test_outputs_have_the_documented_shapes(model: AVUFormer) -> None:
    output = model(torch.randn(2, 3, 192, 320), torch.randn(2, 3, 96, 64), torch.randn(2, 3))
    assert output.query_masks.shape == (2, 4, 48, 80)
    assert output.mask.shape == (2, 48, 80)
    assert output.categories.shape == (2, model.config.categories)
    assert output.presence.shape == (2,)
    assert output.memory.shape == (2, 71, 160)
    ids = torch.ones(2, 5, dtype=torch.long)
    logits = model.description_decoder(output.memory, ids, output.categories)
    assert logits.shape == (2, 5, len(VOCABULARY.words))


@torch.no_grad()
def test_frames_do_not_influence_each_other(model: AVUFormer) -> None:
    picture, patches, levels = torch.randn(2, 3, 192, 320), torch.randn(2, 3, 96, 64), torch.randn(2, 3)
    both = model(picture, patches, levels).mask
    alone = model(picture[1:], patches[1:], levels[1:]).mask
    assert torch.allclose(both[1:], alone, atol=1e-4)


def test_export_and_load_keep_the_float16_weights(model: AVUFormer, tmp_path: Path) -> None:
    export_model(model, tmp_path)
    loaded = load_exported(tmp_path)
    export_model(loaded, tmp_path / "again")
    first, second = (p / "model.safetensors" for p in (tmp_path, tmp_path / "again"))
    assert first.read_bytes() == second.read_bytes()
    goldens = golden_tensors(loaded)
    assert all(bool(torch.isfinite(v.float()).all()) for v in goldens.values())


def test_a_patch_before_the_start_is_silent() -> None:
    patches, levels = frame_patches(torch.full((16000,), 0.1), 0.0)
    assert patches.shape == (3, 96, 64) and levels.shape == (3,)
    nothing = log_mel(torch.zeros(PATCH_SAMPLES))
    assert torch.allclose(patches[0, :45], nothing[:45])
    assert torch.allclose(frame_patches(torch.zeros(0), 5.0)[1], torch.full((3,), -3.0))


def test_sentences_survive_their_tokens() -> None:
    text = "The person on the left is playing the violin. The fire truck is sounding its siren."
    assert VOCABULARY.decode(VOCABULARY.encode(text)) == text


def test_weights_are_averaged_with_an_exported_model(model: AVUFormer, tmp_path: Path) -> None:
    export_model(model, tmp_path / "start")
    state = {name: torch.ones_like(value) for name, value in model.state_dict().items()}
    said = blend(state, tmp_path / "start", 0.25)
    assert said == {"averaged_share": 0.25, "averaged_with": "start"}
    name = "mask_decoder.lateral4.weight"
    assert torch.allclose(state[name], 0.75 + 0.25 * model.state_dict()[name], atol=1e-3)
    assert torch.equal(state["semantic_head.weight"], torch.ones_like(state["semantic_head.weight"]))  # is not exported


def test_what_to_read_first_has_two_thousand_lines_at_most() -> None:
    training = Path(__file__).parents[1]
    files = [*(training / "avuformer").glob("*.py"), *(training / f"{n}.py" for n in ("train", "evaluate", "export"))]
    assert len(files) > 20 and sum(len(file.read_text().splitlines()) for file in files) <= 2000
