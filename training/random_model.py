"""Writes a model folder with seeded random weights, for tests and timings."""

from __future__ import annotations

import argparse
from pathlib import Path

from avuformer.command_line import run
from parity.random_weights import SIZES, write_random


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="lite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--presence-threshold", type=float, default=0.5)
    options = parser.parse_args()
    config = SIZES[options.size]()
    config.presence_threshold = options.presence_threshold
    write_random(config, options.seed, options.output)


if __name__ == "__main__":
    run(main)
