"""Writes golden tensors of an exported model for the Swift engine's tests."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from safetensors.torch import save_file

from avuformer.command_line import run
from avuformer.export import load_exported
from parity.goldens import golden_tensors


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder written by export.py")
    parser.add_argument("--output", type=Path, required=True, help="the .safetensors file to write")
    options = parser.parse_args()
    torch.set_num_threads(1)
    tensors = golden_tensors(load_exported(options.model))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, options.output)
    options.output.chmod(0o644)
    print(f"wrote {len(tensors)} tensors, {options.output.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    run(main)
