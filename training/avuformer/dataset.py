"""Cached training sets, and batches from them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from base.vggish import VGGish

from .audio_encoder import AudioEncoder

LEVELS: tuple[str, ...] = ("f4", "f8", "f16", "f32")
UNKNOWN_KIND = 255  # of a pixel: not known what it shows
UNKNOWN_LABEL = 2  # of a category in a frame: not known whether it sounds


@dataclass
class Batch:
    """B frames: what goes in (cached features, and the raw input where encoders train) and what is true."""

    pyramid: list[Tensor]
    embedding: Tensor  # [B,3,1024]
    levels: Tensor  # [B,3]
    mask: Tensor  # [B,48,80], 0 or 1
    kinds: Tensor  # [B,24,40] visible kinds, or UNKNOWN_KIND
    categories: Tensor  # [B,C] 0, 1 or UNKNOWN_LABEL
    presence: Tensor  # [B]
    tokens: Tensor  # [B,34]
    pixels: Tensor | None = None  # uint8 [B,192,320,3]
    patches: Tensor | None = None  # [B,3,96,64]

    def to(self, device: torch.device) -> Batch:
        """The same on another device."""
        moved: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            moved[field.name] = [v.to(device) for v in value] if isinstance(value, list) else \
                value.to(device) if value is not None else None
        return Batch(**moved)


class CachedSet:
    """One folder written by compose.py or finetune.py, mapped from disk; audio embeddings are made once."""

    def __init__(self, folder: Path, audio: AudioEncoder | VGGish, embedding_name: str,
                 raw: tuple[str, ...] = ()) -> None:
        """`raw`: "pixels" and "patches", where encoders look at them again."""
        self.embedding = embed_tracks(folder, audio, embedding_name)
        self.by_scene = (*LEVELS, "small_labels", "kinds", *(n for n in raw if n == "pixels"))
        self.by_track = ("levels", "sounding", "categories", "tokens", *(n for n in raw if n == "patches"))
        self.arrays = {n: np.load(folder / f"{n}.npy", mmap_mode="r") for n in (*self.by_scene, *self.by_track)}

    def __len__(self) -> int:
        return len(self.embedding)

    @property
    def tracks(self) -> int:
        """Sound tracks of each scene."""
        return self.embedding.shape[1]

    def rows(self, scenes: np.ndarray, tracks: np.ndarray) -> dict[str, np.ndarray]:
        """Arrays of the given (scene, track) pairs."""
        out = {name: self.arrays[name][scenes] for name in self.by_scene}
        out |= {name: self.arrays[name][scenes, tracks] for name in self.by_track}
        out["embedding"] = self.embedding[scenes, tracks]
        tables = np.concatenate([np.zeros((len(scenes), 1), bool), out.pop("sounding")], 1)
        labels = out.pop("small_labels")
        out["mask"] = np.take_along_axis(tables, labels.reshape(len(scenes), -1), 1).reshape(labels.shape)
        return out


def make_batch(sets: list[CachedSet], picks: list[tuple[int, int, int]]) -> Batch:
    """A batch of (set, scene, track) picks."""
    parts = []
    for number in sorted({p[0] for p in picks}):
        mine = np.array([p[1:] for p in picks if p[0] == number])
        parts.append(sets[number].rows(mine[:, 0], mine[:, 1]))
    joined = {k: torch.from_numpy(np.concatenate([p[k] for p in parts])) for k in parts[0]}
    mask = joined["mask"].float()
    return Batch(
        [joined[name].float() for name in LEVELS], joined["embedding"].float(), joined["levels"].float(),
        mask, joined["kinds"][:, ::2, ::2].long(), joined["categories"].float(),
        mask.flatten(1).amax(1), joined["tokens"].long(), joined.get("pixels"),
        joined["patches"].float() if "patches" in joined else None,
    )


def picks_of_step(sets: list[CachedSet], seed: int, step: int, batch: int,
                  tracks: int = 1) -> list[tuple[int, int, int]]:
    """The (set, scene, track) picks of one step: every scene once in random order, each with `tracks` of its
    sound tracks in a row, then again in another order. A step's picks depend on nothing but the arguments."""
    sizes = np.array([len(s) for s in sets])
    starts, total = np.concatenate([[0], np.cumsum(sizes)]), int(sizes.sum())
    picks: list[tuple[int, int, int]] = []
    scenes = batch // tracks
    for place in range(step * scenes, (step + 1) * scenes):
        rng = np.random.default_rng([seed, place // total])
        if not picks or place % total == 0:
            order = rng.permutation(total)
            draws = rng.random(total)
        chosen = int(order[place % total])
        number = int(np.searchsorted(starts, chosen, "right")) - 1
        scene, there = chosen - int(starts[number]), sets[number].tracks
        first = int(draws[chosen] * there)
        picks += [(number, scene, (first + next_one) % there) for next_one in range(tracks)]
    return picks


@torch.no_grad()
def embed_tracks(folder: Path, audio: AudioEncoder | VGGish, name: str) -> np.ndarray:
    """float16 [scenes, tracks, 3, width], kept beside the patches under `name`."""
    file = folder / f"{name}.npy"
    if not file.exists():
        patches = np.load(folder / "patches.npy", mmap_mode="r")
        flat = patches.reshape(-1, *patches.shape[-2:])
        out = np.empty((len(flat), audio.width), np.float16)
        for start in range(0, len(flat), 96):
            part = torch.from_numpy(np.array(flat[start : start + 96])).float()
            out[start : start + 96] = audio.embed(part).numpy()
        unfinished = file.with_suffix(".part.npy")
        np.save(unfinished, out.reshape(*patches.shape[:-2], audio.width))
        unfinished.replace(file)
    return np.load(file, mmap_mode="r")
