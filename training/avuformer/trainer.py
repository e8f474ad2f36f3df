"""Training from cached features: on a processor, on one graphics card, or on many (torchrun)."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.distributed as distributed
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.parallel import DistributedDataParallel

from .command_line import BadInput
from .config import SWITCHES
from .dataset import Batch, CachedSet, make_batch, picks_of_step
from .export import load_checkpoint, load_weights
from .losses import losses, total_loss
from .model import AVUFormer
from .visual_encoder import normalised

LOG_EVERY = 50


@dataclass
class Settings:
    """How to train; `batch` is that of one process."""

    steps: int
    batch: int = 16
    rate: float = 1e-3
    encoder_rate: float = 2e-5
    warm_up: int = 100
    seed: int = 1
    save_every: int = 500
    bfloat16: bool = False
    unfreeze: str = ""  # which encoders learn, too: "visual", or "all" of them
    tracks: int = 1  # frames of a batch that share a picture, each with another of its sound tracks
    forget: float = 0.3  # share of frames whose embedding is hidden, so that the scores must do
    focal: bool = True  # masks: focal loss, or plain cross-entropy (the ablation's first row)


class TrainingStep(nn.Module):
    """The losses of one batch; what DistributedDataParallel wraps."""

    def __init__(self, model: AVUFormer, settings: Settings) -> None:
        super().__init__()
        self.model, self.settings = model, settings

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        """A batch → the parts of its loss."""
        model, pyramid, embedding = self.model, batch.pyramid, batch.embedding
        tracks = self.settings.tracks
        picture = normalised(batch.pixels, model.config) if batch.pixels is not None else None
        if picture is not None and self.settings.unfreeze:
            pyramid = [level.repeat_interleave(tracks, 0) for level in model.visual_encoder(picture[::tracks])]
        if batch.patches is not None:
            embedding = model.audio_encoder.embed(batch.patches.flatten(0, 1)).unflatten(0, batch.levels.shape)
        # The encoder knows the training recordings too well: blur what it says about them.
        loudness = (1 + 0.1 * torch.randn(len(embedding), 1, 1, device=embedding.device)).clamp(min=0.5)
        shown = (torch.rand(len(embedding), 1, 1, device=embedding.device) >= self.settings.forget).float()
        features = model.audio_encoder.blurred(embedding * loudness, batch.levels, shown)
        return losses(model, model.fuse(pyramid, features, picture), batch, self.settings.focal)


class Trainer:
    """Model, optimiser and data; everything random depends on the seed and the step alone, so that a run
    that was killed and resumed ends as one that was not."""

    def __init__(self, model: AVUFormer, folders: list[Path], audio_name: str, output: Path,
                 settings: Settings) -> None:
        self.settings, self.output = settings, output
        self.rank, self.world = join_processes()
        self.device = _device()
        self.model = model.to(self.device)
        self.encoders = model.encoders()
        for encoder in self.encoders:
            encoder.eval().requires_grad_(False)
        self.sets = self._open(folders, audio_name)
        groups = [{"params": [p for p in model.parameters() if p.requires_grad], "base": settings.rate}]
        if settings.unfreeze:
            learning = self.encoders if settings.unfreeze == "all" else [model.visual_encoder]
            for encoder in learning:
                encoder.requires_grad_(True)
            inside = [p for encoder in learning for p in encoder.parameters()]
            groups.append({"params": inside, "base": settings.encoder_rate})
        self.optimiser = torch.optim.AdamW(groups, settings.rate, (0.9, 0.98), weight_decay=0.02)
        self.step = self._resume()
        step: nn.Module = TrainingStep(model, settings)
        self.training_step = DistributedDataParallel(step) if self.world > 1 else step

    def _open(self, folders: list[Path], audio_name: str) -> list[CachedSet]:
        """The first process embeds what is not embedded yet; the others wait for it."""
        if self.rank > 0:
            distributed.barrier()
        audio = self.model.audio_encoder.to("cpu")
        unfreeze = self.settings.unfreeze
        seen = ("pixels",) if unfreeze or self.model.config.encoders.region else ()
        raw = (*seen, "patches") if unfreeze == "all" else seen
        sets = [CachedSet(folder, audio, audio_name, raw) for folder in folders]
        audio.to(self.device)
        if self.world > 1 and self.rank == 0:
            distributed.barrier()
        return sets

    def _resume(self) -> int:
        if not self.output.exists():
            return 0
        state = load_checkpoint(self.output, self.device)
        load_weights(self.model, state["model"], self.output)
        try:
            self.optimiser.load_state_dict(state["optimiser"])
        except (KeyError, ValueError) as error:
            raise BadInput(f"{self.output} was trained with other encoders learning: --unfreeze") from error
        return int(state["step"])

    def save(self, provenance: dict[str, object]) -> None:
        """Writes the checkpoint, whole or not at all."""
        if self.rank > 0:
            return
        self.output.parent.mkdir(parents=True, exist_ok=True)
        part = self.output.with_suffix(".part")
        torch.save({
            "model": self.model.state_dict(), "optimiser": self.optimiser.state_dict(), "step": self.step,
            "provenance": provenance, "switches": {name: getattr(self.model.config, name) for name in SWITCHES},
        }, part)
        part.replace(self.output)

    def provenance(self) -> dict[str, object]:
        """How these weights came to be."""
        return {
            "seed": self.settings.seed, "steps": self.step, "batch": self.settings.batch * self.world,
            "rate": self.settings.rate, "scenes": sum(len(s) for s in self.sets),
            "tracks_per_scene": self.sets[0].tracks, "unfrozen": self.settings.unfreeze,
        }

    def next_batch(self) -> Batch:
        """This process's part of the step's batch."""
        size, tracks = self.settings.batch, self.settings.tracks
        picks = picks_of_step(self.sets, self.settings.seed, self.step, size * self.world, tracks)
        return make_batch(self.sets, picks[self.rank * size : (self.rank + 1) * size]).to(self.device)

    def train_step(self) -> dict[str, float]:
        """One step; returns the parts of the loss."""
        torch.manual_seed(self.settings.seed + (self.step * self.world + self.rank) * 7919)
        for group in self.optimiser.param_groups:
            group["lr"] = group["base"] * rate_factor(self.step, self.settings.steps, self.settings.warm_up)
        half = torch.autocast(self.device.type, torch.bfloat16, enabled=self.settings.bfloat16)
        # The few tokens of a frame: a processor does plain products in four fifths of the fused kernel's time.
        attention = sdpa_kernel(SDPBackend.MATH) if self.device.type == "cpu" else nullcontext()
        with half, attention:
            parts = self.training_step(self.next_batch())
        self.optimiser.zero_grad()
        total_loss(parts).backward()
        torch.nn.utils.clip_grad_norm_([p for g in self.optimiser.param_groups for p in g["params"]], 1.0)
        self.optimiser.step()
        self.step += 1
        return {name: value.item() for name, value in parts.items()}

    def run(self, provenance: dict[str, object]) -> None:
        """Trains to the last step; adds JSON lines to `<output>.jsonl`, and prints them."""
        self.model.train()
        for encoder in self.encoders:
            encoder.eval()  # batch norm keeps its statistics, unfrozen or not
        self._log({"settings": asdict(self.settings), "processes": self.world, "from_step": self.step})
        sums: dict[str, float] = {}
        count, begun = 0, time.process_time()
        while self.step < self.settings.steps:
            for name, value in self.train_step().items():
                sums[name] = sums.get(name, 0.0) + value
            count += 1
            if self.step % LOG_EVERY == 0 or self.step == self.settings.steps:
                means = {name: round(value / count, 4) for name, value in sums.items()}
                self._log({"step": self.step, "cpu_s": round(time.process_time() - begun, 1)} | means)
                sums.clear()
                count = 0
            if self.step % self.settings.save_every == 0:
                self.save(self.provenance() | provenance)
        self.save(self.provenance() | provenance)

    def _log(self, line: Mapping[str, object]) -> None:
        if self.rank == 0:
            self.output.parent.mkdir(parents=True, exist_ok=True)
            with self.output.with_suffix(".jsonl").open("a") as log:
                print(json.dumps(line), file=log)
            print(json.dumps(line), flush=True)


def rate_factor(step: int, steps: int, warm_up: int) -> float:
    """What to multiply the base learning rate by: a linear warm-up, then a cosine down to 2 %."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
    return min(1.0, (step + 1) / warm_up) * (0.02 + 0.98 * cosine)


def join_processes() -> tuple[int, int]:
    """Rank and number of processes, as torchrun says."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world > 1 and not distributed.is_initialized():
        distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    return int(os.environ.get("RANK", "0")), world


def _device() -> torch.device:
    if not torch.cuda.is_available():
        return torch.device("cpu")
    torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    return torch.device("cuda", torch.cuda.current_device())
