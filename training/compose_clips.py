"""Composes annotated clips of three seconds, the middle one annotated: held-out scenes as files, without loss,
so that the Swift program can be scored on what `evaluate.py` scores. Needs ffmpeg."""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import cv2
import numpy as np
import soundfile

from avuformer.command_line import run
from compositor.pictures import Picture, PictureComposer
from compositor.sentences import describe
from compositor.soundtracks import LEAD, RATE, SoundComposer, Track
from compositor.sources import load_sources

SECONDS = 3


def write_clip(folder: Path, picture: Picture, track: Track, sentence: str) -> None:
    """A still picture; the track's second is the middle one."""
    (folder / "masks").mkdir(parents=True, exist_ok=True)
    table = np.array([False, *track.things])
    cv2.imwrite(str(folder / "masks" / "00000.png"), table[picture.labels].astype(np.uint8) * 255)
    annotation = {
        "id": folder.name, "source": "training/compose_clips.py",
        "category": min(track.categories, default="none"), "frame_times": [1.5],
        "sounding": [any(track.things)], "captions": [sentence],
    }
    (folder / "annotation.json").write_text(json.dumps(annotation, indent=1) + "\n")
    samples = np.zeros(SECONDS * RATE, np.float32)
    samples[RATE - LEAD : RATE - LEAD + len(track.samples)] = track.samples
    with tempfile.TemporaryDirectory() as scratch:
        cv2.imwrite(f"{scratch}/still.png", cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2BGR))
        soundfile.write(f"{scratch}/sound.wav", samples, RATE)
        subprocess.run([
            "ffmpeg", "-v", "error", "-y", "-loop", "1", "-framerate", "4", "-t", str(SECONDS),
            "-i", f"{scratch}/still.png",
            "-i", f"{scratch}/sound.wav", "-c:v", "libx264rgb", "-qp", "0", "-c:a", "alac", "-t", str(SECONDS),
            str(folder / "video.mp4"),
        ], check=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True, help="folder with manifest.json")
    parser.add_argument("--unknown-sounds", type=Path, help="folder with more sounds of no category")
    parser.add_argument("--split", choices=("train", "val", "test"), default="test")
    parser.add_argument("--clips", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True, help="data set to write")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    rng = np.random.default_rng(options.seed)
    sources = load_sources(options.sources, options.split, options.unknown_sounds)
    pictures, sounds = PictureComposer(sources, rng), SoundComposer(sources, rng)
    names = [f"{options.split}-{number:04d}" for number in range(options.clips)]
    for name in names:
        picture = pictures.compose()
        track, actions = sounds.compose(picture)
        write_clip(options.output / name, picture, track, describe(picture, actions, track.things))
    listing = {"name": options.output.name, "description": "Composed clips.", "splits": {options.split: names}}
    (options.output / "dataset.json").write_text(json.dumps(listing, indent=1) + "\n")


if __name__ == "__main__":
    run(main)
