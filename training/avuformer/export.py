"""Writing and reading the shipped files: model.safetensors, config.json, vocabulary.txt."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from .config import ModelConfig
from .model import AVUFormer
from .vocabulary import Vocabulary

TRAINING_ONLY: tuple[str, ...] = ("semantic_head.", "region_caption_consistency.")


def shipped_state(model: AVUFormer) -> dict[str, Tensor]:
    """Every tensor that ships, as float16; refuses values that float16 cannot hold."""
    state: dict[str, Tensor] = {}
    for name, value in model.state_dict().items():
        if name.startswith(TRAINING_ONLY) or name.endswith("num_batches_tracked"):
            continue
        half = value.detach().to(torch.float16).contiguous()
        if not bool(torch.isfinite(half).all()):
            raise ValueError(f"{name} has values that float16 cannot hold")
        state[name] = half
    return state


def export_model(model: AVUFormer, folder: Path, provenance: dict[str, object] | None = None) -> None:
    """Writes the three files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / "model.safetensors"
    save_file(shipped_state(model), weights, {"format": f"{model.config.name} 1"})
    weights.chmod(0o644)  # safetensors makes files that only their owner can read
    config = model.config.to_json(provenance)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    (folder / "vocabulary.txt").write_text("\n".join(model.config.vocabulary.words) + "\n")


def load_exported(folder: Path) -> AVUFormer:
    """The model with the shipped (float16) weights cast to float32, ready for inference."""
    config = json.loads((folder / "config.json").read_text())
    words = (folder / "vocabulary.txt").read_text().splitlines()
    model = AVUFormer(ModelConfig.from_json(config, Vocabulary(tuple(words))))
    state = {name: value.float() for name, value in load_file(folder / "model.safetensors").items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    lost = [n for n in missing if not n.startswith(TRAINING_ONLY) and "num_batches" not in n]
    if lost or unexpected:
        raise ValueError(f"weights do not fit the model: missing {lost}, unexpected {unexpected}")
    return model.eval()


def randomise_statistics(model: nn.Module, generator: torch.Generator) -> None:
    """Makes random weights lively enough for tests: no flat maps, no norm that does nothing."""
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.weight.data.mul_(1.7)
        if isinstance(module, nn.LayerNorm):
            module.weight.data.copy_(torch.rand(module.weight.shape, generator=generator) * 0.7 + 0.7)
            module.bias.data.copy_(torch.rand(module.bias.shape, generator=generator) * 0.4 - 0.2)
        if isinstance(module, nn.BatchNorm2d):
            for tensor, low, high in (
                (module.running_mean, -0.3, 0.3), (module.running_var, 0.5, 1.5),
                (module.weight.data, 0.7, 1.4), (module.bias.data, -0.2, 0.2),
            ):
                tensor.copy_(torch.rand(tensor.shape, generator=generator) * (high - low) + low)
