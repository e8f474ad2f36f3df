"""Exports a model folder as two ONNX graphs, for comparison with other runtimes (`make bench`)."""

from __future__ import annotations

import argparse
from pathlib import Path

from avuformer.command_line import run
from avuformer.export import load_exported
from parity.deployed import export_graphs


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder written by export.py")
    parser.add_argument("--output", type=Path, required=True, help="folder for the two .onnx files")
    options = parser.parse_args()
    export_graphs(load_exported(options.model), options.output)


if __name__ == "__main__":
    run(main)
