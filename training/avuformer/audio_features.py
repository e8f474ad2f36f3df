"""From samples to log-mel patches and levels (16 kHz mono, samples in [-1, 1])."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

SAMPLE_RATE, FRAME, HOP, FFT, MEL_BINS, PATCH_FRAMES = 16000, 400, 160, 512, 64, 96
PATCH_SAMPLES = (PATCH_FRAMES - 1) * HOP + FRAME
LEVEL_SAMPLES = PATCH_FRAMES * HOP
YAMNET_OFFSET, VGGISH_OFFSET = 0.001, 0.01  # added to mel energies before the logarithm
PATCH_OFFSETS: tuple[float, ...] = (-0.48, 0.0, 0.48)


def mel_matrix() -> Tensor:
    """[257, 64] HTK mel weights as tf.signal computes them: 125–7500 Hz, the DC row is zero."""
    def to_mel(hz: Tensor) -> Tensor:
        return 1127.0 * torch.log1p(hz / 700.0)

    hertz = torch.linspace(0, SAMPLE_RATE / 2, FFT // 2 + 1, dtype=torch.float64)
    bins = to_mel(hertz)[1:, None]
    edges = torch.linspace(
        float(to_mel(torch.tensor(125.0, dtype=torch.float64))),
        float(to_mel(torch.tensor(7500.0, dtype=torch.float64))), MEL_BINS + 2, dtype=torch.float64,
    )
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    weights = torch.minimum((bins - low) / (centre - low), (high - bins) / (high - centre))
    return torch.cat([torch.zeros(1, MEL_BINS, dtype=torch.float64), weights.clamp(min=0)]).float()


_MEL = mel_matrix()
_WINDOW = torch.hann_window(FRAME, periodic=True)


def log_mel(samples: Tensor, offset: float = YAMNET_OFFSET) -> Tensor:
    """[..., PATCH_SAMPLES or more] → [..., frames, 64]: log(magnitude · mel + offset)."""
    frames = samples.unfold(-1, FRAME, HOP) * _WINDOW
    return torch.log(torch.fft.rfft(frames, n=FFT).abs() @ _MEL + offset)


def level(window: Tensor) -> Tensor:
    """Scaled loudness of [..., LEVEL_SAMPLES]: (20·log10(rms + 1e-5) + 40) / 20."""
    rms = window.square().mean(-1).sqrt()
    return (20.0 * torch.log10(rms + 1e-5) + 40.0) / 20.0


def frame_patches(samples: Tensor, start_s: float, log_offset: float = YAMNET_OFFSET) -> tuple[Tensor, Tensor]:
    """Patches [3,96,64] and levels [3] of the frame that starts at `start_s` seconds; zeros stand before and after.

    Each patch begins at round((start + offset) · 16000), halves away from zero.
    """
    patches, levels = [], []
    for offset in PATCH_OFFSETS:
        exact = (start_s + offset) * SAMPLE_RATE
        begin = int(math.copysign(math.floor(abs(exact) + 0.5), exact))
        inside = samples[max(begin, 0) : max(begin + PATCH_SAMPLES, 0)]
        before = min(max(-begin, 0), PATCH_SAMPLES)
        window = F.pad(inside, (before, PATCH_SAMPLES - before - len(inside)))
        patches.append(log_mel(window, log_offset))
        levels.append(level(window[:LEVEL_SAMPLES]))
    return torch.stack(patches), torch.stack(levels)
