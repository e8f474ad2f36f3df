"""What a model says of held-out scenes, as the files that `avu evaluate` scores."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

HEIGHT, WIDTH = 192, 320


def run_length(mask: np.ndarray) -> str:
    """COCO's compressed run lengths of a boolean mask [h,w]: runs down the columns, each as its difference
    from the one two before it, five bits a character."""
    flat = mask.T.reshape(-1)
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    runs = np.diff(np.concatenate([[0] if flat[:1].any() else [], [0], edges, [flat.size]])).astype(int).tolist()
    text = ""
    for place, run in enumerate(runs):
        value = run - runs[place - 2] if place > 2 else run
        while True:
            bits, value = value & 31, value >> 5
            more = value != (-1 if bits & 16 else 0)
            text += chr(48 + bits + 32 * more)
            if not more:
                break
    return text


def scene_name(scene: int) -> str:
    """The clip id of a scene, whose sound tracks are the clip's seconds."""
    return f"scene-{scene:04d}"


def write_truth(composites: Path, folder: Path) -> None:
    """A folder written by compose.py → one clip folder a scene, without video."""
    labels, sounding = (np.load(composites / f"{name}.npy", mmap_mode="r") for name in ("labels", "sounding"))
    captions = json.loads((composites / "sentences.json").read_text())
    for scene, picture in enumerate(labels):
        clip = folder / scene_name(scene)
        (clip / "masks").mkdir(parents=True, exist_ok=True)
        tables = [np.array([False, *track]) for track in sounding[scene]]
        for index, table in enumerate(tables):
            cv2.imwrite(str(clip / "masks" / f"{index:05d}.png"), table[picture].astype(np.uint8) * 255)
        write_json(clip / "annotation.json", {
            "id": clip.name, "source": "training/compose.py", "category": "none",
            "frame_times": [index + 0.5 for index in range(len(tables))],
            "sounding": [bool(table[picture].any()) for table in tables], "captions": captions[scene],
        })


def write_prediction(folder: Path, scene: int, task: str, frames: list[dict[str, object]]) -> None:
    """`prediction.json` of a scene; each frame has "sounding", "score", "mask" (bool [h,w]) and "caption"."""
    clip = folder / scene_name(scene)
    clip.mkdir(parents=True, exist_ok=True)
    write_json(clip / "prediction.json", {
        "format": 1,
        "clip": {"id": clip.name, "sha256": "0" * 64, "duration": len(frames), "fps": 1, "width": WIDTH,
                 "height": HEIGHT},
        "model": {"name": folder.name, "sha256": "0" * 64, "task": task},
        "frames": [
            frame | {
                "index": index, "time": index + 0.5, "objects": [],
                "mask": {"size": [HEIGHT, WIDTH], "counts": run_length(np.asarray(frame["mask"]))},
            }
            for index, frame in enumerate(frames)
        ],
        "timings": {"decode_s": 0, "model_s": 0, "total_s": 0},
    })


def write_json(file: Path, content: object) -> None:
    """A whole file or none."""
    part = file.with_suffix(".part")
    part.write_text(json.dumps(content, indent=1) + "\n")
    part.replace(file)
