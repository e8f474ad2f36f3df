"""Sounds of nothing in particular, made by formulas: the model must not name them."""

from __future__ import annotations

import numpy as np

RATE = 16000


def synthetic_sound(rng: np.random.Generator, count: int) -> np.ndarray:
    """float32 [count]: one of several families with random parameters."""
    families = (_noise, _sweep, _bursts, _hum, _clanks)
    sound = families[int(rng.choice(len(families)))](rng, count).astype(np.float32)
    return sound / (np.abs(sound).max() + 1e-6) * 0.5


def _noise(rng: np.random.Generator, count: int) -> np.ndarray:
    """Noise with a random spectral slope and slow loudness changes (wind, water, machines)."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1 / RATE) + 20
    centre, width = np.exp(rng.uniform(4.5, 8.5)), rng.uniform(0.3, 2.0)
    shape = frequency ** -rng.uniform(0, 1) * np.exp(-(np.log(frequency / centre) / width) ** 2 / 2)
    time = np.arange(count) / RATE
    swell = 1 + rng.uniform(0, 0.9) * np.sin(2 * np.pi * (rng.uniform(0.1, 12) * time + rng.random()))
    return np.fft.irfft(spectrum * shape, count) * swell


def _sweep(rng: np.random.Generator, count: int) -> np.ndarray:
    """Tones that glide (whistles, electronics)."""
    time = np.arange(count) / RATE
    low, high = np.exp(rng.uniform(5, 8.5, 2))
    frequency = low + (high - low) * (0.5 + 0.5 * np.sin(2 * np.pi * rng.uniform(0.1, 6) * time))
    return np.sin(2 * np.pi * np.cumsum(frequency) / RATE)


def _bursts(rng: np.random.Generator, count: int) -> np.ndarray:
    """Short bursts of noise that die away (shots, knocks, fireworks)."""
    out = np.zeros(count)
    for _ in range(rng.integers(1, 8)):
        start, length = int(rng.integers(0, count)), int(rng.uniform(0.02, 0.5) * RATE)
        burst = rng.standard_normal(length) * np.exp(-np.arange(length) / length * rng.uniform(3, 9))
        kernel = np.ones(int(rng.integers(1, 12)))
        burst = np.convolve(burst, kernel / len(kernel), "same")
        end = min(count, start + length)
        out[start:end] += burst[: end - start] * rng.uniform(0.4, 1)
    return out


def _hum(rng: np.random.Generator, count: int) -> np.ndarray:
    """Many harmonics with rough modulation (motors, saws, razors)."""
    time = np.arange(count) / RATE
    base = np.exp(rng.uniform(3.5, 6.5)) * (1 + 0.05 * np.sin(2 * np.pi * rng.uniform(0.1, 3) * time))
    phase = 2 * np.pi * np.cumsum(base) / RATE
    tone = sum(rng.random() / (k ** rng.uniform(0, 1)) * np.sin(k * phase) for k in range(1, 16))
    return tone * (1 + 0.5 * rng.standard_normal(count) * rng.random())


def _clanks(rng: np.random.Generator, count: int) -> np.ndarray:
    """Struck metal and glass: decaying tones that share no fundamental."""
    out, time = np.zeros(count), np.arange(count) / RATE
    for _ in range(rng.integers(1, 5)):
        start = rng.integers(0, count)
        for frequency in np.exp(rng.uniform(6, 8.8, rng.integers(2, 7))):
            decay = np.exp(-time[: count - start] * rng.uniform(4, 40))
            out[start:] += np.sin(2 * np.pi * frequency * time[: count - start]) * decay * rng.random()
    return out
