"""Writes models of every task and switch, with random weights and golden tensors, for checks of the Swift engine.

For its tests (without --size): small ones, whose encoders are the shipped model's and not written again, and goldens of
the narrow base's other tasks, whose weights are the narrow base's own. With --size: whole models of that size, all
random, each with goldens.safetensors beside its weights; `make parity` compares the engine with them.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from avuformer.command_line import run
from avuformer.config import ModelConfig
from avuformer.export import export_model, load_exported
from avuformer.model import AVUFormer
from parity.goldens import golden_tensors
from parity.random_weights import SIZES, randomise_statistics, write_random

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


def write_narrow_goldens(base: Path) -> None:
    """What blocks after the narrow base's encoders give in other tasks, with those of its weights that they have."""
    whole = load_exported(base)
    for task in ("ssu-d", "sss", "avc"):
        mohe = whole.config.mohe and task != "sss"
        model = AVUFormer(replace(whole.config, task=task, mcm=False, rcc=False, mohe=mohe))
        model.load_state_dict({name: whole.state_dict()[name] for name in model.state_dict()})
        goldens = golden_tensors(model)
        kept = {n: v for n, v in goldens.items() if n.split(".", 1)[-1].split(".")[0] not in INPUTS}
        save_file(kept, base / f"goldens-{task}.safetensors")
        (base / f"goldens-{task}.safetensors").chmod(0o644)


def write_whole(name: str, size: str, seed: int, folder: Path) -> None:
    """A variant of a size, all of it random."""
    config = replace(SIZES[size](), rcc=False, mohe=False)
    write_random(replace(config, **VARIANTS[name]), seed, folder)  # type: ignore[arg-type]
    save_file(golden_tensors(load_exported(folder)), folder / "goldens.safetensors")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="the shipped model's folder, whose encoders the small ones have")
    parser.add_argument("--size", choices=SIZES, help="of whole models")
    parser.add_argument("--seed", type=int, default=7, help="of whole models")
    parser.add_argument("--output", type=Path, required=True, help="one folder a variant goes here")
    options = parser.parse_args()
    if (options.model is None) == (options.size is None):
        parser.error("one of --model and --size is needed")
    torch.set_num_threads(1)
    if options.size is not None:
        for name in VARIANTS:
            write_whole(name, options.size, options.seed, options.output / f"{options.size}-{name}")
        return
    state = load_exported(options.model).state_dict()
    encoders = {name: value for name, value in state.items() if name.startswith(ENCODERS)}
    for name in VARIANTS:
        write_variant(name, encoders, options.output / name)
    write_narrow_goldens(options.output / "base-narrow")


if __name__ == "__main__":
    run(main)
