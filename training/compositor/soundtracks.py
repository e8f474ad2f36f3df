"""Sound tracks for a picture: what sounds, what is silent, and noise that means nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avuformer.categories import PERSON_ACTIONS, visual_kind

from .pictures import Picture
from .sound_augmentation import augment
from .sources import UNKNOWN, Sources
from .synthetic_sounds import synthetic_sound

RATE = 16000
LEAD = 7680  # samples before the frame's second: 0.48 s
COUNT = LEAD + RATE + RATE // 2
MIN_AREA = 0.006
KINDS: tuple[str, ...] = ("sounding", "noise floor", "digital silence", "unknown", "off-screen")
SHARES: tuple[float, ...] = (0.68, 0.08, 0.02, 0.14, 0.08)
VARIED_SHARES: tuple[float, ...] = (0.64, 0.07, 0.02, 0.18, 0.09)

# Sounds of one group can hardly be told apart: none is an off-screen sound beside another.
CONFUSED: list[frozenset[str]] = [
    frozenset(group) for group in (
        ("car", "motorcycle", "train", "firetruck"), ("airplane", "helicopter"), ("bird", "rooster"),
        ("violin", "cello"), ("drum", "congas"), ("clarinet", "flute", "saxophone"),
        ("trumpet", "tuba"), ("guitar", "banjo", "harp"), ("piano", "xylophone"), PERSON_ACTIONS,
    )
]


@dataclass
class Track:
    """float32 [COUNT] that starts 0.48 s before the second; which categories and things sound in it."""

    samples: np.ndarray
    categories: set[str]
    things: list[bool]
    heard: set[str]  # categories audible in the second, on screen or off
    kind: str


class SoundComposer:
    """Mixes tracks from the sources of one split; `varied` puts them in other rooms and pitches."""

    def __init__(self, sources: Sources, rng: np.random.Generator, varied: bool = False) -> None:
        self.sources, self.rng, self.varied = sources, rng, varied
        self.known = sources.audible_kinds()

    def actions(self, picture: Picture) -> list[str | None]:
        """The category that each thing would sound as; every free person does the same."""
        person = str(self.rng.choice([a for a in PERSON_ACTIONS if a in self.known]))
        out: list[str | None] = []
        for index, thing in enumerate(picture.things):
            action: str | None = person if thing.kind == "person" else thing.kind
            silent = picture.area(index) < MIN_AREA or action not in self.known
            out.append(None if silent or (thing.plays and self.rng.random() > 0.15) else action)
        return out

    def compose(self, picture: Picture) -> tuple[Track, list[str | None]]:
        """One track and the actions it rests on."""
        rng, actions = self.rng, self.actions(picture)
        visible = sorted({a for a in actions if a})
        kind = str(rng.choice(KINDS, p=VARIED_SHARES if self.varied else SHARES))
        if kind == "sounding" and not visible:
            kind = str(rng.choice(["off-screen", "unknown", "noise floor"]))
        samples = np.zeros(COUNT, np.float32)
        heard: set[str] = set()
        if kind == "sounding":
            for name in rng.permutation(visible)[: int(rng.choice([1, 2], p=[0.75, 0.25]))]:
                self._add(samples, heard, str(name))
        hidden = self.off_screen(picture)
        if hidden and (kind == "off-screen" or (kind == "sounding" and rng.random() < 0.08)):
            self._add(samples, heard, str(rng.choice(hidden)))
        if kind == "unknown":
            samples += self.unknown(picture)
        elif kind != "digital silence":
            self._add_floor(samples, kind == "noise floor")
        if kind != "digital silence":
            self._set_level(samples, kind)
        self._cut_ends(samples)
        sounding = heard & set(visible)
        return Track(np.clip(samples, -1, 1), sounding, [a in sounding for a in actions], heard, kind), actions

    def off_screen(self, picture: Picture) -> list[str]:
        """Categories whose source is not in the picture, nor anything that sounds like it."""
        seen = {thing.kind for thing in picture.things}
        groups = [g for g in CONFUSED if any(visual_kind(name) in seen for name in g)]
        return [n for n in self.known if visual_kind(n) not in seen and not any(n in g for g in groups)]

    def stretch(self, sounds: list[np.ndarray]) -> np.ndarray:
        """A random piece of a random sound, repeated with gaps when it is short."""
        rng = self.rng
        sound = sounds[int(rng.integers(len(sounds)))].astype(np.float32)
        if len(sound) < COUNT:
            gap = np.zeros(int(rng.uniform(0.02, 0.5) * RATE), np.float32)
            sound = np.tile(np.concatenate([sound, gap]), COUNT // (len(sound) + len(gap)) + 2)
        start = int(rng.integers(0, len(sound) - COUNT + 1))
        sound = sound[start : start + COUNT].copy()
        return augment(rng, sound) if self.varied else sound

    def unknown(self, picture: Picture | None) -> np.ndarray:
        """A sound of no category: recorded, made by a formula, or both."""
        draw = self.rng.random()
        if picture is not None and {"drum", "congas"} & {t.kind for t in picture.things}:
            draw = 0.0  # bursts are too near to drums
        recorded = self.stretch(self.sources.sounds[UNKNOWN])
        if draw < 0.55:
            return recorded
        made = synthetic_sound(self.rng, COUNT)
        return made if draw < 0.9 else made + recorded

    def _add(self, samples: np.ndarray, heard: set[str], name: str) -> None:
        """Adds a sound that may be muted before or after the second, seldom in it; notes if it is heard."""
        rng = self.rng
        sound = self.stretch(self.sources.sounds[name])
        whole = np.sqrt((sound**2).mean()) + 1e-6
        gates = np.repeat(
            np.array([rng.random() < 0.75, rng.random() < 0.92, rng.random() < 0.75], np.float32),
            [LEAD, RATE, COUNT - LEAD - RATE],
        )
        sound *= np.convolve(gates, np.ones(320) / 320, "same")
        inner = np.sqrt((sound[LEAD : LEAD + RATE] ** 2).mean())
        if inner > max(0.12 * whole, 0.003):
            heard.add(name)
        samples += sound * 10 ** (rng.uniform(-10, 3) / 20)

    def _add_floor(self, samples: np.ndarray, alone: bool) -> None:
        rng = self.rng
        if not alone and rng.random() > 0.6:
            return
        white = rng.standard_normal(COUNT).astype(np.float32)
        noise = self.stretch(self.sources.sounds[UNKNOWN]) if rng.random() < 0.6 else white
        loud = max(float(np.sqrt((samples**2).mean())), 0.01)
        samples += noise * loud / (np.sqrt((noise**2).mean()) + 1e-6) * 10 ** (-rng.uniform(3, 30) / 20)

    def _set_level(self, samples: np.ndarray, kind: str) -> None:
        low, high = (-80, -30) if kind == "noise floor" else (-38, -10)
        rms = float(np.sqrt((samples**2).mean()))
        if rms > 1e-7:
            samples *= 10 ** (self.rng.uniform(low, high) / 20) / rms

    def _cut_ends(self, samples: np.ndarray) -> None:
        """Some frames are a clip's first or last: nothing before or after their second."""
        draw = self.rng.random()
        if draw < 0.1:
            samples[:LEAD] = 0
        elif draw < 0.2:
            samples[LEAD + RATE :] = 0
