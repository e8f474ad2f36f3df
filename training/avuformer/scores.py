"""Scores of masks and sentences over frames, as the AVSBench protocol counts them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

F_BETA_SQUARED = 0.3


def intersection_over_union(mask: np.ndarray, truth: np.ndarray) -> float:
    """IoU of boolean masks; with an empty truth, the share of pixels rightly left empty."""
    if not truth.any():
        return float((~mask).mean())
    return float((mask & truth).sum() / (mask | truth).sum())


def f_score(mask: np.ndarray, truth: np.ndarray) -> float:
    """F with β² = 0.3 of boolean masks at the shipped threshold (not the best over thresholds)."""
    hits = (mask & truth).sum()
    precision, recall = hits / max(1, mask.sum()), hits / max(1, truth.sum())
    if hits == 0:
        return 0.0
    return float((1 + F_BETA_SQUARED) * precision * recall / (F_BETA_SQUARED * precision + recall))


@dataclass
class Tally:
    """Collects frames and sums them up."""

    ious: list[float] = field(default_factory=list)
    sounding_ious: list[float] = field(default_factory=list)
    fs: list[float] = field(default_factory=list)
    decisions: list[tuple[bool, bool]] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)

    def add(self, mask: np.ndarray, truth: np.ndarray, sentence: str, wanted: list[str] | None) -> None:
        """One frame: final mask (empty when silent) and sentence, and what they should be."""
        self.ious.append(intersection_over_union(mask, truth))
        self.decisions.append((bool(mask.any()), bool(truth.any())))
        if truth.any():
            self.sounding_ious.append(self.ious[-1])
            self.fs.append(f_score(mask, truth))
            if wanted:
                self.exact.append(sentence in wanted)

    def extend(self, other: Tally) -> None:
        """Adds the frames of another tally."""
        for name, values in vars(other).items():
            getattr(self, name).extend(values)

    def summary(self) -> dict[str, float]:
        """Means, and how often sound and silence are told apart."""
        decisions = np.array(self.decisions, bool).reshape(-1, 2)
        silent, sounding = decisions[~decisions[:, 1], 0], decisions[decisions[:, 1], 0]
        values = {
            "frames": len(self.ious), "sounding_frames": len(self.sounding_ious),
            "mIoU": _mean(self.ious), "sounding_IoU": _mean(self.sounding_ious), "F": _mean(self.fs),
            "presence_accuracy": _mean(decisions[:, 0] == decisions[:, 1]),
            "silent_kept_empty": _mean(~silent), "sounding_found": _mean(sounding),
            "sentence_exact": _mean(self.exact),
        }
        return {name: round(value, 4) for name, value in values.items()}


def _mean(values: object) -> float:
    array = np.asarray(values, float)
    return float(array.mean()) if len(array) else float("nan")
