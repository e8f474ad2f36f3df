"""Exports a checkpoint as the shipped model folder."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch

from avuformer.command_line import BadInput, run
from avuformer.config import ModelConfig
from avuformer.export import TRAINING_ONLY, export_model, load_checkpoint, load_exported, load_weights
from avuformer.model import AVUFormer


def blend(state: dict[str, torch.Tensor], earlier: Path, share: float) -> dict[str, object]:
    """Moves weights towards those of an earlier checkpoint, or of the exported model that training went on from: less
    noise, a little better on unseen scenes. Returns what to say about it."""
    said: dict[str, object] = {"averaged_share": share}
    if earlier.is_dir():
        known, said["averaged_with"] = load_exported(earlier).state_dict(), earlier.name
    else:
        checkpoint = load_checkpoint(earlier)
        known, said["averaged_with_step"] = checkpoint["model"], checkpoint["step"]
    for name, value in state.items():
        if value.is_floating_point() and not (earlier.is_dir() and name.startswith(TRAINING_ONLY)):
            if name not in known or known[name].shape != value.shape:
                raise BadInput(f"{earlier} is not a model of the same sizes, task and switches: {name}")
            value.lerp_(known[name], share)
    return said


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="file written by train.py")
    parser.add_argument("--average-with", type=Path, help="an earlier checkpoint, or the model of --from-model")
    parser.add_argument("--share", type=float, default=0.35, help="of the earlier checkpoint")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--presence-threshold", type=float, default=0.5)
    options = parser.parse_args()
    checkpoint = load_checkpoint(options.checkpoint)
    provenance: dict[str, object] = checkpoint.get("provenance", {})
    model = AVUFormer(ModelConfig(**checkpoint.get("switches", {})))
    if options.average_with is not None:
        provenance |= blend(checkpoint["model"], options.average_with, options.share)
    load_weights(model, checkpoint["model"], options.checkpoint)
    model.config.presence_threshold = options.presence_threshold
    export_model(model.eval(), options.output, provenance)
    if (log := options.checkpoint.with_suffix(".jsonl")).exists():
        shutil.copyfile(log, options.output / "training.jsonl")  # the site's page of models draws it
    size = (options.output / "model.safetensors").stat().st_size / 1e6
    print(f"wrote {options.output} ({size:.1f} MB of weights)")


if __name__ == "__main__":
    run(main)
