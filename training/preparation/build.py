"""Makes the prepared files of sources.tsv, and their manifest."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from . import pictures, sounds
from .originals import Originals
from .pictures import Photographs


class Builder:
    """Prepares one row of the table after the other; notes what could not be made, and why."""

    def __init__(self, originals: Originals, output: Path) -> None:
        self.photographs, self.originals, self.output = Photographs(originals), originals, output
        self.made: list[dict[str, str]] = []
        self.problems: list[str] = []
        self.seen: Counter[tuple[str, str]] = Counter()  # of a source and a class: its cut-outs so far

    def make(self, row: dict[str, str], key: str) -> None:
        """Writes the row's file, whole or not at all, unless it is there."""
        number = self._number(row)
        file = self.output / row["file"]
        part = file.with_name(f"part.{file.name}")
        try:
            if not file.exists():
                file.parent.mkdir(parents=True, exist_ok=True)
                self._write(row, key, number, part)
                part.replace(file)
            self.made.append(row)
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            self.problems.append(str(error))

    def _number(self, row: dict[str, str]) -> int:
        """Which of its class a cut-out is in its photograph; which object of a photograph a mask shows."""
        if row["file"].startswith("scenes/") and row["file"].endswith(".png"):
            return int(Path(row["file"]).stem.partition("-")[2])
        self.seen[row["source"], row["class"]] += row["file"].startswith("cutouts/")
        return self.seen[row["source"], row["class"]] - 1

    def _write(self, row: dict[str, str], key: str, number: int, file: Path) -> None:
        group, source = row["file"].partition("/")[0], row["source"]
        if group == "sounds":
            sounds.write(file, sounds.sound(self.originals, key, source))
            return
        picture = self.photographs.photograph(key, source)
        if group == "cutouts":
            mask = self.photographs.mask(key, source, row["mask_by"], row["class"], number)
            pictures.write(file, pictures.cut_out(picture, mask))
        elif file.suffix == ".png":
            mask = self.photographs.objects(key, source, picture)[number][1]
            shape = pictures.shrunk(picture, pictures.SCENE).shape
            mask = cv2.resize(mask, shape[1::-1], interpolation=cv2.INTER_AREA)
            pictures.write(file, np.where(mask > 127, 255, 0).astype(np.uint8))
        else:
            pictures.write(file, pictures.shrunk(picture, pictures.SCENE))

    def manifest(self) -> dict[str, list[dict[str, Any]]]:
        """What compose.py reads: each file that was made, photographs with their objects."""
        found: dict[str, list[dict[str, Any]]] = {"cutouts": [], "scenes": [], "backgrounds": [], "sounds": []}
        for row in self.made:
            group, entries = row["file"].partition("/")[0], found[row["file"].partition("/")[0]]
            if group == "scenes" and row["file"].endswith(".png"):
                if entries and Path(entries[-1]["file"]).stem == Path(row["file"]).stem.partition("-")[0]:
                    entries[-1]["objects"].append({"class": row["class"], "mask": row["file"]})
                continue
            entry: dict[str, Any] = {name: row[name] for name in ("file", "source", "split")}
            entry |= {name: row[name] for name in ("class", "mask_by") if row[name]}
            entries.append(entry | ({"objects": []} if group == "scenes" else {}))
        found["scenes"] = [scene for scene in found["scenes"] if scene["objects"]]
        return found
