"""Trains everything after the two encoders from cached features; can be stopped and resumed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from avuformer.config import TASKS, ModelConfig
from avuformer.dataset import Batch, CachedSet, make_batch
from avuformer.losses import freeze, losses, total_loss
from avuformer.model import AVUFormer
from avuformer.pretrained import efficientnet_file, load_efficientnet
from avuformer.schedule import ClockSchedule


class Trainer:
    """Model, optimiser and the order of the data."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        torch.manual_seed(options.seed)
        self.rng = np.random.default_rng(options.seed)
        self.model = AVUFormer(ModelConfig(
            task=options.task, mcm=not options.no_mcm and options.task == "ssu", rcc=options.rcc,
            mohe=options.mohe,
        ))
        load_efficientnet(self.model.visual_encoder, efficientnet_file())
        audio = torch.load(options.audio, weights_only=True)
        self.model.audio_encoder.load_state_dict(
            {name: value.half().float() for name, value in audio["model"].items()}
        )
        self.encoders = (self.model.visual_encoder, self.model.audio_encoder)
        for encoder in self.encoders:
            freeze(encoder)
        self.sets = [
            CachedSet(folder, self.model.audio_encoder, options.audio.stem) for folder in options.data
        ]
        weights = [p for p in self.model.parameters() if p.requires_grad]
        self.optimiser = torch.optim.AdamW(weights, options.rate, (0.9, 0.98), weight_decay=0.02)
        self.step, spent = self._resume()
        self.schedule = ClockSchedule(options.minutes, 100, spent)
        self.waiting: list[tuple[int, int, int]] = []

    def _resume(self) -> tuple[int, float]:
        if not self.options.output.exists():
            return 0, 0.0
        state = torch.load(self.options.output, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.rng = np.random.default_rng([self.options.seed, state["step"]])
        return state["step"], state["minutes"]

    def save(self) -> None:
        """Writes the checkpoint, whole or not at all."""
        part = self.options.output.with_suffix(".part")
        torch.save({
            "model": self.model.state_dict(), "optimiser": self.optimiser.state_dict(),
            "step": self.step, "minutes": self.schedule.spent(), "provenance": self.provenance(),
        }, part)
        part.replace(self.options.output)

    def provenance(self) -> dict[str, object]:
        """How these weights came to be."""
        return {
            "seed": self.options.seed, "steps": self.step, "batch": self.options.batch,
            "minutes": round(self.schedule.spent(), 2),
            "scenes": sum(len(s) for s in self.sets), "tracks_per_scene": self.sets[0].tracks,
        }

    def next_batch(self) -> Batch:
        """Every scene once, in random order, each with one of its sound tracks; then again."""
        if len(self.waiting) < self.options.batch:
            everything = [(i, j) for i, s in enumerate(self.sets) for j in range(len(s))]
            order = self.rng.permutation(len(everything))
            tracks = self.rng.integers(0, self.sets[0].tracks, len(everything))
            self.waiting = [(*everything[k], int(t)) for k, t in zip(order, tracks, strict=True)]
        picks, self.waiting = self.waiting[: self.options.batch], self.waiting[self.options.batch :]
        return make_batch(self.sets, picks)

    def train_step(self) -> dict[str, float]:
        """One step; returns the parts of the loss."""
        batch, model = self.next_batch(), self.model
        for group in self.optimiser.param_groups:
            group["lr"] = self.options.rate * self.schedule.factor(self.step)
        # The encoder knows the training recordings too well: blur what it says about them.
        loudness = (1 + 0.1 * torch.randn(len(batch.embedding), 1, 1)).clamp(min=0.5)
        embedding = F.dropout(batch.embedding * loudness, 0.15)
        features = model.audio_encoder.assemble(embedding.flatten(0, 1), batch.levels.flatten())
        with torch.autocast("cpu", torch.bfloat16, enabled=self.options.bfloat16):
            output = model.fuse(batch.pyramid, features.unflatten(0, batch.levels.shape))
            parts = losses(model, output, batch)
        self.optimiser.zero_grad()
        total_loss(parts).backward()
        torch.nn.utils.clip_grad_norm_(self.optimiser.param_groups[0]["params"], 1.0)
        self.optimiser.step()
        self.step += 1
        return {name: value.item() for name, value in parts.items()}

    def run(self) -> None:
        """Trains until the time is up; logs JSON lines."""
        self.model.train()
        for encoder in self.encoders:
            encoder.eval()
        sums: dict[str, float] = {}
        while not self.schedule.done():
            for name, value in self.train_step().items():
                sums[name] = sums.get(name, 0.0) + value / 50
            if self.step % 50 == 0:
                line = {"step": self.step, "minutes": round(self.schedule.spent(), 2)}
                print(json.dumps(line | {k: round(v, 4) for k, v in sums.items()}), flush=True)
                sums.clear()
            if self.step % self.options.save_every == 0:
                self.save()
        self.save()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="folders written by compose.py")
    parser.add_argument("--audio", type=Path, required=True, help="file written by train_audio.py")
    parser.add_argument("--output", type=Path, required=True, help="checkpoint; resumed when it exists")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--save-every", type=int, default=500)
    parser.add_argument("--bfloat16", action="store_true", help="faster where the processor has it")
    parser.add_argument("--task", choices=tuple(TASKS), default="ssu")
    parser.add_argument("--no-mcm", action="store_true", help="the ablation without region tokens")
    parser.add_argument("--rcc", action="store_true", help="hold regions and sentences together")
    parser.add_argument("--mohe", action="store_true", help="experts in the description decoder")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    Trainer(options).run()


if __name__ == "__main__":
    main()
