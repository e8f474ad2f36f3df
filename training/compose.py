"""Composes pictures with several sound tracks each, and caches what the frozen encoder sees in them."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import cv2
import numpy as np
import torch

from avuformer.audio_features import LEVEL_SAMPLES, PATCH_SAMPLES, level, log_mel
from avuformer.categories import INDEX, NAMES, VISUAL_INDEX, VISUAL_KINDS
from avuformer.command_line import run
from avuformer.config import ModelConfig
from avuformer.visual_encoder import VisualEncoder, normalised
from avuformer.vocabulary import VOCABULARY
from compositor.pictures import HEIGHT, WIDTH, Picture, PictureComposer
from compositor.sentences import describe
from compositor.soundtracks import LEAD, SoundComposer
from compositor.sources import load_sources
from encoders.pretrained import efficientnet_file, load_efficientnet

BATCH = 8


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True, help="folder with manifest.json")
    parser.add_argument("--unknown-sounds", type=Path, help="folder with more sounds of no category")
    parser.add_argument("--split", choices=("train", "val", "test"), required=True)
    parser.add_argument("--scenes", type=int, required=True)
    parser.add_argument("--tracks", type=int, default=4)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--output", type=Path, required=True, help="folder of .npy files to write")
    parser.add_argument("--varied", action="store_true",
                        help="held-out scenes, too, with other rooms, pitches and close-ups, as training has them")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    rng = np.random.default_rng(options.seed)
    sources = load_sources(options.sources, options.split, options.unknown_sounds)
    # Held-out data keep the plain recipe unless asked: figures stay comparable.
    varied = options.varied or options.split == "train"
    write_set(PictureComposer(sources, rng, varied), SoundComposer(sources, rng, varied), options)


def write_set(pictures: PictureComposer, sounds: SoundComposer, options: argparse.Namespace) -> None:
    """Writes arrays of shape [scenes, …] and [scenes, tracks, …]."""
    encoder = VisualEncoder().eval()
    load_efficientnet(encoder, efficientnet_file())
    options.output.mkdir(parents=True, exist_ok=True)
    arrays = _open_arrays(options.output, options.scenes, options.tracks)
    sentences: list[list[str]] = []
    waiting: list[np.ndarray] = []
    begun = time.time()
    for scene in range(options.scenes):
        picture = pictures.compose()
        waiting.append(picture.pixels)
        arrays["pixels"][scene] = picture.pixels
        arrays["labels"][scene] = picture.labels
        small = cv2.resize(picture.labels, (WIDTH // 4, HEIGHT // 4), interpolation=cv2.INTER_NEAREST)
        kinds = np.array([len(VISUAL_KINDS)] + [VISUAL_INDEX[t.kind] for t in picture.things], np.uint8)
        arrays["small_labels"][scene], arrays["kinds"][scene] = small, kinds[small]
        sentences.append([])
        for number in range(options.tracks):
            sentences[-1].append(_write_track(arrays, (scene, number), picture, sounds))
        if len(waiting) == BATCH or scene == options.scenes - 1:
            _write_pyramid(arrays, encoder, waiting, scene + 1 - len(waiting))
            waiting.clear()
        if scene % 200 == 0:
            print(json.dumps({"scene": scene, "seconds": round(time.time() - begun)}), flush=True)
    for array in arrays.values():
        array.flush()
    (options.output / "sentences.json").write_text(json.dumps(sentences))


def _write_track(arrays: dict, at: tuple[int, int], picture: Picture, sounds: SoundComposer) -> str:
    track, actions = sounds.compose(picture)
    wave = torch.from_numpy(track.samples)
    windows = torch.stack([wave[s : s + PATCH_SAMPLES] for s in (0, LEAD, 2 * LEAD)])
    arrays["patches"][at] = log_mel(windows).numpy()
    arrays["levels"][at] = level(windows[:, :LEVEL_SAMPLES]).numpy()
    sentence = describe(picture, actions, track.things)
    for index, sounding in enumerate(track.things):
        arrays["sounding"][at][index] = sounding
    for name in track.categories:
        arrays["categories"][at][INDEX[name]] = True
    for name in track.heard:
        arrays["heard"][at][INDEX[name]] = True
    arrays["unknown"][at] = track.kind == "unknown"
    arrays["tokens"][at] = VOCABULARY.encode(sentence)
    return sentence


@torch.no_grad()
def _write_pyramid(arrays: dict, encoder: VisualEncoder, pictures: list[np.ndarray], first: int) -> None:
    maps = encoder(normalised(torch.from_numpy(np.stack(pictures)), ModelConfig()))
    for name, value in zip(("f4", "f8", "f16", "f32"), maps, strict=True):
        arrays[name][first : first + len(pictures)] = value.numpy()


def _open_arrays(folder: Path, scenes: int, tracks: int) -> dict[str, np.memmap]:
    each = (scenes, tracks)
    shapes: dict[str, tuple[tuple[int, ...], type]] = {
        "pixels": ((scenes, HEIGHT, WIDTH, 3), np.uint8), "labels": ((scenes, HEIGHT, WIDTH), np.uint8),
        "small_labels": ((scenes, 48, 80), np.uint8), "kinds": ((scenes, 48, 80), np.uint8),
        "f4": ((scenes, 24, 48, 80), np.float16), "f8": ((scenes, 40, 24, 40), np.float16),
        "f16": ((scenes, 112, 12, 20), np.float16), "f32": ((scenes, 320, 6, 10), np.float16),
        "patches": ((*each, 3, 96, 64), np.float16), "levels": ((*each, 3), np.float32),
        "sounding": ((*each, 8), np.bool_), "categories": ((*each, len(NAMES)), np.bool_),
        "heard": ((*each, len(NAMES)), np.bool_), "unknown": (each, np.bool_),
        "tokens": ((*each, 34), np.int16),
    }
    return {
        name: np.lib.format.open_memmap(folder / f"{name}.npy", "w+", dtype, shape)
        for name, (shape, dtype) in shapes.items()
    }


if __name__ == "__main__":
    run(main)
