"""What clips are composed from: cut-outs, masked photographs, backgrounds and sounds of one split."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import soundfile

from avuformer.categories import NAMES, VISUAL_KINDS, visual_kind
from avuformer.command_line import BadInput

UNKNOWN = "noise"
CELLO_FROM = "violin"  # no free photographs of cellos: violins, upright and large
SAMPLE_RATE = 16000


@dataclass
class Scene:
    """A photograph with the masks of what it shows."""

    picture: np.ndarray  # uint8 [h,w,3] RGB
    kinds: list[str]
    masks: list[np.ndarray]  # uint8 [h,w], 0 or 255


@dataclass
class Sources:
    """Everything of one split, decoded and in memory."""

    cutouts: dict[str, list[np.ndarray]] = field(default_factory=dict)  # RGBA
    scenes: dict[str, list[Scene]] = field(default_factory=dict)
    backgrounds: list[np.ndarray] = field(default_factory=list)
    sounds: dict[str, list[np.ndarray]] = field(default_factory=dict)  # float16 in [-1, 1]

    def audible_kinds(self) -> list[str]:
        """Categories that have both a sound and a picture here."""
        return [
            name for name in NAMES
            if self.sounds.get(name)
            and (self.cutouts.get(visual_kind(name)) or self.scenes.get(visual_kind(name)))
        ]


def leaks(manifest: dict) -> list[str]:
    """Original sources, or files, that more than one split uses: each would make held-out figures a lie."""
    splits: dict[str, set[str]] = {}
    for group in ("cutouts", "scenes", "backgrounds", "sounds"):
        for item in manifest[group]:
            for name in (item["source"], item["file"]):
                splits.setdefault(name, set()).add(item["split"])
    return sorted(name for name, used in splits.items() if len(used) > 1)


def load_sources(folder: Path, split: str, unknown_sounds: Path | None = None,
                 pictures: bool = True, pictures_from: str = "") -> Sources:
    """Reads `split` of a folder with manifest.json; `unknown_sounds`: more sounds, none of a category;
    `pictures_from`: only pictures whose source begins so."""
    manifest = json.loads((folder / "manifest.json").read_text())
    if leaked := leaks(manifest):
        raise BadInput(f"{folder}/manifest.json has {leaked[0]} in two splits ({len(leaked)} such sources)")
    sources = Sources()
    for item in manifest["sounds"]:
        if item["split"] == split:
            samples, _ = soundfile.read(folder / item["file"], dtype="float32")
            sources.sounds.setdefault(item["class"], []).append(samples.astype(np.float16))
    sources.sounds.setdefault(UNKNOWN, []).extend(_read_unknown(unknown_sounds, split))
    for group in ("cutouts", "scenes", "backgrounds"):
        manifest[group] = [item for item in manifest[group] if item["source"].startswith(pictures_from)]
    if pictures:
        _read_pictures(sources, manifest, folder, split)
    return sources


def _read_pictures(sources: Sources, manifest: dict, folder: Path, split: str) -> None:
    for item in manifest["cutouts"]:
        if item["split"] == split:
            rgba = cv2.cvtColor(_read(folder / item["file"], cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA)
            for kind in {item["class"], "cello" if item["class"] == CELLO_FROM else item["class"]}:
                sources.cutouts.setdefault(kind, []).append(rgba)
    for item in manifest["scenes"]:
        if item["split"] == split:
            masks = [_read(folder / o["mask"], cv2.IMREAD_GRAYSCALE) for o in item["objects"]]
            kinds = [o["class"] for o in item["objects"]]
            scene = Scene(_read_rgb(folder / item["file"]), kinds, masks)
            for kind in set(kinds) & set(VISUAL_KINDS):
                sources.scenes.setdefault(kind, []).append(scene)
    sources.backgrounds = [
        _read_rgb(folder / item["file"]) for item in manifest["backgrounds"] if item["split"] == split
    ]


def _read(file: Path, flags: int) -> np.ndarray:
    picture = cv2.imread(str(file), flags)
    if picture is None:
        raise BadInput(f"{file} cannot be read as a picture")
    return picture


def _read_rgb(file: Path) -> np.ndarray:
    return cv2.cvtColor(_read(file, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def _read_unknown(folder: Path | None, split: str) -> list[np.ndarray]:
    """Audio files of `folder`, split by name: every 5th is for tests, the one after it for validation."""
    if folder is None:
        return []
    # drums, tablas and guitars sound like our categories
    known = ("drum", "tabla", "guit", "bd_", "sn_", "hat_", "perc", "loop_")
    files = [f for f in sorted(folder.iterdir()) if not f.name.startswith(known)]
    shares = {"test": (0,), "val": (1,), "train": (2, 3, 4)}[split]
    sounds = []
    for number, file in enumerate(files):
        if number % 5 in shares and file.suffix in (".flac", ".ogg", ".wav"):
            samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
            sounds.append(_resample(samples.mean(1), rate))
    return sounds


def _resample(samples: np.ndarray, rate: int) -> np.ndarray:
    if rate != SAMPLE_RATE:
        from scipy.signal import resample_poly

        samples = resample_poly(samples, SAMPLE_RATE, rate)
    samples = samples[: 10 * SAMPLE_RATE]
    return (samples / (np.abs(samples).max() + 1e-6) * 0.5).astype(np.float16)
