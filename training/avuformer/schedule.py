"""Learning rate by the clock: a run of fixed length always ends annealed, however slow the machine."""

from __future__ import annotations

import math
import time


class ClockSchedule:
    """Warm-up by steps, then a cosine over `minutes`, counting minutes of earlier, killed runs."""

    def __init__(self, minutes: float, warm_up: int, spent_minutes: float = 0.0) -> None:
        self.minutes, self.warm_up, self.earlier = minutes, warm_up, spent_minutes
        self.begun = time.monotonic()

    def spent(self) -> float:
        """Minutes of training so far."""
        return self.earlier + (time.monotonic() - self.begun) / 60

    def done(self) -> bool:
        """Whether the time is up."""
        return self.spent() >= self.minutes

    def factor(self, step: int) -> float:
        """What to multiply the base learning rate by."""
        progress = min(1.0, self.spent() / self.minutes)
        return min(1.0, (step + 1) / self.warm_up) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))
