"""Training on tiny data: it learns, repeats itself, survives kill -9, and runs in two processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import TRACKS

import ablation
import compose
import evaluate
import export
import train
from avuformer import command_line
from avuformer.config import ModelConfig
from avuformer.dataset import CachedSet, picks_of_step
from avuformer.model import AVUFormer

TRAINING = Path(__file__).resolve().parents[1]
def command(tiny: Path, output: Path, *more: str) -> list[str]:
    return [
        "train.py", "--data", str(tiny / "data"), "--from-model", str(tiny / "start"), "--output", str(output),
        "--batch", "2", "--threads", "1", "--seed", "5", *more,
    ]


def run(arguments: list[str], launcher: tuple[str, ...] = ()) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, *launcher, *arguments], cwd=TRAINING, capture_output=True, text=True, check=False,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def weights(checkpoint: Path) -> dict[str, torch.Tensor]:
    return torch.load(checkpoint, weights_only=True)["model"]


def same(first: Path, second: Path) -> bool:
    one, two = weights(first), weights(second)
    return one.keys() == two.keys() and all(torch.equal(one[name], two[name]) for name in one)


def test_two_steps_change_the_weights_and_are_logged(tiny: Path, tmp_path: Path) -> None:
    lines = run(command(tiny, tmp_path / "a.pt", "--steps", "2", "--bfloat16"))
    assert lines[-1]["step"] == 2
    assert all(np.isfinite(float(str(lines[-1][part]))) for part in ("mask", "categories", "presence", "description"))
    assert [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()] == lines
    checkpoint = torch.load(tmp_path / "a.pt", weights_only=True)
    assert checkpoint["provenance"]["seed"] == 5 and checkpoint["step"] == 2
    start = weights(tmp_path / "a.pt")["audio_encoder.stem.weight"]
    assert torch.equal(start, start.half().float())  # the encoders are frozen


def test_the_same_seed_gives_the_same_weights_also_after_kill_minus_nine(tiny: Path, tmp_path: Path) -> None:
    run(command(tiny, tmp_path / "whole.pt", "--steps", "6", "--save-every", "2"))
    arguments = command(tiny, tmp_path / "killed.pt", "--steps", "6", "--save-every", "2")
    process = subprocess.Popen([sys.executable, "-c", KILL_AFTER_4, *arguments], cwd=TRAINING)
    assert process.wait() == -signal.SIGKILL
    assert torch.load(tmp_path / "killed.pt", weights_only=True)["step"] == 4
    lines = run(arguments)
    assert lines[0]["from_step"] == 4 and lines[-1]["step"] == 6
    assert same(tmp_path / "whole.pt", tmp_path / "killed.pt")


# Dies in step 5, as a machine may: by a signal that nothing can catch.
KILL_AFTER_4 = """
import os, runpy, signal, sys
sys.argv = sys.argv[1:]
sys.path.insert(0, ".")
from avuformer.trainer import Trainer
step = Trainer.train_step
def dying(self):
    if self.step == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    return step(self)
