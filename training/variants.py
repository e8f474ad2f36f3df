"""Writes small models of every task and switch with golden tensors, for the Swift engine's tests.

The encoders are the shipped model's and not written again; everything else is random and small.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from avuformer.config import ModelConfig
from avuformer.export import export_model, load_exported, randomise_statistics
from avuformer.model import AVUFormer
from parity.goldens import golden_tensors

ENCODERS = ("visual_encoder.", "audio_encoder.")
INPUTS = ("picture", "log_mel", "levels", "visual_encoder", "audio_encoder")
VARIANTS: dict[str, dict[str, object]] = {
    "ssu": {"task": "ssu", "mcm": True, "rcc": True, "mohe": True},
    "ssu-without-mcm": {"task": "ssu", "mcm": False},
    "ssu-s": {"task": "ssu-s", "mcm": False},
    "ssu-d": {"task": "ssu-d", "mcm": False, "mohe": True, "experts": 3},
    "sss": {"task": "sss", "mcm": False},
    "avc": {"task": "avc", "mcm": False},
}
SMALL: dict[str, int] = {
    "width": 16, "heads": 2, "integration_layers": 1, "query_tokens": 3, "pixel_width": 8,
    "deep_pixel_width": 16, "description_layers": 1,
}


def write_variant(name: str, encoders: dict[str, torch.Tensor], folder: Path) -> None:
    """The folder of one variant: config.json, model.safetensors without encoders, and goldens."""
    torch.manual_seed(7)
    model = AVUFormer(ModelConfig(**(SMALL | VARIANTS[name])))  # type: ignore[arg-type]
    randomise_statistics(model, torch.Generator().manual_seed(7))
    model.load_state_dict(encoders, strict=False)
    export_model(model.eval(), folder, {"weights": "random", "seed": 7})
    goldens = golden_tensors(load_exported(folder))
    kept = {n: v for n, v in goldens.items() if n.split(".", 1)[-1].split(".")[0] not in INPUTS}
    save_file(kept, folder / "goldens.safetensors")
    weights = folder / "model.safetensors"
    save_file({n: v for n, v in load_file(weights).items() if not n.startswith(ENCODERS)}, weights)
    for file in (weights, folder / "goldens.safetensors"):
        file.chmod(0o644)
    (folder / "vocabulary.txt").unlink()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="the shipped model's folder")
    parser.add_argument("--output", type=Path, required=True, help="one folder a variant goes here")
    options = parser.parse_args()
    torch.set_num_threads(1)
    state = load_exported(options.model).state_dict()
    encoders = {name: value for name, value in state.items() if name.startswith(ENCODERS)}
    for name in VARIANTS:
        write_variant(name, encoders, options.output / name)


if __name__ == "__main__":
    main()
