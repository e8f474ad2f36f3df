"""Fine-tunes the whole audio encoder on our sound classes, kept near its teacher by distillation."""

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
from avuformer.pretrained import load_yamnet
from avuformer.schedule import ClockSchedule
from avuformer.soundtracks import COUNT, SoundComposer
from avuformer.sources import load_sources

BATCH = 48


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


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--unknown-sounds", type=Path)
    parser.add_argument("--yamnet", type=Path, required=True, help="yamnet.tflite")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    encoder = AudioEncoder(len(NAMES))
    load_yamnet(encoder, options.yamnet)
    teacher = copy.deepcopy(encoder).eval()
    sets = [load_sources(options.sources, split, options.unknown_sounds, pictures=False)
            for split in ("train", "test")]
    train, test = (SoundComposer(s, np.random.default_rng(options.seed + i)) for i, s in enumerate(sets))
    names = [n for n in NAMES if sets[0].sounds.get(n)]
    checks = make_batch(test, [n for n in names if sets[1].sounds.get(n)], 800)
    body = [p for n, p in encoder.named_parameters() if not n.startswith("classifier")]
    optimiser = torch.optim.AdamW(
        [{"params": body, "base": 3e-4}, {"params": encoder.classifier.parameters(), "base": 3e-3}],
        weight_decay=0.01,
    )
    schedule, step, total = ClockSchedule(options.minutes, 30), 0, np.zeros(2)
    while not schedule.done():
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * schedule.factor(step)
        patches, targets = make_batch(train, names, BATCH)
        embedding = encoder.embed(patches)
        with torch.no_grad():
            wanted = torch.log1p(teacher.embed(patches))
        logits = encoder.classifier(F.dropout(embedding, 0.2))
        tagging = F.binary_cross_entropy_with_logits(logits, targets, reduction="none").sum(1).mean()
        distance = (torch.log1p(embedding) - wanted).square().mean()
        optimiser.zero_grad()
        (tagging + 4 * distance).backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 2.0)
        optimiser.step()
        step += 1
        total += (tagging.item(), distance.item())
        if step % 50 == 0:
            values = {"step": step, "tagging": total[0] / 50, "distance": total[1] / 50}
            print(json.dumps(values | {"minutes": schedule.spent()}), flush=True)
            total[:] = 0
    print(json.dumps({"held-out sounds": evaluate(encoder, *checks)}), flush=True)
    torch.save({"model": encoder.state_dict(), "steps": step, "seed": options.seed}, options.output)


if __name__ == "__main__":
    main()
