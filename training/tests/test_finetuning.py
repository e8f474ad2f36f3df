"""Fine-tuning: reading annotated clips, new words and categories, and an export that can be used."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import soundfile
import torch

from annotated.clips import annotated_frames, clip_folders
from annotated.widening import widened
from avuformer.categories import CATEGORIES, Category
from avuformer.config import ModelConfig
from avuformer.export import export_model, load_exported
from avuformer.model import AVUFormer
from avuformer.vocabulary import VOCABULARY
from base.configurations import narrow_base_config
from finetune import mirrored
from parity.random_weights import randomise_statistics

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".build" / "release" / "avu"
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg")


@torch.no_grad()
def test_a_wider_model_says_what_it_said() -> None:
    torch.manual_seed(2)
    model = AVUFormer(ModelConfig())
    randomise_statistics(model, torch.Generator().manual_seed(2))
    kinds = [*CATEGORIES, Category("gong", "gong", "sounding")]
    wide = widened(model, kinds, VOCABULARY.widened(["A red gong sounds"])).eval()
    inputs = torch.randn(2, 3, 192, 320), torch.randn(2, 3, 96, 64), torch.randn(2, 3)
    before, after = model.eval()(*inputs), wide(*inputs)
    assert torch.allclose(before.mask, after.mask, atol=1e-4)
    assert torch.allclose(before.categories, after.categories[:, :-1], atol=1e-4)
    assert (after.categories[:, -1] < 0).all() and after.categories.shape[1] == 36
    assert wide.config.vocabulary.words[-4:] == ("a", "gong", "red", "sounds")
    with pytest.raises(ValueError, match="behind the old ones"):
        widened(model, kinds[1:], VOCABULARY)


def test_a_mirror_swaps_left_and_right() -> None:
    assert mirrored("The dog on the left is barking. A cat.") == "The dog on the right is barking. A cat."


@needs_ffmpeg
def test_clip_folders_become_frames(tmp_path: Path) -> None:
    name = "dog-then-pigeon"
    shutil.copytree(ROOT / "samples" / name, tmp_path / name)
    frames = list(annotated_frames(tmp_path))
    assert [f.sentences for f in frames][2:4] == [["The dog is barking."], ["The bird is chirping."]]
    assert all(f.mask.any() and f.mask.shape == f.picture.shape[:2] for f in frames)
    (tmp_path / "dataset.json").write_text(json.dumps({"splits": {"train": [], "test": [name]}}))
    assert clip_folders(tmp_path, "train") == [] and len(clip_folders(tmp_path, "test")) == 1
    with pytest.raises(ValueError, match="neither clip folders"):
        list(annotated_frames(tmp_path))


@needs_ffmpeg
@pytest.mark.parametrize("category", ["dog", None])
def test_the_layout_of_avsbench_becomes_frames(category: str | None, tmp_path: Path) -> None:
    inner = Path("train", *([category] if category else []))
    mask, picture = np.zeros((60, 100), np.uint8), np.full((60, 100, 3), 90, np.uint8)
    for folder in ("gt_masks", "visual_frames"):
        (tmp_path / folder / inner / "abc_1").mkdir(parents=True)
    (tmp_path / "audio_wav" / inner).mkdir(parents=True)
    for second in (1, 2):
        mask[10:30] = 255 * (second == 1)
        cv2.imwrite(str(tmp_path / "gt_masks" / inner / "abc_1" / f"abc_1_{second}.png"), mask)
        cv2.imwrite(str(tmp_path / "visual_frames" / inner / "abc_1" / f"abc_1.mp4_{second}.png"), picture)
    soundfile.write(tmp_path / "audio_wav" / inner / "abc_1.wav", np.full(32000, 0.1), 16000)
    first, second_ = annotated_frames(tmp_path)
    assert (first.clip, first.begin, first.category, first.sentences) == ("abc_1", 0.0, category, None)
    assert first.mask[20].all() and not second_.mask.any() and second_.sentences == [""]
    assert second_.levels[1] > -2  # its second of the sound, not silence


@needs_ffmpeg
@pytest.mark.parametrize("unfreeze", [False, True])
def test_a_narrow_base_is_fine_tuned(unfreeze: bool, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "samples" / "dog-then-pigeon", tmp_path / "clips" / "dog-then-pigeon")
    torch.manual_seed(3)
    start = AVUFormer(narrow_base_config())
    export_model(start.eval(), tmp_path / "start")
    done = subprocess.run(
        [sys.executable, "finetune.py", "--data", str(tmp_path / "clips"), "--steps", "3", "--batch", "2",
         "--model", str(tmp_path / "start"), "--output", str(tmp_path / "mine"), *(["--unfreeze"] if unfreeze else [])],
        cwd=ROOT / "training", capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert lines[-1]["step"] == 3
    assert all(np.isfinite(lines[-1][part]) for part in ("mask", "description", "consistency"))
    before, after = (load_exported(tmp_path / name).state_dict() for name in ("start", "mine"))
    changed = {name.split(".")[0] for name, value in after.items() if not torch.equal(value, before[name])}
    assert {"mask_collaboration", "description_decoder", "mask_decoder"} <= changed
    encoders = {"visual_encoder", "audio_encoder", "region_encoder"}
    assert encoders <= changed if unfreeze else not encoders & changed


@needs_ffmpeg
def test_fine_tuning_ends_in_a_model_that_avu_finds(tmp_path: Path) -> None:
    for name in ("dog-then-pigeon", "rain-out-of-sight"):
        shutil.copytree(ROOT / "samples" / name, tmp_path / "clips" / name)
    file = tmp_path / "clips" / "dog-then-pigeon" / "annotation.json"
    annotation = json.loads(file.read_text())
    annotation |= {"category": "quarrel", "captions": ["A brown dog scolds."] * 6}
    file.write_text(json.dumps(annotation))
    done = subprocess.run(
        [sys.executable, "finetune.py", "--data", str(tmp_path / "clips"), "--steps", "2", "--batch", "2",
         "--model", str(ROOT / "models" / "avuformer-lite"), "--output", str(tmp_path / "models" / "mine")],
        cwd=ROOT / "training", capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    model, start = (load_exported(f) for f in (tmp_path / "models" / "mine", ROOT / "models" / "avuformer-lite"))
    frozen = start.visual_encoder.state_dict()
    assert all(torch.equal(value, frozen[name]) for name, value in model.visual_encoder.state_dict().items())
    assert model.config.kinds[-1].name == "quarrel" and "scolds" in model.config.vocabulary.words
    log = (tmp_path / "models" / "mine" / "training.jsonl").read_text().splitlines()
    assert [json.loads(line).get("step") for line in log] == [None, 2]
    config = json.loads((tmp_path / "models" / "mine" / "config.json").read_text())
    assert config["name"] == "mine" and config["provenance"]["fine_tuned_from"] == "avuformer-lite"
    assert config["provenance"]["unfrozen"] == "visual"  # as the shipped model's
    if not PROGRAM.exists():
        pytest.skip("needs .build/release/avu (make build)")
    listed = subprocess.run(
        [str(PROGRAM), "model", "list", "--json"], capture_output=True, text=True, check=True,
        env=os.environ | {"AVU_MODELS": str(tmp_path / "models")},
    )
    assert "mine" in listed.stdout


@pytest.mark.parametrize("model, problem", [
    ("avuformer-lite", "neither clip folders"), ("none", "none is not an exported model"),
])
def test_a_folder_without_clips_or_model_is_refused_in_one_sentence(model: str, problem: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "finetune.py", "--data", str(tmp_path), "--model", str(ROOT / "models" / model),
         "--output", str(tmp_path / "mine")], cwd=ROOT / "training", capture_output=True, text=True, check=False,
    )
    assert done.returncode == 2 and problem in done.stderr and len(done.stderr.splitlines()) == 1
