"""Exports a checkpoint (or, with --random, seeded random weights) as the shipped model folder."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from avuformer.config import ModelConfig
from avuformer.export import export_model, randomise_statistics, recipe_sha256
from avuformer.model import AVUFormer
from base.configurations import base_config, narrow_base_config

SIZES = {"lite": ModelConfig, "base": base_config, "base-narrow": narrow_base_config}


def blend(state: dict[str, torch.Tensor], earlier: dict[str, torch.Tensor], share: float) -> None:
    """Moves weights towards an earlier checkpoint's: less noise, a little better on unseen scenes."""
    for name, value in state.items():
        if value.is_floating_point():
            value.lerp_(earlier[name], share)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--checkpoint", type=Path, help="file written by train.py")
    source.add_argument("--random", type=int, metavar="SEED", help="random weights for tests")
    parser.add_argument("--size", choices=SIZES, default="lite", help="of the model with random weights")
    parser.add_argument("--average-with", type=Path, help="an earlier checkpoint of the same run")
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
            earlier = torch.load(options.average_with, weights_only=True)
            blend(checkpoint["model"], earlier["model"], options.share)
            provenance = {"averaged_with_step": earlier["step"], "averaged_share": options.share}
        model.load_state_dict(checkpoint["model"])
        model.config.presence_threshold = checkpoint.get("presence_threshold", 0.5)
        provenance = checkpoint["provenance"] | provenance | {"data_recipe_sha256": recipe_sha256()}
    if options.presence_threshold is not None:
        model.config.presence_threshold = options.presence_threshold
    export_model(model.eval(), options.output, provenance)
    size = (options.output / "model.safetensors").stat().st_size / 1e6
    print(f"wrote {options.output} ({size:.1f} MB of weights)")


if __name__ == "__main__":
    main()
