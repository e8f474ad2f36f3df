"""The bundled sample clips: which picture goes where, what it sounds like, and when.

Every source is of the test or the val split, so nothing here was trained on, and its licence lets anyone pass a
derived clip on: pictures of Caltech-101 (CC BY 4.0), sounds of ESC-10 that are CC0, and renderings of FluidR3_GM (MIT).
"""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Actor:
    """Something visible. `begin`, `end`: its centre in shares of the frame; `height`: share of the frame's height."""

    kind: str
    picture: str | None = None  # a cut-out, or None: the object of the background photograph
    begin: Point = (0.5, 0.5)
    end: Point = (0.5, 0.5)
    height: float = 0.5
    mirrored: bool = False
    standing: bool = False  # casts a shadow on the ground
    sound: str | None = None
    sound_from: float = 0.0  # second of the sound at which each run of `seconds` begins
    seconds: tuple[int, ...] = ()  # the seconds in which it sounds


@dataclass(frozen=True)
class Camera:
    """Centre (shares of the background) and zoom (1: as wide a view as fits) of the view."""

    centre: Point = (0.5, 0.5)
    zoom: float = 1.0


@dataclass(frozen=True)
class SampleClip:
    """One clip: `camera` goes from its first view to its second while the clip lasts."""

    name: str
    category: str
    notes: str
    seconds: int
    background: str
    actors: tuple[Actor, ...]
    camera: tuple[Camera, Camera] = (Camera(zoom=1.02), Camera(zoom=1.12))
    blur: float = 0.8  # of the background, in pixels
    off_screen: str | None = None  # a sound whose source is not visible
    noise_floor: bool = True  # faint hiss, as every recording has
    sound_track: bool = True


CLIPS: tuple[SampleClip, ...] = (
    SampleClip(
        "dog-then-pigeon", "dog", "Two possible sources: the dog barks for three seconds, then only the pigeon sounds.",
        6, "backgrounds/0384.jpg",
        (
            Actor("dog", "cutouts/dog-1961.webp", (0.27, 0.64), (0.29, 0.62), 0.76,
                  sound="sounds/dog-038.ogg", seconds=(0, 1, 2)),
            Actor("bird", "cutouts/bird-1685.webp", (0.76, 0.66), (0.73, 0.66), 0.58, standing=True, mirrored=True,
                  sound="sounds/bird-031.ogg", seconds=(3, 4, 5)),
        ),
    ),
    SampleClip(
        "piano-then-tuba", "piano", "Music with two possible sources: four seconds of piano, then four of tuba.",
        8, "backgrounds/0431.jpg",
        (
            Actor("piano", "cutouts/piano-1320.webp", (0.27, 0.62), (0.28, 0.62), 0.66, standing=True,
                  sound="sounds/piano-044.ogg", seconds=(0, 1, 2, 3)),
            Actor("tuba", "cutouts/tuba-1358.webp", (0.73, 0.62), (0.72, 0.54), 0.44,
                  sound="sounds/tuba-040.ogg", seconds=(4, 5, 6, 7)),
        ),
        (Camera((0.5, 0.6), 1.02), Camera((0.5, 0.6), 1.12)),
    ),
    SampleClip(
        "watch-beside-pigeon", "clock", "Two possible sources: the watch ticks all the time, the pigeon stays silent.",
        4, "backgrounds/0316.jpg",
        (
            Actor("bird", "cutouts/bird-1685.webp", (0.24, 0.60), (0.26, 0.60), 0.62, standing=True),
            Actor("clock", "cutouts/clock-1389.webp", (0.70, 0.52), (0.70, 0.50), 0.62,
                  sound="sounds/clock-006.ogg", seconds=(0, 1, 2, 3)),
        ),
    ),
    SampleClip(
        "piano-joined-by-a-dog", "piano", "Two sources at once: the piano plays alone, then the dog barks along.",
        6, "backgrounds/0368.jpg",
        (
            Actor("piano", "cutouts/piano-1325.webp", (0.70, 0.60), (0.69, 0.60), 0.70, standing=True,
                  sound="sounds/piano-045.ogg", seconds=(0, 1, 2, 3, 4, 5)),
            Actor("dog", "cutouts/dog-1972.webp", (0.22, 0.66), (0.25, 0.66), 0.72,
                  sound="sounds/dog-040.ogg", seconds=(3, 4, 5)),
        ),
        (Camera((0.45, 0.6), 1.12), Camera((0.45, 0.6), 1.20)),
    ),
    SampleClip(
        "helicopter-passing-a-pyramid", "helicopter", "A helicopter flies by while the view moves along.",
        5, "backgrounds/0427.jpg",
        (Actor("helicopter", "cutouts/helicopter-1811.webp", (0.72, 0.26), (0.34, 0.36), 0.40,
               sound="sounds/helicopter-018.ogg", seconds=(0, 1, 2, 3, 4)),),
        (Camera((0.6, 0.40), 1.10), Camera((0.4, 0.40), 1.10)),
    ),
    SampleClip(
        "dog-with-a-pause", "dog", "A photograph with its own object: the dog barks, is silent, and barks again.",
        6, "scenes/0244.jpg",
        (Actor("dog", sound="sounds/dog-011.ogg", seconds=(0, 1, 4, 5)),),
        (Camera((0.5, 0.42), 1.0), Camera((0.5, 0.46), 1.12)), 0.0,
    ),
    SampleClip(
        "rain-out-of-sight", "none", "Rain is heard and its source is not visible: the piano stays silent.",
        4, "backgrounds/0374.jpg",
        (Actor("piano", "cutouts/piano-1341.webp", (0.32, 0.63), (0.34, 0.63), 0.64, standing=True),),
        (Camera((0.5, 0.8), 1.02), Camera((0.5, 0.8), 1.10)),
        off_screen="sounds/noise-141.ogg",
    ),
    SampleClip(
        "silent-dog-and-tuba", "none", "Digital silence: a dog and a tuba are visible, nothing sounds.",
        4, "backgrounds/0371.jpg",
        (
            Actor("dog", "cutouts/dog-1962.webp", (0.28, 0.62), (0.30, 0.62), 0.80),
            Actor("tuba", "cutouts/tuba-1361.webp", (0.73, 0.56), (0.71, 0.52), 0.44),
        ),
        noise_floor=False,
    ),
    SampleClip(
        "motorcycle-without-a-sound-track", "none", "The file has no sound track at all; a motorcycle is visible.",
        3, "backgrounds/0376.jpg",
        (Actor("motorcycle", "cutouts/motorcycle-2164.webp", (0.34, 0.68), (0.58, 0.68), 0.52, standing=True),),
        sound_track=False,
    ),
)
