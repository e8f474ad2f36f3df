"""Learning rate by steps: the same run, and the same end, on any machine and after any pause."""

from __future__ import annotations

import math


def rate_factor(step: int, steps: int, warm_up: int) -> float:
    """What to multiply the base learning rate by: a linear warm-up, then a cosine down to 2 %."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
    return min(1.0, (step + 1) / warm_up) * (0.02 + 0.98 * cosine)
