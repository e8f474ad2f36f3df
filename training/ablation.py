"""Trains the paper's variants and the steps of its ablation with one budget each, from the same encoders and
scenes, and lets every one answer held-out scenes. Then `avu evaluate --experiment OUTPUT/ablation.json` fills
tables with intervals, and `avu metrics compare` says whether a difference is one.

A run that was killed goes on where it was; what is there is not done again.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import torch

from avuformer.command_line import expect_scenes, run
from avuformer.config import ModelConfig
from avuformer.dataset import CachedSet, make_batch
from avuformer.export import load_exported
from avuformer.model import AVUFormer, full_masks, sentences
from avuformer.trainer import Settings, Trainer
from avuformer.visual_encoder import VisualEncoder
from encoders.pretrained import efficientnet_file, load_efficientnet
from parity.predictions import HEIGHT, WIDTH, write_json, write_prediction, write_truth

PRESENCE = 0.5  # the threshold of all: none is tuned


@dataclass(frozen=True)
class Variant:
    """One configuration and its name in the tables."""

    title: str
    task: str = "ssu"
    mcm: bool = False
    rcc: bool = False
    mohe: bool = False
    focal: bool = True

    def model(self, encoders: dict[str, torch.Tensor], seed: int) -> AVUFormer:
        """Random weights around the given encoders."""
        torch.manual_seed(seed)
        model = AVUFormer(ModelConfig(task=self.task, mcm=self.mcm, rcc=self.rcc, mohe=self.mohe))
        model.load_state_dict(encoders, strict=False)
        return model


VARIANTS: dict[str, Variant] = {
    "ssu": Variant("SSU", mcm=True),
    "ssu-s": Variant("SSU-S", "ssu-s"),
    "ssu-d": Variant("SSU-D", "ssu-d"),
    "sss": Variant("SSS", "sss"),
    "avc": Variant("AVC", "avc"),
    "focal": Variant("Focal"),
    "baseline": Variant("Baseline", focal=False),
    "rcc": Variant("RCC", mcm=True, rcc=True),
    "mohe": Variant("MoHE", mcm=True, rcc=True, mohe=True),
}
TABLES: dict[str, list[str]] = {
    "single-task": ["sss", "avc", "ssu-s", "ssu-d", "ssu"],
    "ablation": ["baseline", "focal", "ssu", "rcc", "mohe"],
}


def shared_encoders(source: Path) -> dict[str, torch.Tensor]:
    """The audio encoder of an exported model, and EfficientNet-Lite0, whose maps compose.py has cached."""
    model = load_exported(source)
    assert isinstance(model.visual_encoder, VisualEncoder)
    load_efficientnet(model.visual_encoder, efficientnet_file())
    return {n: v for n, v in model.state_dict().items() if n.startswith(("visual_encoder.", "audio_encoder."))}


@torch.no_grad()
def answer(model: AVUFormer, composites: Path, embedding: str, folder: Path) -> None:
    """Writes what the model says of every scene."""
    model.eval()
    held_out = CachedSet(composites, model.audio_encoder, embedding)
    for scene in range(len(held_out)):
        batch = make_batch([held_out], [(0, scene, track) for track in range(held_out.tracks)])
        features = model.audio_encoder.assemble(batch.embedding.flatten(0, 1), batch.levels.flatten())
        output = model.fuse(batch.pyramid, features.unflatten(0, batch.levels.shape))
        scores = torch.sigmoid(output.presence)
        frames: list[dict[str, object]] = [
            {"score": score, "sounding": score >= PRESENCE, "mask": mask & (score >= PRESENCE),
             "caption": said if score >= PRESENCE else ""}
            for score, mask, said in zip(
                scores.tolist(), full_masks(output, HEIGHT, WIDTH), sentences(model, output), strict=True)
        ]
        write_prediction(folder, scene, model.config.task, frames)


def experiment(budget: str, output: Path) -> dict[str, object]:
    """The file for `avu evaluate`: every variant and seed that has answered."""
    done = [(file.parent.name, int(file.parts[-3].removeprefix("seed"))) for file in output.glob("seed*/*/done")]

    def name(variant: str, seed: int, kind: str = "") -> str:
        title = "MCM" if (variant, kind) == ("ssu", "ablation") else VARIANTS[variant].title
        return f"{title}, seed {seed}"

    tables: list[dict[str, object]] = []
    models: dict[str, tuple[str, int]] = {}
    for kind, rows in TABLES.items():
        there = [(variant, seed) for variant in rows for seed in sorted(s for v, s in done if v == variant)]
        models |= {name(v, s, kind): (v, s) for v, s in there}
        title = "Joint and single tasks" if kind == "single-task" else "Ablation, each row with what is above it"
        tables.append({"kind": kind, "title": f"{title}, composed scenes, {budget}", "paper": "never",
                       "rows": [name(v, s, kind) for v, s in there]})
    return {
        "name": "ablation", "data_sets": [{"name": "composites", "path": "truth"}],
        "models": [
            {"name": title, "predictions": f"seed{seed}/{variant}", "task": VARIANTS[variant].task}
            for title, (variant, seed) in models.items()
        ],
        "tables": tables,
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="training scenes, written by compose.py")
    parser.add_argument("--test", type=Path, required=True, help="held-out scenes, written by compose.py")
    parser.add_argument("--encoders", type=Path, required=True, help="exported model whose audio encoder all share")
    parser.add_argument("--output", type=Path, required=True, help="folder of checkpoints and answers")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--only", choices=VARIANTS, nargs="+", default=list(VARIANTS), metavar="VARIANT")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bfloat16", action="store_true", help="faster where the processor has it")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    expect_scenes([*options.data, options.test])
    encoders = shared_encoders(options.encoders)
    embedding = f"embedding-{options.encoders.name}"
    if not (options.output / "truth").exists():
        write_truth(options.test, options.output / "truth")
    for seed in options.seeds:
        for name in options.only:
            variant, place = VARIANTS[name], f"seed{seed}/{name}"
            answers = options.output / place
            if not (answers / "done").exists():
                settings = Settings(options.steps, options.batch, options.rate, seed=seed, bfloat16=options.bfloat16,
                                    focal=variant.focal)
                trainer = Trainer(variant.model(encoders, seed), options.data, embedding,
                                  options.output / f"{place}.pt", settings)
                trainer.run({"variant": name})
                answer(trainer.model, options.test, embedding, answers)
                (answers / "done").touch()
            budget = f"{options.steps:,} steps of {options.batch} frames"
            write_json(options.output / "ablation.json", experiment(budget, options.output))


if __name__ == "__main__":
    run(main)
