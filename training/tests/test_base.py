"""avuformer-base: the paper's scale, from the same definition as lite."""

from __future__ import annotations

import json

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from avuformer.config import ModelConfig
from avuformer.model import AVUFormer
from base.configurations import base_config, narrow_base_config

PAPER_MILLIONS = 319.62
PAPER_TERAFLOPS = 1.596  # of a clip of ten frames


def test_base_has_the_papers_number_of_parameters() -> None:
    with torch.device("meta"):
        model = AVUFormer(base_config())
    millions = sum(parameter.numel() for parameter in model.parameters()) / 1e6
    assert millions == pytest.approx(PAPER_MILLIONS, rel=0.005)


def test_the_encoders_have_the_published_sizes() -> None:
    with torch.device("meta"):
        model = AVUFormer(base_config())
    # PVT-v2-B5's 81,956,008 without a classifier of 512 → 1000; VGGish; CLIP ViT-B/16's image tower.
    for name, published in (
        ("visual", 81_956_008 - 513_000), ("audio", 72_141_184), ("region", 86_192_640),
    ):
        assert sum(p.numel() for p in getattr(model, f"{name}_encoder").parameters()) == published


@torch.no_grad()
def test_base_does_the_papers_work() -> None:
    config, counter = base_config(), FlopCounterMode(display=False)
    with torch.device("meta"):
        model = AVUFormer(config).eval()
        with counter:
            picture = torch.zeros(1, 3, config.image_height, config.image_width)
            output = model(picture, torch.zeros(1, 3, 96, 64), torch.zeros(1, 3))
            model.description_decoder(output.memory, torch.ones(1, 12, dtype=torch.long), output.categories)
    giga = {name: sum(counts.values()) / 1e9 for name, counts in counter.get_flop_counts().items()}
    # Two operations a multiplication: published are 11.8, 0.86 and 17.6 G multiplications a picture or patch.
    assert giga["AVUFormer.visual_encoder"] == pytest.approx(2 * 11.8, rel=0.02)
    assert giga["AVUFormer.audio_encoder"] == pytest.approx(2 * 0.864 * config.audio_patches, rel=0.01)
    assert giga["AVUFormer.region_encoder"] == pytest.approx(2 * 17.6 * config.query_tokens, rel=0.01)
    assert giga["Global"] * 10 / 1000 == pytest.approx(PAPER_TERAFLOPS, rel=0.1)


def test_a_configuration_survives_its_file() -> None:
    config = narrow_base_config()
    content = json.loads(json.dumps(config.to_json()))
    assert ModelConfig.from_json(content) == config
    assert "encoders" not in ModelConfig().to_json()


def test_a_narrow_base_sees_hears_and_speaks() -> None:
    torch.manual_seed(7)
    config = narrow_base_config()
    model = AVUFormer(config).eval()
    pictures = torch.rand(2, 3, config.image_height, config.image_width)
    patches, levels = torch.rand(2, 3, 96, 64), torch.rand(2, 3)
    with torch.no_grad():
        first = model(pictures, patches, levels)
        quieter = model(pictures, patches - 1, levels)
    assert first.mask is not None and quieter.mask is not None and first.memory is not None
    assert first.mask.shape == (2, config.image_height // 4, config.image_width // 4)
    assert torch.isfinite(first.mask).all() and torch.isfinite(first.memory).all()
    assert not torch.equal(first.mask, quieter.mask)
    sentences = model.description_decoder(first.memory, torch.ones(2, 3, dtype=torch.long), first.categories)
    assert sentences.shape == (2, 3, len(config.vocabulary.words))
