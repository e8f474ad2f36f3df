"""Fine-tunes the whole audio encoder on our sound classes, held near its teacher by distillation."""

from __future__ import annotations

import argparse
import copy
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from avuformer.audio_encoder import AudioEncoder
from avuformer.audio_features import PATCH_SAMPLES, log_mel
from avuformer.categories import INDEX, NAMES
from avuformer.command_line import run
from avuformer.export import load_checkpoint
from avuformer.trainer import rate_factor
from compositor.soundtracks import COUNT, SoundComposer
from compositor.sources import load_sources
from encoders.audioset import audioset_rows
from encoders.pretrained import load_yamnet, yamnet_scores

BATCH = 48
NEAR_EMBEDDING, NEAR_SCORES = 4.0, 0.1  # weights of the two distillation losses


class Teacher:
    """YAMNet as it is: its embedding, and its AudioSet scores as scores of our categories."""

    def __init__(self, encoder: AudioEncoder, yamnet: Path, class_map: Path) -> None:
        self.encoder = copy.deepcopy(encoder).eval().requires_grad_(False)
        self.weight, self.bias = yamnet_scores(yamnet)
        self.rows = audioset_rows(class_map)

    def start(self, classifier: torch.nn.Linear) -> None:
        """A category's first weights are the mean of its AudioSet sounds' weights."""
        for index, rows in enumerate(self.rows):
            classifier.weight.data[index] = self.weight[rows].mean(0)
            classifier.bias.data[index] = self.bias[rows].mean()
        classifier.weight.data[-1] = 0
        classifier.bias.data[-1] = -1

    @torch.no_grad()
    def __call__(self, patches: Tensor) -> tuple[Tensor, Tensor]:
        """Log-mel [B,96,64] → log1p of the embedding [B,1024], and scores [B,C]: the highest of each
        category's sounds."""
        embedding = self.encoder.embed(patches)
        scores = torch.sigmoid(F.linear(embedding, self.weight, self.bias))
        return torch.log1p(embedding), torch.stack([scores[:, rows].amax(1) for rows in self.rows], 1)


def make_patch(sounds: SoundComposer, names: list[str]) -> tuple[Tensor, Tensor]:
    """A mix of 0–2 categories and perhaps something else: samples and targets [C+1]."""
    rng = sounds.rng
    start = int(rng.integers(0, COUNT - PATCH_SAMPLES))
    mix, target = np.zeros(PATCH_SAMPLES, np.float32), torch.zeros(len(NAMES) + 1)
    for name in rng.choice(names, int(rng.choice([0, 1, 2], p=[0.16, 0.6, 0.24])), replace=False):
        part = sounds.stretch(sounds.sources.sounds[str(name)])
        whole = np.sqrt((part**2).mean()) + 1e-6
        part = part[start : start + PATCH_SAMPLES]
        if np.sqrt((part**2).mean()) > max(0.15 * whole, 0.003):
            target[INDEX[str(name)]] = 1
        mix += part * 10 ** (rng.uniform(-10, 0) / 20)
    silent = not mix.any()
    if silent or rng.random() < 0.45:
        other = sounds.unknown(None)[start : start + PATCH_SAMPLES]
        gain = 0.0 if silent else rng.uniform(-28, 0)
        loud = max(float(np.sqrt((mix**2).mean())), 0.02)
        mix += other * loud / (np.sqrt((other**2).mean()) + 1e-4) * 10 ** (gain / 20)
        target[-1] = float(gain > -10)
    mix *= 10 ** (rng.uniform(-40, -10) / 20) / (np.sqrt((mix**2).mean()) + 1e-4)
    return torch.from_numpy(np.clip(mix, -1, 1)), target


def make_batch(sounds: SoundComposer, names: list[str], count: int) -> tuple[Tensor, Tensor]:
    """Log-mel patches [count,96,64] and targets [count,C+1]."""
    waves, targets = zip(*(make_patch(sounds, names) for _ in range(count)), strict=True)
    return log_mel(torch.stack(waves)), torch.stack(targets)


