"""The recorded run of variants: one command trains, answers and says what is compared with what."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from conftest import SCENES, TRACKS

from avuformer.losses import mask_loss
from parity.predictions import run_length

TRAINING = Path(__file__).resolve().parents[1]


def decoded(text: str, height: int, width: int) -> np.ndarray:
    """COCO's compressed run lengths read as its format is described."""
    runs: list[int] = []
    value = shift = 0
    for letter in text:
        code = ord(letter) - 48
        value |= (code & 31) << shift
        shift += 5
        if not code & 32:
            value -= (1 << shift) if code & 16 else 0
            runs.append(value + (runs[-2] if len(runs) > 2 else 0))
            value = shift = 0
    bits = np.repeat(np.arange(len(runs)) % 2, runs).astype(bool)
    return bits.reshape(width, height).T


def test_masks_survive_their_run_lengths() -> None:
    rng = np.random.default_rng(0)
    masks = [rng.random((7, 11)) < share for share in (0, 0.1, 0.5, 1)]
    big = np.zeros((192, 320), bool)
    big[40:150, 60:200] = big[100:110, 250:] = big[0, 0] = True
    for mask in (*masks, big):
        assert np.array_equal(decoded(run_length(mask), *mask.shape), mask)
    assert run_length(np.zeros((192, 320), bool)) == "PPl1"  # as the Swift engine writes it


def test_plain_cross_entropy_is_as_high_as_focal_where_nothing_is_known_and_higher_where_all_is() -> None:
    target = torch.zeros(1, 8, 8)
    assert torch.isclose(mask_loss(target, target), mask_loss(target, target, focal=False))
    sure = target - 3
    assert mask_loss(sure, target) < mask_loss(sure, target, focal=False) / 10


def test_one_command_trains_answers_and_goes_on(tiny: Path, tmp_path: Path) -> None:
    arguments = [
        sys.executable, "ablation.py", "--data", str(tiny / "data"), "--test", str(tiny / "data"), "--encoders",
        str(tiny / "start"), "--output", str(tmp_path), "--steps", "1", "--batch", "2", "--only", "ssu", "avc",
    ]
    subprocess.run([*arguments, "--seeds", "1"], cwd=TRAINING, check=True, capture_output=True)
    first = (tmp_path / "seed1/ssu/scene-0000/prediction.json").stat().st_mtime_ns
    subprocess.run([*arguments, "--seeds", "1", "2"], cwd=TRAINING, check=True, capture_output=True)
    assert (tmp_path / "seed1/ssu/scene-0000/prediction.json").stat().st_mtime_ns == first
    experiment = json.loads((tmp_path / "ablation.json").read_text())
    assert [table["rows"] for table in experiment["tables"]] == [
        ["AVC, seed 1", "AVC, seed 2", "SSU, seed 1", "SSU, seed 2"], ["MCM, seed 1", "MCM, seed 2"],
    ]
    assert {model["task"] for model in experiment["models"]} == {"ssu", "avc"}
    for model in experiment["models"]:
        clips = sorted((tmp_path / model["predictions"]).glob("*/prediction.json"))
        assert [clip.parent.name for clip in clips] == [f"scene-{scene:04d}" for scene in range(SCENES)]
        assert len(json.loads(clips[0].read_text())["frames"]) == TRACKS
    assert len(list((tmp_path / "truth").glob("*/masks/*.png"))) == SCENES * TRACKS
