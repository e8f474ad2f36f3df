"""Exports a checkpoint (or, with --random, seeded random weights) as the shipped model folder."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from avuformer.config import ModelConfig
from avuformer.export import TRAINING_ONLY, export_model, load_exported, randomise_statistics
from avuformer.model import AVUFormer
from base.configurations import base_config, narrow_base_config

SIZES = {"lite": ModelConfig, "base": base_config, "base-narrow": narrow_base_config}


def blend(state: dict[str, torch.Tensor], earlier: Path, share: float) -> dict[str, object]:
    """Moves weights towards those of an earlier checkpoint, or of the exported model that training went on from: less
    noise, a little better on unseen scenes. Returns what to say about it."""
    said: dict[str, object] = {"averaged_share": share}
    if earlier.is_dir():
        known, said["averaged_with"] = load_exported(earlier).state_dict(), earlier.name
    else:
        checkpoint = torch.load(earlier, weights_only=True)
        known, said["averaged_with_step"] = checkpoint["model"], checkpoint["step"]
    for name, value in state.items():
        if value.is_floating_point() and not (earlier.is_dir() and name.startswith(TRAINING_ONLY)):
            value.lerp_(known[name], share)
    return said


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--checkpoint", type=Path, help="file written by train.py")
    source.add_argument("--random", type=int, metavar="SEED", help="random weights for tests")
    parser.add_argument("--size", choices=SIZES, default="lite", help="of the model with random weights")
    parser.add_argument("--average-with", type=Path, help="an earlier checkpoint, or the model of --from-model")
    parser.add_argument("--share", type=float, default=0.35, help="of the earlier checkpoint")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--presence-threshold", type=float, default=None)
    options = parser.parse_args()
    provenance: dict[str, object] = {}
    if options.random is not None:
        torch.manual_seed(options.random)
        model = AVUFormer(SIZES[options.size]())
        randomise_statistics(model, torch.Generator().manual_seed(options.random))
        provenance = {"weights": "random", "seed": options.random}
    else:
        checkpoint = torch.load(options.checkpoint, weights_only=True)
        model = AVUFormer(ModelConfig(**checkpoint.get("switches", {})))
        if options.average_with is not None:
            provenance = blend(checkpoint["model"], options.average_with, options.share)
        model.load_state_dict(checkpoint["model"])
        model.config.presence_threshold = checkpoint.get("presence_threshold", 0.5)
        provenance = checkpoint["provenance"] | provenance
    if options.presence_threshold is not None:
        model.config.presence_threshold = options.presence_threshold
    export_model(model.eval(), options.output, provenance)
    size = (options.output / "model.safetensors").stat().st_size / 1e6
    print(f"wrote {options.output} ({size:.1f} MB of weights)")


if __name__ == "__main__":
    main()
