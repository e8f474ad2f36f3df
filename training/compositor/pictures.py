"""Composes one picture: a photograph or a background, with cut-outs pasted on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from avuformer.categories import INSTRUMENTS, visual_kind

from .sources import Sources

WIDTH, HEIGHT = 320, 192
REAL_SHARE = 0.5
MAX_OBJECTS = 5
CLOSE_UPS = 0.2


@dataclass
class Thing:
    """One visible object; `played`: by a visible person; `plays`: is such a person."""

    kind: str
    played: bool = False
    plays: bool = False


@dataclass
class Picture:
    """uint8 [192,320,3] RGB; labels uint8 [192,320]: 0 = nothing, i + 1 = things[i]."""

    pixels: np.ndarray
    labels: np.ndarray
    things: list[Thing]

    def area(self, index: int) -> float:
        """Visible share of the picture that things[index] covers."""
        return float((self.labels == index + 1).mean())


class PictureComposer:
    """Draws pictures from the sources of one split; `varied` adds close-ups."""

    def __init__(self, sources: Sources, rng: np.random.Generator, varied: bool = False) -> None:
        self.sources, self.rng, self.varied = sources, rng, varied
        self.pasteable = sorted({
            visual_kind(n) for n in sources.audible_kinds() if sources.cutouts.get(visual_kind(n))
        })
        self.scene_kinds = sorted(k for k in sources.scenes if k != "other")

    def compose(self) -> Picture:
        """One picture with 0 to 5 objects."""
        rng = self.rng
        labels, things = np.zeros((HEIGHT, WIDTH), np.uint8), []
        if rng.random() < REAL_SHARE and self.scene_kinds:
            scene = self._pick(self.sources.scenes[str(rng.choice(self.scene_kinds))])
            near = self.varied and rng.random() < CLOSE_UPS
            canvas, masks = self._crop(scene.picture, scene.masks, near)
            for kind, mask in zip(scene.kinds, masks, strict=True):
                things.append(Thing(kind))
                labels[mask > 127] = len(things)
            extra = int(rng.choice([0, 1, 2], p=[0.6, 0.3, 0.1]))
        else:
            canvas = self._background()
            extra = int(rng.choice([0, 1, 2, 3], p=[0.04, 0.36, 0.41, 0.19]))
        canvas = canvas.astype(np.float32)
        if len(things) == 1 and things[0].kind == "person" and rng.random() < 0.6:
            self._give_instrument(canvas, labels, things)
        for _ in range(extra):
            if len(things) < MAX_OBJECTS:
                self._add(canvas, labels, things)
        return Picture(self._finish(canvas), labels, things)

    def _pick(self, items: list) -> Any:
        return items[int(self.rng.integers(len(items)))]

    def _add(self, canvas: np.ndarray, labels: np.ndarray, things: list[Thing]) -> None:
        """Pastes one more object: the same again, a silent one, or any; players with instruments."""
        rng, draw = self.rng, self.rng.random()
        pasted = [t.kind for t in things if t.kind in self.pasteable and not t.plays]
        if draw < 0.12 and pasted:
            kind = pasted[-1]
        elif draw < 0.24 and self.sources.cutouts.get("other"):
            kind = "other"
        else:
            kind = str(rng.choice(self.pasteable))
        with_player = kind in INSTRUMENTS and rng.random() < 0.4 and self.sources.cutouts.get("person")
        if not with_player or len(things) + 2 > MAX_OBJECTS:
            self._paste(canvas, labels, things, Thing(kind), None)
            return
        self._paste(canvas, labels, things, Thing("person"), "standing")
        self._give_instrument(canvas, labels, things, kind)

    def _give_instrument(self, canvas: np.ndarray, labels: np.ndarray, things: list[Thing],
                         kind: str | None = None) -> None:
        """Pastes an instrument in front of the last object, a person, who becomes its player."""
        rng = self.rng
        rows, columns = np.where(labels == len(things))
        if len(rows) == 0:
            return
        kind = kind or str(rng.choice([k for k in self.pasteable if k in INSTRUMENTS]))
        height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
        size = float(np.clip(rng.uniform(0.4, 0.95) * max(width, 0.5 * height), 40, HEIGHT * 0.95))
        centre = (columns.mean() + rng.uniform(-0.25, 0.25) * width,
                  rows.mean() + rng.uniform(-0.1, 0.28) * height)
        things[-1].plays = True
        self._paste(canvas, labels, things, Thing(kind, played=True), (*centre, size))

    def _paste(self, canvas: np.ndarray, labels: np.ndarray, things: list[Thing], thing: Thing,
               place: tuple[float, float, float] | str | None) -> None:
        rng = self.rng
        rgba = self._pick(self.sources.cutouts[thing.kind])
        colour, alpha = self._jitter(rgba[..., :3]), rgba[..., 3].astype(np.float32) / 255
        if rng.random() < 0.5:
            colour, alpha = colour[:, ::-1], alpha[:, ::-1]
        height, width = alpha.shape
        if isinstance(place, tuple):
            x, y, size = place
            scale = size / max(height, width)
        else:
            scale = self._free_scale(thing.kind, alpha)
            x, y = rng.uniform(0.1, 0.9) * WIDTH, rng.uniform(0.25, 0.8) * HEIGHT
            if place == "standing":
                y = HEIGHT - height * scale * rng.uniform(0.35, 0.5)
        small = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        size_px = (max(2, round(width * scale)), max(2, round(height * scale)))
        colour = cv2.resize(np.ascontiguousarray(colour), size_px, interpolation=small)
        alpha = cv2.resize(np.ascontiguousarray(alpha), size_px, interpolation=small)
        angle = rng.uniform(-20, 20) if rng.random() < 0.5 else 0.0
        move = cv2.getRotationMatrix2D((size_px[0] / 2, size_px[1] / 2), angle, 1.0)
        move[:, 2] += (x - size_px[0] / 2, y - size_px[1] / 2)
        alpha = cv2.warpAffine(alpha, move, (WIDTH, HEIGHT))
        colour = cv2.warpAffine(colour, move, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
        canvas *= 1 - alpha[..., None]
        canvas += colour * alpha[..., None]
        things.append(thing)
        labels[alpha > 0.5] = len(things)

    def _free_scale(self, kind: str, alpha: np.ndarray) -> float:
        height, width = alpha.shape
        target = np.exp(self.rng.uniform(np.log(0.04), np.log(0.35))) * WIDTH * HEIGHT
        if self.varied and self.rng.random() < CLOSE_UPS / 2:
            return float(np.sqrt(self.rng.uniform(0.4, 1.0) * WIDTH * HEIGHT / max(1.0, alpha.sum())))
        scale = min(np.sqrt(target / max(1.0, alpha.sum())), 1.05 * HEIGHT / height, 0.95 * WIDTH / width)
        return float(max(scale, 0.7 * HEIGHT / height) if kind in ("person", "cello", "harp") else scale)

    def _background(self) -> np.ndarray:
        rng = self.rng
        if rng.random() < 0.2 or not self.sources.backgrounds:
            ends = rng.integers(0, 256, (2, 3))
            axis = np.linspace(0, 1, WIDTH)[None, :, None] if rng.random() < 0.5 \
                else np.linspace(0, 1, HEIGHT)[:, None, None]
            return np.broadcast_to(ends[0] * (1 - axis) + ends[1] * axis, (HEIGHT, WIDTH, 3)).copy()
        picture, _ = self._crop(self._pick(self.sources.backgrounds), [])
        return cv2.GaussianBlur(picture, (0, 0), rng.uniform(1, 4)) if rng.random() < 0.25 else picture

    def _crop(self, picture: np.ndarray, masks: list[np.ndarray],
              near: bool = False) -> tuple[np.ndarray, list[np.ndarray]]:
        """A random window (stretched a little, mirrored half the time) that keeps the first object;
        `near`: the object fills it, or more."""
        rng = self.rng
        height, width = picture.shape[:2]
        aspect, zoom = WIDTH / HEIGHT * np.exp(rng.uniform(-0.25, 0.25)), rng.uniform(0.75, 1)
        h, w = (height, height * aspect) if width / height > aspect else (width / aspect, width)
        h, w = (height, width) if rng.random() < 0.3 else (max(8, int(h * zoom)), max(8, int(w * zoom)))
        y, x = int(rng.integers(0, height - h + 1)), int(rng.integers(0, width - w + 1))
        if masks and masks[0].any():
            rows, columns = np.where(masks[0] > 127)
            if near and len(rows):
                wanted = max(np.ptp(rows), np.ptp(columns) / aspect, 48) * rng.uniform(0.6, 1.15)
                h = int(min(h, max(wanted, 32)))
                w = int(min(w, max(8, h * aspect)))
            y = int(np.clip(rows.mean() - h * rng.uniform(0.3, 0.7), 0, height - h))
            x = int(np.clip(columns.mean() - w * rng.uniform(0.3, 0.7), 0, width - w))
        step = -1 if rng.random() < 0.5 else 1
        cut = [
            cv2.resize(a[y : y + h, x : x + w], (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)[:, ::step]
            for a in [picture, *masks]
        ]
        return np.ascontiguousarray(cut[0]), cut[1:]

    def _jitter(self, colour: np.ndarray) -> np.ndarray:
        rng = self.rng
        out = colour.astype(np.float32) * rng.uniform(0.6, 1.3) + rng.uniform(-30, 30)
        if rng.random() < 0.3:
            out = out * (1 + rng.uniform(-0.2, 0.2, 3))
        if rng.random() < 0.15:
            grey = out.mean(2, keepdims=True)
            out = grey + (out - grey) * rng.uniform(0, 0.8)
        return np.clip(out, 0, 255).astype(np.float32)

    def _finish(self, canvas: np.ndarray) -> np.ndarray:
        """Light, blur, noise and compression over the whole picture."""
        rng = self.rng
        canvas = canvas * rng.uniform(0.8, 1.2) + rng.uniform(-20, 20)
        if rng.random() < 0.2:
            canvas = cv2.GaussianBlur(canvas, (0, 0), rng.uniform(0.5, 1.6))
        if rng.random() < 0.25:
            canvas = canvas + rng.standard_normal((HEIGHT, WIDTH, 1)) * rng.uniform(2, 10)
        pixels = np.clip(canvas, 0, 255).astype(np.uint8)
        if rng.random() < 0.35:
            data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))])[1]
            pixels = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))
        return pixels