def evaluate(encoder: AudioEncoder, patches: Tensor, targets: Tensor) -> dict[str, float]:
    """Share of patches whose set of categories is right, and mean recall and precision at 0.5."""
    with torch.no_grad():
        scores = torch.sigmoid(encoder.classifier(encoder.embed(patches)))[:, :-1] > 0.5
    truth = targets[:, :-1] > 0.5
    hits = (scores & truth).sum()
    return {
        "exact": float((scores == truth).all(1).float().mean()),
        "recall": float(hits / truth.sum()), "precision": float(hits / scores.sum().clamp(min=1)),
    }


def loss_parts(encoder: AudioEncoder, teacher: Teacher, patches: Tensor, targets: Tensor) -> dict[str, Tensor]:
    """What the sounds are, and how far embedding and scores are from the teacher's."""
    embedding = encoder.embed(patches)
    logits = encoder.classifier(F.dropout(embedding, 0.2))
    wanted, scores = teacher(patches)
    binary = F.binary_cross_entropy_with_logits
    return {
        "tagging": binary(logits, targets, reduction="none").sum(1).mean(),
        "near_embedding": (torch.log1p(embedding) - wanted).square().mean() * NEAR_EMBEDDING,
        "near_scores": binary(logits[:, :-1], scores, reduction="none").sum(1).mean() * NEAR_SCORES,
    }


def resume(file: Path, encoder: AudioEncoder, optimiser: torch.optim.Optimizer) -> int:
    """Goes on from a file of an earlier, killed run; gives its step."""
    if not file.exists():
        return 0
    state = load_checkpoint(file)
    encoder.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["step"])


def save(file: Path, encoder: AudioEncoder, optimiser: torch.optim.Optimizer, step: int) -> None:
    """Writes the encoder, whole or not at all."""
    part = file.with_suffix(".part")
    torch.save({"model": encoder.state_dict(), "optimiser": optimiser.state_dict(), "step": step}, part)
    part.replace(file)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--unknown-sounds", type=Path)
    parser.add_argument("--yamnet", type=Path, required=True, help="yamnet.tflite")
    parser.add_argument("--class-map", type=Path, required=True, help="yamnet_class_map.csv")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    encoder = AudioEncoder(len(NAMES))
    load_yamnet(encoder, options.yamnet)
    teacher = Teacher(encoder, options.yamnet, options.class_map)
    teacher.start(encoder.classifier)
    sets = [load_sources(options.sources, split, options.unknown_sounds, pictures=False)
            for split in ("train", "test")]
    train, test = (SoundComposer(s, np.random.default_rng(options.seed + i), varied=i == 0) for i, s in enumerate(sets))
    names = [n for n in NAMES if sets[0].sounds.get(n)]
    checks = make_batch(test, [n for n in names if sets[1].sounds.get(n)], 800)
    print(json.dumps({"held-out sounds": evaluate(encoder, *checks), "step": 0}), flush=True)
    body = [p for n, p in encoder.named_parameters() if not n.startswith("classifier")]
    optimiser = torch.optim.AdamW(
        [{"params": body, "base": 2e-4}, {"params": encoder.classifier.parameters(), "base": 1e-3}],
        weight_decay=0.01,
    )
    sums: dict[str, float] = {}
    first = resume(options.output, encoder, optimiser)
    train.rng = np.random.default_rng([options.seed, first])
    for step in range(first, options.steps):
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * rate_factor(step, options.steps, 30)
        parts = loss_parts(encoder, teacher, *make_batch(train, names, BATCH))
        optimiser.zero_grad()
        torch.stack(list(parts.values())).sum().backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 2.0)
        optimiser.step()
        sums = {name: sums.get(name, 0.0) + value.item() / 50 for name, value in parts.items()}
        if (step + 1) % 50 == 0:
            print(json.dumps({"step": step + 1} | {k: round(v, 4) for k, v in sums.items()}), flush=True)
            sums.clear()
            save(options.output, encoder, optimiser, step + 1)
    print(json.dumps({"held-out sounds": evaluate(encoder, *checks), "step": options.steps}), flush=True)
    save(options.output, encoder, optimiser, options.steps)


if __name__ == "__main__":
    run(main)
