"""Pictures of what a model gets wrong on held-out scenes, for its model card: the predicted mask in magenta, the
true one outlined in white, and both sentences. Only pictures of Caltech-101 (CC BY 4.0) are used."""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
import torch

from avuformer.audio_features import LEVEL_SAMPLES, PATCH_SAMPLES, level, log_mel
from avuformer.command_line import run
from avuformer.export import load_exported
from avuformer.model import AVUFormer, full_masks, sentences
from avuformer.scores import intersection_over_union
from avuformer.visual_encoder import normalised
from compositor.pictures import Picture, PictureComposer
from compositor.sentences import describe
from compositor.soundtracks import LEAD, SoundComposer, Track
from compositor.sources import load_sources

KINDS = ("missed", "invented", "wrong thing", "wrong name")


@torch.no_grad()
def predict(model: AVUFormer, picture: Picture, track: Track) -> tuple[np.ndarray, str]:
    """Final mask and sentence of a composed frame."""
    wave = torch.from_numpy(track.samples)
    windows = torch.stack([wave[s : s + PATCH_SAMPLES] for s in (0, LEAD, 2 * LEAD)])
    output = model(
        normalised(torch.from_numpy(picture.pixels)[None], model.config), log_mel(windows)[None],
        level(windows[:, :LEVEL_SAMPLES])[None],
    )
    sounds = float(torch.sigmoid(output.presence)) >= model.config.presence_threshold
    mask = full_masks(output, *picture.labels.shape)[0] & sounds
    return mask, sentences(model, output)[0] if mask.any() else ""


def kind_of(mask: np.ndarray, truth: np.ndarray, said: str, wanted: str) -> str | None:
    """Which kind of failure this is, if any."""
    if not mask.any() or not truth.any():
        return "missed" if truth.any() else "invented" if mask.any() else None
    if intersection_over_union(mask, truth) < 0.1:
        return "wrong thing"
    return "wrong name" if said != wanted else None


def draw(picture: Picture, mask: np.ndarray, truth: np.ndarray, lines: list[str]) -> np.ndarray:
    """BGR [h,w,3]: the frame twice as large, and text under it."""
    big = cv2.resize(cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2BGR), None, fx=1.5, fy=1.5)
    size = big.shape[1::-1]
    shown = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    big[shown] = (0.5 * big[shown] + 0.5 * np.array([255, 0, 255])).astype(np.uint8)
    edge = cv2.resize(truth.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    cv2.drawContours(big, cv2.findContours(edge, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0], -1, (255, 255, 255), 2)
    under = np.full((22 * len(lines) + 6, size[0], 3), 255, np.uint8)
    for number, text in enumerate(lines):
        cv2.putText(under, text, (4, 18 + 22 * number), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0), 1, cv2.LINE_AA)
    return np.concatenate([big, under])


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--sources", type=Path, required=True, help="folder with manifest.json")
    parser.add_argument("--scenes", type=int, default=120, help="how many to look through")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--output", type=Path, required=True, help="the JPEG to write: one failure of each kind")
    options = parser.parse_args()
    torch.set_num_threads(1)
    model, rng = load_exported(options.model), np.random.default_rng(options.seed)
    sources = load_sources(options.sources, "test", pictures_from="cal/")
    pictures, sounds = PictureComposer(sources, rng), SoundComposer(sources, rng)
    found: dict[str, np.ndarray] = {}
    counts = dict.fromkeys(KINDS, 0)
    for _ in range(options.scenes):
        picture = pictures.compose()
        track, actions = sounds.compose(picture)
        truth = np.array([False, *track.things])[picture.labels]
        wanted = describe(picture, actions, track.things)
        mask, said = predict(model, picture, track)
        if kind := kind_of(mask, truth, said, wanted):
            counts[kind] += 1
            heard = ", ".join(sorted(track.heard)) or track.kind
            found.setdefault(kind, draw(picture, mask, truth, [
                f"{kind}; sound: {heard}", f"said:  {said or '(nothing)'}", f"truth: {wanted or '(nothing)'}"]))
    tiles = [found[kind] for kind in KINDS if kind in found]
    tiles += [np.full_like(tiles[0], 255)] * (len(tiles) % 2)
    rows = [np.concatenate(tiles[i : i + 2], 1) for i in range(0, len(tiles), 2)]
    cv2.imwrite(str(options.output), np.concatenate(rows), [cv2.IMWRITE_JPEG_QUALITY, 82])
    print(f"{options.scenes} scenes: " + ", ".join(f"{name} {count}" for name, count in counts.items()))


if __name__ == "__main__":
    run(main)
