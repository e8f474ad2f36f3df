"""Cached training sets in memory, and batches from them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .audio_encoder import AudioEncoder

LEVELS: tuple[str, ...] = ("f4", "f8", "f16", "f32")


@dataclass
class Batch:
    """B frames: cached features and what is true about them."""

    pyramid: list[Tensor]
    embedding: Tensor  # [B,3,1024]
    levels: Tensor  # [B,3]
    mask: Tensor  # [B,48,80], 0 or 1
    kinds: Tensor  # [B,24,40] visible kinds
    categories: Tensor  # [B,C]
    presence: Tensor  # [B]
    tokens: Tensor  # [B,34]


class CachedSet:
    """One folder written by compose.py; audio embeddings are made once with the trained encoder."""

    def __init__(self, folder: Path, audio: AudioEncoder, embedding_name: str, in_memory: bool = True) -> None:
        self.folder = folder
        self.embedding = embed_tracks(folder, audio, embedding_name)
        mode = None if in_memory else "r"
        for name in (*LEVELS, "levels", "small_labels", "kinds", "sounding", "categories", "tokens"):
            setattr(self, name, np.load(folder / f"{name}.npy", mmap_mode=mode))

    def __len__(self) -> int:
        return len(self.embedding)

    @property
    def tracks(self) -> int:
        """Sound tracks of each scene."""
        return self.embedding.shape[1]

    def rows(self, scenes: np.ndarray, tracks: np.ndarray) -> dict[str, np.ndarray]:
        """Arrays of the given (scene, track) pairs."""
        out = {name: getattr(self, name)[scenes] for name in (*LEVELS, "kinds")}
        for name in ("embedding", "levels", "categories", "tokens"):
            out[name] = getattr(self, name)[scenes, tracks]
        tables = np.concatenate([np.zeros((len(scenes), 1), bool), self.sounding[scenes, tracks]], 1)
        labels = self.small_labels[scenes]
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
        mask.flatten(1).amax(1), joined["tokens"].long(),
    )


@torch.no_grad()
def embed_tracks(folder: Path, audio: AudioEncoder, name: str) -> np.ndarray:
    """float16 [scenes, tracks, 3, 1024], kept beside the patches under `name`."""
    file = folder / f"{name}.npy"
    if not file.exists():
        patches = np.load(folder / "patches.npy", mmap_mode="r")
        flat = patches.reshape(-1, *patches.shape[-2:])
        out = np.empty((len(flat), 1024), np.float16)
        for start in range(0, len(flat), 96):
            part = torch.from_numpy(np.array(flat[start : start + 96])).float()
            out[start : start + 96] = audio.embed(part).numpy()
        np.save(file, out.reshape(*patches.shape[:-2], 1024))
    return np.load(file)
