"""Counts a model's floating-point operations with PyTorch, for the Swift engine's test of its own count.

One golden frame goes through the blocks up to the streams, and some words through the sentences' decoder, which keeps
keys and values as a deployment does; two for each multiplication with its addition.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from avuformer.audio_features import frame_patches
from avuformer.command_line import run
from avuformer.description_decoder import DescriptionLayer
from avuformer.export import load_exported
from avuformer.model import AVUFormer
from avuformer.visual_encoder import normalised
from parity.deployed import NextWord, keys_values
from parity.goldens import TEACHER_IDS, golden_picture, golden_sound


@torch.no_grad()
def operations(model: AVUFormer) -> dict[str, int]:
    """Operations by the name of the block."""
    config = model.eval().config
    picture = normalised(golden_picture(0, config.image_height, config.image_width)[None], config)
    patches, levels = frame_patches(golden_sound(), 0.0, config.log_offset)
    counts = {}

    def counted(name: str, block: Callable[..., Any], *inputs: torch.Tensor) -> Any:
        # The counter does not know the processor's fused attention; as plain products it counts them.
        with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
            result = block(*inputs)
        counts[name] = counter.get_total_flops()
        return result

    pyramid = counted("visual_encoder", model.visual_encoder, picture)
    features = counted("audio_encoder", model.audio_encoder, patches[None], levels[None])
    visual = counted("visual_projection", model.visual_projection, pyramid[2], pyramid[3])
    audio = counted("audio_projection", model.audio_projection, features)
    queries = counted("query_token_generator", model.query_token_generator, audio)
    audio = torch.cat([audio, queries], 1)
    layers = model.multi_modality_integration
    visual, audio = counted("multi_modality_integration.0", layers[0], visual, audio)
    word = NextWord(model)

    def speak(memory: torch.Tensor) -> None:
        layers = model.description_decoder.layers
        known = torch.stack([keys_values(cast(DescriptionLayer, layer).cross_attention, memory) for layer in layers])
        words = word.no_words(1)
        for token in TEACHER_IDS:
            _, words = word(torch.tensor([token]), words, known)

    memory = model(picture, patches[None], levels[None]).memory
    counted("description_decoder", speak, memory)
    return counts


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder written by export.py")
    parser.add_argument("--output", type=Path, required=True, help="the .json file to write")
    options = parser.parse_args()
    options.output.write_text(json.dumps(operations(load_exported(options.model)), indent=1) + "\n")


if __name__ == "__main__":
    run(main)