Trainer.train_step = dying
runpy.run_path("train.py", run_name="__main__")
"""


def test_two_processes_share_a_step(tiny: Path, tmp_path: Path) -> None:
    launcher = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
    lines = run(command(tiny, tmp_path / "a.pt", "--steps", "2"), launcher)
    assert lines[0]["processes"] == 2 and [line["step"] for line in lines[1:]] == [2]
    assert torch.load(tmp_path / "a.pt", weights_only=True)["provenance"]["batch"] == 4


def test_unfrozen_encoders_learn_from_pixels_and_sound(tiny: Path, tmp_path: Path) -> None:
    run(command(tiny, tmp_path / "a.pt", "--steps", "2", "--unfreeze", "all"))
    for name in ("visual_encoder.stem.conv.weight", "audio_encoder.stem.weight"):
        value = weights(tmp_path / "a.pt")[name]
        assert not torch.equal(value, value.half().float())


def test_the_visual_encoder_learns_from_pictures_that_several_tracks_share(tiny: Path, tmp_path: Path) -> None:
    run(command(tiny, tmp_path / "a.pt", "--steps", "2", "--unfreeze", "visual", "--tracks", "2"))
    learned, frozen = (weights(tmp_path / "a.pt")[f"{name}_encoder.stem{end}.weight"]
                       for name, end in (("visual", ".conv"), ("audio", "")))
    assert not torch.equal(learned, learned.half().float()) and torch.equal(frozen, frozen.half().float())
    refused = subprocess.run([sys.executable, *command(tiny, tmp_path / "b.pt", "--tracks", "3")], cwd=TRAINING,
                             capture_output=True, text=True, check=False)
    assert refused.returncode == 2 and "--batch must be a multiple of --tracks" in refused.stderr


def test_scenes_that_were_not_finished_are_refused(tiny: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny / "data", tmp_path / "data", ignore=shutil.ignore_patterns("sentences.json"))
    arguments = command(tmp_path, tmp_path / "a.pt", "--from-model", str(tiny / "start"))
    refused = subprocess.run([sys.executable, *arguments], cwd=TRAINING, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert refused.stderr == f"train.py: {tmp_path / 'data'} is not a set that compose.py has finished\n"


def test_every_scene_comes_once_before_any_comes_again(tiny: Path) -> None:
    model = AVUFormer(ModelConfig())
    sets = [CachedSet(tiny / "data", model.audio_encoder, "embedding") for _ in range(2)]
    picks = [pick for step in range(5) for pick in picks_of_step(sets, 3, step, 4)]
    assert len({pick[:2] for pick in picks[:10]}) == 10 and len({pick[:2] for pick in picks[10:]}) == 10
    assert picks[:10] != picks[10:] and all(0 <= track < TRACKS for *_, track in picks)
    assert picks_of_step(sets, 3, 2, 4) == picks[8:12]
    shared = picks_of_step(sets, 3, 0, 4, tracks=2)
    assert shared[0][:2] == shared[1][:2] != shared[2][:2] == shared[3][:2]
    assert all(one[2] != two[2] for one, two in (shared[:2], shared[2:]))


PROGRAMS = {f"{module.__name__}.py": module for module in (ablation, compose, evaluate, export, train)}


def said_of(arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """What a program says of bad input: one sentence, and exit status 2."""
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit) as ended:
        command_line.run(PROGRAMS[arguments[0]].main)
    said = capsys.readouterr().err
    assert ended.value.code == 2 and said.startswith(f"{arguments[0]}: ") and len(said.splitlines()) == 1, said
    return said


@pytest.mark.parametrize(("arguments", "problem"), [
    ("train.py --data {data} --from-model {none} --output {new}", "none is not an exported model"),
    ("train.py --data {data} --audio {none} --output {new}", "none: No such file or directory"),
    ("train.py --data {data} --audio {text} --output {new}", "text is not a checkpoint"),
    ("train.py --data {data} --output {new}", "--audio (written by train_audio.py) or --from-model"),
    ("train.py --data {data} --from-model {start} --output {text}", "text is not a checkpoint"),
    ("train.py --data {data} --from-model {start} --task avc --mohe --rcc --output {new}", "mcm is off"),
    ("train.py --data {data} --from-model {broken} --output {new}", "broken cannot be read as an exported model"),
    ("train.py --data {data} --from-model {learnt} --output {new}", "learnt has learnt: --unfreeze visual"),
    ("evaluate.py --model {none} --test {data}", "none is not an exported model"),
    ("evaluate.py --model {start} --test {none}", "none is not a set that compose.py has finished"),
    ("evaluate.py --model {start} --validation {none}", "none is not a set that compose.py has finished"),
    ("evaluate.py --model {start} --clips {none}", "none has no annotated clips"),
    ("evaluate.py --model {start}", "nothing to score"),
    ("evaluate.py --model {start} --test {data} --write-threshold", "--write-threshold needs --validation"),
    ("export.py --checkpoint {none} --output {new}", "none: No such file or directory"),
    ("export.py --checkpoint {text} --output {new}", "text is not a checkpoint"),
    ("export.py --checkpoint {trained} --average-with {none} --output {new}", "none: No such file or directory"),
    ("export.py --checkpoint {trained} --output {text}", "text: File exists"),
    ("compose.py --sources {none} --split val --scenes 1 --seed 1 --output {new}", "manifest.json: No such file"),
    ("ablation.py --data {none} --test {data} --encoders {start} --output {new}", "none is not a set"),
])
def test_wrong_paths_and_files_are_named_in_one_sentence(
        arguments: str, problem: str, tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    places = {name: tmp_path / name for name in ("none", "new", "text", "broken", "trained", "learnt")}
    places |= {"data": tiny / "data", "start": tiny / "start"}
    places["text"].write_text("no weights")
    shutil.copytree(tiny / "start", places["broken"])
    (places["broken"] / "model.safetensors").write_bytes(b"no tensors")
    shutil.copytree(tiny / "start", places["learnt"])
    config = json.loads((places["learnt"] / "config.json").read_text())
    config["provenance"] = {"unfrozen": "visual"}
    (places["learnt"] / "config.json").write_text(json.dumps(config))
    torch.save({"model": AVUFormer(ModelConfig()).state_dict(), "step": 1, "provenance": {}}, places["trained"])
    assert problem in said_of(arguments.format(**places).split(), capsys, monkeypatch)


def test_a_run_goes_on_only_as_what_it_was(
        tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    run(command(tiny, tmp_path / "a.pt", "--steps", "1"))
    for more, problem in ((["--task", "sss"], "weights of another model"),
                          (["--unfreeze", "visual"], "other encoders learning")):
        assert problem in said_of(command(tiny, tmp_path / "a.pt", *more), capsys, monkeypatch)
