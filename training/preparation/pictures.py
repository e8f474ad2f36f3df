"""Photographs → cut-outs with an alpha channel, photographs with masks, and backgrounds."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from .originals import Originals

CUT_OUT, SCENE = 224, 360  # longest sides in pixels
# Number of a category of COCO, from 0 → ours
COCO: dict[int, str] = {
    1: "person", 3: "car", 4: "motorcycle", 5: "airplane", 6: "firetruck", 7: "train", 8: "firetruck", 16: "bird",
    17: "cat", 18: "dog", 19: "horse", 20: "sheep", 21: "cow", 73: "typing", 76: "typing", 77: "phone", 85: "clock",
}
# Folder of Caltech-101 → what DeepLab (Pascal VOC) may take such an object for
DEEPLAB: dict[str, list[str]] = {
    "airplanes": ["airplane"], "helicopter": ["airplane"], "car_side": ["car", "bus"],
    "dalmatian": ["dog", "cat", "cow"], "rooster": ["bird"], "pigeon": ["bird"], "ibis": ["bird"], "emu": ["bird"],
    "flamingo": ["bird"], "Leopards": ["cat", "dog"], "wild_cat": ["cat", "dog"], "cougar_face": ["cat", "dog"],
    "Motorbikes": ["motorcycle"], "Faces": ["person"], "llama": ["sheep", "horse", "cow"],
    "gerenuk": ["horse", "sheep", "cow", "dog"],
}
VOC = ("background airplane bicycle bird boat bottle bus car cat chair cow table dog horse motorcycle person plant "
       "sheep sofa train tv").split()


class Photographs:
    """The photographs of all origins, and the masks that belong to them."""

    def __init__(self, originals: Originals) -> None:
        self.originals = originals

    def photograph(self, key: str, source: str) -> np.ndarray:
        """BGR pixels of a source of sources.tsv."""
        name = source.partition("/")[2]
        if key == "i30":
            folder, file = name.split("/")
            part, number = re.fullmatch(r"(train|valid|test)(.+)", file).groups()  # type: ignore[union-attr]
            ending = f"{part}/{folder}/{number}"
        elif key == "cal":
            folder, file = re.fullmatch(r"(.+)(image_\d+\.jpg)", name).groups()  # type: ignore[union-attr]
            ending = f"{folder}/{file}"
        else:
            ending = {"ecssd": f"images/{name}", "coco": f"{name}.jpg", "hs": f"Training_Images/{name}.*"}[key]
        return read(self.originals.find(key, ending), cv2.IMREAD_COLOR)

    def mask(self, key: str, source: str, way: str, kind: str, number: int) -> np.ndarray:
        """Soft mask [h,w] of a cut-out, made in the given way: the `number`-th of its kind in its photograph."""
        picture, name = self.photograph(key, source), source.partition("/")[2]
        if way == "flood fill on white":
            return flood_filled(picture)
        if way == "data set polygon":
            masks = [mask for found, mask in self.polygons(name, picture, whole=True) if found == kind]
            return cv2.GaussianBlur(masks[number], (3, 3), 0)
        mask = self.objects(key, source, picture)[0][1]
        return cv2.GaussianBlur(mask, (3, 3), 0) if key == "hs" else mask

    def objects(self, key: str, source: str, picture: np.ndarray) -> list[tuple[str, np.ndarray]]:
        """Kind and soft mask of each object of a masked photograph; the kind is empty where only a table knows."""
        name = source.partition("/")[2]
        if key == "coco":
            merged: dict[str, np.ndarray] = {}
            for kind, mask in self.polygons(name, picture):
                merged[kind] = np.maximum(merged.get(kind, mask), mask)
            return [(kind, mask) for kind, mask in merged.items() if (mask > 0).mean() > 0.012]
        size = picture.shape[1::-1]
        if key == "cal":
            folder = re.sub(r"image_\d+\.jpg", "", name)
            chosen = np.isin(self.deeplab(picture), [VOC.index(kind) for kind in DEEPLAB[folder]])
            return [("", cv2.GaussianBlur(cv2.resize(chosen.astype(np.uint8) * 255, size), (5, 5), 0))]
        ending = f"ground_truth_mask/{Path(name).stem}.png" if key == "ecssd" else f"Ground_Truth/{name}.*"
        mask = cv2.resize(read(self.originals.find(key, ending), cv2.IMREAD_GRAYSCALE), size)
        return [("", np.where(mask > 127, 255, 0).astype(np.uint8) if key == "hs" else mask)]

    def polygons(self, name: str, picture: np.ndarray, whole: bool = False) -> list[tuple[str, np.ndarray]]:
        """Kind and mask of each polygon of COCO that is of ours; `whole`: large, and not cut by the border."""
        height, width = picture.shape[:2]
        found = []
        for line in self.originals.find("coco", f"{name}.txt").read_text().splitlines():
            number, *places = line.split()
            if kind := COCO.get(int(number)):
                corners = (np.array(places, float).reshape(-1, 2) * [width, height]).astype(np.int32)
                mask = np.zeros((height, width), np.uint8)
                cv2.fillPoly(mask, [corners], 255)
                ys, xs = np.nonzero(mask)
                inside = len(ys) and ys.min() > 1 and xs.min() > 1 and ys.max() < height - 2 and xs.max() < width - 2
                if not whole or (kind != "person" and inside and (mask > 0).mean() > 0.02):
                    found.append((kind, mask))
        return found

    @cached_property
    def deeplab(self) -> Callable[[np.ndarray], np.ndarray]:
        """DeepLabV3 MobileNetV2: BGR picture → class of Pascal VOC of each of 257×257 pixels."""
        file = self.originals.find("deeplab", "deeplab_v3_1_default_1.onnx")
        try:
            import onnxruntime
        except ImportError as error:
            raise ValueError("masks by DeepLab need onnxruntime: pip install onnxruntime") from error
        net = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
        name = net.get_inputs()[0].name

        def classes(picture: np.ndarray) -> np.ndarray:
            small = cv2.cvtColor(cv2.resize(picture, (257, 257)), cv2.COLOR_BGR2RGB).astype(np.float32)
            return np.asarray(net.run(None, {name: small[None] / 127.5 - 1})[0][0]).argmax(-1)

        return classes


def read(file: Path, flags: int) -> np.ndarray:
    """Pixels of a picture file."""
    picture = cv2.imread(str(file), flags)
    if picture is None:
        raise ValueError(f"{file} cannot be read as a picture")
    return picture


def flood_filled(picture: np.ndarray) -> np.ndarray:
    """Soft mask of what is not white and connected with the border."""
    padded = cv2.copyMakeBorder(picture, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    filled = np.zeros((padded.shape[0] + 2, padded.shape[1] + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (255 << 8)
    cv2.floodFill(padded, filled, (0, 0), 0, (14, 14, 14), (14, 14, 14), flags)
    inside = cv2.morphologyEx((filled[3:-3, 3:-3] == 0).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inside)
    if count < 2:
        raise ValueError("nothing stands out of the white")
    sizes = stats[1:, 4]
    kept = np.isin(labels, 1 + np.flatnonzero(sizes >= 0.1 * sizes.max()))
    return cv2.GaussianBlur(cv2.erode(kept.astype(np.uint8) * 255, np.ones((2, 2), np.uint8)), (3, 3), 0)


def cut_out(picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """BGRA of the mask's bounding box."""
    ys, xs = np.nonzero(mask > 127)
    box = np.s_[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    return np.dstack([shrunk(picture[box], CUT_OUT), shrunk(mask[box], CUT_OUT)])


def shrunk(picture: np.ndarray, longest: int) -> np.ndarray:
    """No side longer than that."""
    height, width = picture.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return picture
    size = max(8, int(width * scale)), max(8, int(height * scale))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def write(file: Path, pixels: np.ndarray) -> None:
    """WebP, JPEG or PNG, by the file's name."""
    quality = {".webp": [cv2.IMWRITE_WEBP_QUALITY, 90], ".jpg": [cv2.IMWRITE_JPEG_QUALITY, 92]}
    cv2.imwrite(str(file), pixels, quality.get(file.suffix, []))
