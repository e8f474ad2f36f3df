"""Trains AVUFormer from cached scenes; run it again after a kill and it resumes. With several cards:
torchrun --nproc-per-node 4 train.py …"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from avuformer.command_line import BadInput, expect_scenes, run
from avuformer.config import TASKS, ModelConfig
from avuformer.export import load_checkpoint, load_exported, load_weights
from avuformer.model import AVUFormer
from avuformer.trainer import Settings, Trainer
from avuformer.visual_encoder import VisualEncoder
from encoders.pretrained import efficientnet_file, load_efficientnet


def starting_model(options: argparse.Namespace) -> AVUFormer:
    """An exported model to go on from, or fresh weights around the two encoders."""
    torch.manual_seed(options.seed)
    model = AVUFormer(ModelConfig(
        task=options.task, mcm=not options.no_mcm and options.task == "ssu", rcc=options.rcc, mohe=options.mohe,
    ))
    if options.from_model is None:
        assert isinstance(model.visual_encoder, VisualEncoder)
        load_efficientnet(model.visual_encoder, efficientnet_file())
    else:
        known = load_exported(options.from_model).state_dict()
        provenance = json.loads((options.from_model / "config.json").read_text())["provenance"]
        if provenance.get("unfrozen") and not options.unfreeze:
            raise BadInput(f"the visual encoder of {options.from_model} has learnt: --unfreeze visual is needed")
        load_weights(model, {k: v for k, v in known.items() if k in model.state_dict()}, options.from_model, False)
    if options.audio is not None:
        audio = load_checkpoint(options.audio)
        state = {name: value.half().float() for name, value in audio["model"].items()}
        load_weights(model.audio_encoder, state, options.audio)
    return model


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="folders written by compose.py")
    parser.add_argument("--audio", type=Path, help="file written by train_audio.py")
    parser.add_argument("--from-model", type=Path, help="exported model to start from")
    parser.add_argument("--output", type=Path, required=True, help="checkpoint; resumed when it exists")
    parser.add_argument("--steps", type=int, default=10000)
    parser.add_argument("--batch", type=int, default=16, help="of one process")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--save-every", type=int, default=500)
    parser.add_argument("--bfloat16", action="store_true", help="faster where the processor has it")
    parser.add_argument("--unfreeze", choices=("visual", "all"), default="", help="encoders that learn, too")
    parser.add_argument("--encoder-rate", type=float, default=2e-5, help="learning rate of unfrozen encoders")
    parser.add_argument("--tracks", type=int, default=1, help="frames of a batch that share a picture")
    parser.add_argument("--task", choices=tuple(TASKS), default="ssu")
    parser.add_argument("--no-focal", action="store_true", help="the ablation with plain cross-entropy for masks")
    parser.add_argument("--no-mcm", action="store_true", help="the ablation without region tokens")
    parser.add_argument("--rcc", action="store_true", help="hold regions and sentences together")
    parser.add_argument("--mohe", action="store_true", help="experts in the description decoder")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.batch % options.tracks:
        raise BadInput("--batch must be a multiple of --tracks")
    if options.audio is None and options.from_model is None:
        raise BadInput("--audio (written by train_audio.py) or --from-model (an exported model) is needed")
    expect_scenes(options.data)
    settings = Settings(
        options.steps, options.batch, options.rate, seed=options.seed, save_every=options.save_every,
        bfloat16=options.bfloat16, unfreeze=options.unfreeze, focal=not options.no_focal,
        encoder_rate=options.encoder_rate, tracks=options.tracks,
    )
    name = options.audio.stem if options.audio is not None else f"embedding-{options.from_model.name}"
    trainer = Trainer(starting_model(options), options.data, name, options.output, settings)
    trainer.run({"started_from": str(options.from_model.name) if options.from_model is not None else "encoders"})


if __name__ == "__main__":
    run(main)
