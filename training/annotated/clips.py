"""Annotated clips as frames: avu's clip folders, and the layout of AVSBench."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from avuformer.audio_features import YAMNET_OFFSET, frame_patches
from avuformer.command_line import BadInput


@dataclass
class Frame:
    """One second of a clip and what is true about it."""

    clip: str
    index: int
    begin: float  # second
    picture: np.ndarray  # uint8 [h,w,3] RGB
    patches: Tensor  # [3,96,64]
    levels: Tensor  # [3]
    mask: np.ndarray  # bool [h,w]
    sentences: list[str] | None  # references, [""] in silence; none: not annotated
    category: str | None


def read_sound(file: Path) -> Tensor:
    """float32 mono samples at 16 kHz (needs ffmpeg); empty when there is no sound track."""
    command = ["ffmpeg", "-v", "error", "-i", str(file), "-f", "f32le", "-ac", "1", "-ar", "16000", "-"]
    done = subprocess.run(command, capture_output=True, check=False)
    return torch.from_numpy(np.frombuffer(done.stdout, np.float32).copy())


def read_pictures(video: Path, begins: list[float]) -> list[np.ndarray]:
    """RGB pictures in the middle of the seconds that start at `begins`."""
    capture = cv2.VideoCapture(str(video))
    rate, frames = capture.get(cv2.CAP_PROP_FPS) or 25.0, []
    while (read := capture.read())[0]:
        frames.append(cv2.cvtColor(read[1], cv2.COLOR_BGR2RGB))
    if not frames:
        raise BadInput(f"{video} has no pictures that can be read")
    return [frames[min(len(frames) - 1, int((t + 0.5) * rate))] for t in begins]


def read_mask(file: Path, picture: np.ndarray) -> np.ndarray:
    """bool [h,w] of the picture's size; whatever is not black counts."""
    mask = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
    if mask is None:
        raise BadInput(f"{file} is missing or cannot be read as a mask")
    return cv2.resize(mask, picture.shape[1::-1], interpolation=cv2.INTER_NEAREST) > 0


def clip_frames(folder: Path, log_offset: float = YAMNET_OFFSET) -> Iterator[Frame]:
    """The frames of one clip folder, without those marked as uncertain."""
    annotation = json.loads((folder / "annotation.json").read_text())
    video = next((f for f in sorted(folder.iterdir()) if f.stem == "video"), folder / "video.mp4")
    begins = [float(np.floor(t)) for t in annotation["frame_times"]]
    samples, pictures = read_sound(video), read_pictures(video, begins)
    uncertain = annotation.get("uncertain") or [False] * len(begins)
    captions = annotation.get("captions")
    for index, (begin, picture) in enumerate(zip(begins, pictures, strict=True)):
        if uncertain[index]:
            continue
        said = captions[index] if captions else None
        yield Frame(
            folder.name, index, begin, picture, *frame_patches(samples, begin, log_offset),
            read_mask(folder / "masks" / f"{index:05d}.png", picture),
            [said] if isinstance(said, str) else said, annotation.get("category"),
        )


def clip_folders(data_set: Path, split: str | None = None) -> list[Path]:
    """The clip folders of a data set: of a split of dataset.json if it has that one, else all."""
    folders = sorted(file.parent for file in data_set.glob("*/annotation.json"))
    listing = data_set / "dataset.json"
    splits = json.loads(listing.read_text()).get("splits", {}) if listing.exists() else {}
    return [f for f in folders if f.name in splits[split]] if split in splits else folders


def avsbench_frames(data_set: Path, log_offset: float = YAMNET_OFFSET, split: str = "train") -> Iterator[Frame]:
    """`gt_masks`, `visual_frames` and `audio_wav` side by side, as AVSBench has them for one source
    (`gt_masks/train/dog/ID/ID_1.png`) and for several (`gt_masks/train/ID/ID_1.png`). It has no sentences."""
    sounds: dict[Path, Tensor] = {}
    root = data_set / "gt_masks"
    for file in sorted((root / split).glob("**/*.png")):
        clip, number = re.fullmatch(r"(.+?)(?:\.mp4)?_(\d+)", file.stem).groups()  # type: ignore[union-attr]
        inner = file.parent.relative_to(root)
        wave = _first(data_set / "audio_wav", [inner, Path(*inner.parts[1:])], [".wav"])
        names = [f"/{clip}{middle}_{number}{end}" for middle in ("", ".mp4") for end in (".png", ".jpg")]
        shown = _first(data_set / "visual_frames", [inner, Path(*inner.parts[1:])], names)
        picture = cv2.cvtColor(np.asarray(cv2.imread(str(shown))), cv2.COLOR_BGR2RGB)
        if wave not in sounds:
            sounds = {wave: read_sound(wave)}
        begin = float(int(number) - 1)
        category = inner.parts[1] if len(inner.parts) > 2 else None
        mask = read_mask(file, picture)
        yield Frame(
            clip, int(begin), begin, picture, *frame_patches(sounds[wave], begin, log_offset), mask,
            None if mask.any() else [""], category,
        )


def _first(root: Path, folders: list[Path], endings: list[str]) -> Path:
    for folder in folders:
        for ending in endings:
            if (file := Path(f"{root / folder}{ending}")).exists():
                return file
    raise BadInput(f"{root} has no {folders[0]}{endings[0]}")


def annotated_frames(data_set: Path, log_offset: float = YAMNET_OFFSET) -> Iterator[Frame]:
    """The training frames of a data set in either layout; `log_offset` is the model's."""
    if (data_set / "gt_masks").is_dir():
        yield from avsbench_frames(data_set, log_offset)
        return
    folders = clip_folders(data_set, "train")
    if not folders:
        raise BadInput(f"{data_set} has neither clip folders (ID/annotation.json) nor AVSBench's gt_masks")
    for folder in folders:
        yield from clip_frames(folder, log_offset)
