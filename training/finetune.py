"""Fine-tunes an exported model on annotated clips: avu's clip folders, or AVSBench's layout.

python finetune.py --data my-clips --model ../models/avuformer-lite --output ../models/mine
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import torch

from annotated.clips import Frame, annotated_frames
from annotated.widening import widened
from avuformer.categories import Category
from avuformer.command_line import BadInput, run
from avuformer.dataset import UNKNOWN_KIND
from avuformer.export import export_model, load_exported
from avuformer.model import AVUFormer
from avuformer.trainer import Settings, Trainer, join_processes
from avuformer.visual_encoder import normalised
from avuformer.vocabulary import MAX_TOKENS


def widened_for(model: AVUFormer, frames: list[Frame]) -> AVUFormer:
    """Adds the words and the categories that the annotations have and the model has not."""
    known = {kind.name for kind in model.config.kinds}
    new = sorted({f.category for f in frames if f.category and f.category != "none"} - known)
    kinds = model.config.kinds + [Category(name, name, "sounding") for name in new]
    said = [text for f in frames for text in f.sentences or []]
    return widened(model, kinds, model.config.vocabulary.widened([*said, *map(mirrored, said)]))


def mirrored(sentence: str) -> str:
    """Left and right swapped, for a mirrored picture."""
    swap = {"left": "right", "right": "left"}
    return " ".join(swap.get(word, word) for word in sentence.replace(".", " .").split()).replace(" .", ".")


@torch.no_grad()
def cache(model: AVUFormer, frames: list[Frame], folder: Path) -> None:
    """Writes the arrays that training reads: each frame, and its mirror image."""
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    rows: dict[str, list[np.ndarray]] = {}
    for frame in frames:
        for flip in (False, True):
            for name, value in _row(model, frame, flip).items():
                rows.setdefault(name, []).append(value)
    for name, values in rows.items():
        np.save(part / f"{name}.npy", np.stack(values))
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)


def _row(model: AVUFormer, frame: Frame, flip: bool) -> dict[str, np.ndarray]:
    config, step = model.config, -1 if flip else 1
    size = (config.image_width, config.image_height)
    picture = cv2.resize(frame.picture, size, interpolation=cv2.INTER_AREA)[:, ::step]
    small = cv2.resize(frame.mask.astype(np.float32), (size[0] // 4, size[1] // 4), interpolation=cv2.INTER_AREA)
    maps = model.visual_encoder(normalised(torch.from_numpy(np.ascontiguousarray(picture))[None], config))
    names = [kind.name for kind in config.kinds]
    categories = np.array([frame.mask.any() and name == frame.category for name in names], np.uint8)
    tokens = [0] * MAX_TOKENS
    if frame.sentences is not None:
        text = frame.sentences[0] if frame.sentences else ""
        tokens = config.vocabulary.encode(mirrored(text) if flip else text)
    row = {
        "pixels": np.ascontiguousarray(picture), "small_labels": (small[:, ::step] > 0.5).astype(np.uint8),
        "kinds": np.full(small.shape, UNKNOWN_KIND, np.uint8), "patches": frame.patches.half().numpy()[None],
        "levels": frame.levels.numpy()[None], "sounding": np.eye(1, 8, dtype=bool),
        "categories": categories[None], "tokens": np.array(tokens, np.int16)[None],
    }
    return row | {n: m[0].half().numpy() for n, m in zip(("f4", "f8", "f16", "f32"), maps, strict=True)}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="data set; its split “train”, or all of it")
    parser.add_argument("--model", type=Path, required=True, help="exported model to start from")
    parser.add_argument("--output", type=Path, required=True, help="model folder to write; its name is the model's")
    parser.add_argument("--work", type=Path, help="scratch folder (default: <output>.work)")
    parser.add_argument("--unfreeze", action="store_true", help="train the encoders, too (best on a GPU)")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    work = options.work or options.output.with_name(options.output.name + ".work")
    try:
        start = load_exported(options.model)
        frames = list(annotated_frames(options.data, start.config.log_offset))
    except ValueError as error:
        raise BadInput(str(error)) from error
    model = widened_for(start, frames)
    model.config.name = options.output.name
    rank, processes = join_processes()
    if rank == 0:
        cache(model, frames, work / "frames")
    if processes > 1:
        torch.distributed.barrier()
    settings = Settings(
        options.steps, options.batch, options.rate, warm_up=20, seed=options.seed, save_every=100, forget=0.0,
        unfreeze="all" if options.unfreeze else "",
    )
    trainer = Trainer(model, [work / "frames"], "embedding", work / "checkpoint.pt", settings)
    trainer.run({"fine_tuned_from": options.model.name, "data": options.data.name, "frames": len(frames)})
    if trainer.rank == 0:
        before = json.loads((options.model / "config.json").read_text())["provenance"]
        export_model(model.to("cpu").eval(), options.output, trainer.provenance() | {
            "fine_tuned_from": options.model.name, "data": options.data.name, "frames": len(frames),
            "unfrozen": settings.unfreeze or before.get("unfrozen", "")})
        shutil.copyfile(work / "checkpoint.jsonl", options.output / "training.jsonl")
        print(f"wrote {options.output}; see it with: AVU_MODELS={options.output.parent} avu model list")


if __name__ == "__main__":
    run(main)
