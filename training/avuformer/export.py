"""Writing and reading the shipped files: model.safetensors, config.json, vocabulary.txt."""

from __future__ import annotations

import json
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from .command_line import BadInput
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
    if not (folder / "config.json").exists():
        raise BadInput(f"{folder} is not an exported model: it has no config.json")
    try:
        config = json.loads((folder / "config.json").read_text())
        words = (folder / "vocabulary.txt").read_text().splitlines()
        model = AVUFormer(ModelConfig.from_json(config, Vocabulary(tuple(words))))
        state = {name: value.float() for name, value in load_file(folder / "model.safetensors").items()}
        missing, unexpected = model.load_state_dict(state, strict=False)
    except (ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise BadInput(f"{folder} cannot be read as an exported model: {' '.join(str(error).split())}") from error
    lost = [n for n in missing if not n.startswith(TRAINING_ONLY) and "num_batches" not in n]
    if lost or unexpected:
        raise BadInput(f"weights do not fit the model: missing {lost}, unexpected {unexpected}")
    return model.eval()


def load_checkpoint(file: Path, device: torch.device | str = "cpu") -> dict[str, Any]:
    """What train.py or train_audio.py has saved: at least its "model" and "step"."""
    try:
        state = torch.load(file, weights_only=True, map_location=device)
    except (RuntimeError, EOFError, UnpicklingError, ValueError):
        state = None
    if not isinstance(state, dict) or not {"model", "step"} <= state.keys():
        raise BadInput(f"{file} is not a checkpoint of train.py or train_audio.py")
    return state


def load_weights(module: nn.Module, state: dict[str, Tensor], source: Path, strict: bool = True) -> None:
    """`load_state_dict` that names the file whose weights do not fit."""
    try:
        module.load_state_dict(state, strict)
    except RuntimeError as error:
        raise BadInput(f"{source} has weights of another model: other sizes, task or switches") from error
