"""Other rooms, microphones and pitches: what a few recordings of a class do not show."""

from __future__ import annotations

import numpy as np

RATE = 16000


def augment(rng: np.random.Generator, sound: np.ndarray) -> np.ndarray:
    """float32 [n] → [n]: another speed (and so pitch), another frequency response, a room around it."""
    if rng.random() < 0.6:
        sound = change_speed(sound, float(np.exp(rng.uniform(-0.22, 0.22))))
    if rng.random() < 0.65:
        sound = _filter(rng, sound)
    return sound.astype(np.float32)


def change_speed(sound: np.ndarray, factor: float) -> np.ndarray:
    """Plays `factor` times as fast; what is missing at the end comes from the beginning again."""
    count = len(sound)
    places = np.arange(count) * factor % (count - 1)
    return np.interp(places, np.arange(count), sound)


def _filter(rng: np.random.Generator, sound: np.ndarray) -> np.ndarray:
    """One multiplication in the frequency domain: tilt, two bumps, band limits, reverberation."""
    size = 1 << (len(sound) + RATE // 2 - 1).bit_length()
    hertz = np.fft.rfftfreq(size, 1 / RATE) + 20
    octaves = np.log2(hertz / 1000)
    gain = rng.uniform(-4, 4) * octaves
    for _ in range(2):
        gain = gain + rng.uniform(-9, 9) * np.exp(-((octaves - rng.uniform(-3, 2.5)) / rng.uniform(0.3, 1.2)) ** 2)
    if rng.random() < 0.25:  # a small loudspeaker, or a poor encoder
        gain = gain - 24 * np.log2(1 + (rng.uniform(80, 400) / hertz) ** 2)
        gain = gain - 24 * np.log2(1 + (hertz / rng.uniform(2500, 7000)) ** 2)
    response: np.ndarray = 10 ** (np.clip(gain, -50, 20) / 20)
    if rng.random() < 0.5:
        length = int(rng.uniform(0.05, 0.5) * RATE)
        tail = rng.standard_normal(length) * np.exp(-np.arange(length) * 6.9 / length)
        tail *= rng.uniform(0.1, 0.8) / np.sqrt((tail**2).sum())
        response = response * (1 + np.fft.rfft(tail, size))
    out = np.fft.irfft(np.fft.rfft(sound, size) * response, size)[: len(sound)]
    return out * np.sqrt((sound**2).mean()) / (np.sqrt((out**2).mean()) + 1e-9)
