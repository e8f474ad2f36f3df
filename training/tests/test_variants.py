"""Every task and switch: what it gives, that it learns, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from avuformer.config import TASKS, ModelConfig
from avuformer.dataset import Batch
from avuformer.export import export_model, load_exported
from avuformer.losses import losses, total_loss
from avuformer.model import AVUFormer, full_masks, sentences
from avuformer.vocabulary import VOCABULARY
from variants import SMALL, VARIANTS


def small(name: str) -> AVUFormer:
    torch.manual_seed(2)
    return AVUFormer(ModelConfig(**(SMALL | VARIANTS[name])))  # type: ignore[arg-type]


def tiny_batch() -> Batch:
    generator = torch.Generator().manual_seed(4)
    sizes = ((24, 48, 80), (40, 24, 40), (112, 12, 20), (320, 6, 10))
    mask = torch.zeros(4, 48, 80)
    mask[:2, 10:30, 20:50] = 1
    categories = torch.zeros(4, 35)
    categories[0, 12] = categories[1, 16] = 1
    said = ["The person on the left is playing the violin.", "The dog is barking.", "", ""]
    return Batch(
        [torch.randn(4, *size, generator=generator) for size in sizes],
        torch.rand(4, 3, 1024, generator=generator), torch.zeros(4, 3), mask,
        torch.zeros(4, 24, 40, dtype=torch.long), categories, torch.tensor([1.0, 1, 0, 0]),
        torch.tensor([VOCABULARY.encode(text) for text in said]),
    )


@pytest.mark.parametrize("name", VARIANTS)
def test_a_few_steps_make_every_loss_smaller(name: str) -> None:
    model, batch = small(name).train(), tiny_batch()
    model.visual_encoder.requires_grad_(False)
    model.audio_encoder.requires_grad_(False)
    weights = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(weights, 3e-3)
    history: list[dict[str, float]] = []
    for _ in range(30):
        features = model.audio_encoder.assemble(batch.embedding.flatten(0, 1), batch.levels.flatten())
        parts = losses(model, model.fuse(batch.pyramid, features.unflatten(0, (4, 3))), batch)
        optimiser.zero_grad()
        total_loss(parts).backward()
        optimiser.step()
        history.append({part: value.item() for part, value in parts.items()})
    has = TASKS[model.config.task]
    assert ("mask" in parts) == has["mask"] and ("description" in parts) == has["description"]
    assert ("consistency" in parts) == model.config.rcc
    for part, first in history[0].items():
        assert sum(h[part] for h in history[-5:]) / 5 < first, part
    unused = [n for n, p in model.named_parameters() if p.requires_grad and p.grad is None]
    assert not unused


@pytest.mark.parametrize("name", VARIANTS)
def test_a_configuration_survives_its_file(name: str, tmp_path: Path) -> None:
    model = small(name).eval()
    export_model(model, tmp_path)
    loaded = load_exported(tmp_path)
    assert loaded.config == model.config
    assert json.loads((tmp_path / "config.json").read_text())["task"] == model.config.task


@torch.no_grad()
@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_can_be_scored(name: str) -> None:
    model = small(name).eval()
    output = model(torch.randn(2, 3, 192, 320), torch.randn(2, 3, 96, 64), torch.randn(2, 3))
    has = TASKS[model.config.task]
    assert full_masks(output, 96, 160).shape == (2, 96, 160)
    assert full_masks(output, 96, 160).any() or not has["mask"]
    said = sentences(model, output)
    assert all(said) if has["description"] else said == ["", ""]


@pytest.mark.parametrize(("settings", "reason"), [
    ({"task": "sus"}, "no task 'sus'"),
    ({"task": "ssu-s", "mcm": True}, "has not both"),
    ({"task": "avc", "mcm": True}, "has not both"),
    ({"mcm": False, "rcc": True}, "mcm is off"),
    ({"task": "sss", "mcm": False, "mohe": True}, "has none"),
])
def test_an_impossible_configuration_is_refused(settings: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        ModelConfig(**settings)  # type: ignore[arg-type]
