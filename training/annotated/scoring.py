"""What a model gives for annotated clips, frame by frame, against what is true."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import torch

from avuformer.command_line import BadInput
from avuformer.model import AVUFormer, full_masks, sentences
from avuformer.scores import Tally
from avuformer.visual_encoder import normalised

from .clips import clip_folders, clip_frames


def annotated_folders(data_set: Path) -> list[Path]:
    """The clip folders of a data set's split “test”, or all of them; refuses a folder that has none."""
    folders = clip_folders(data_set, "test")
    if not folders:
        raise BadInput(f"{data_set} has no annotated clips (folders with annotation.json)")
    return folders


def run_clip(model: AVUFormer, folder: Path, threshold: float) -> tuple[Tally, list[str]]:
    """One annotated clip folder: its tally, and a line for each frame."""
    tally, lines = Tally(), []
    for frame in clip_frames(folder, model.config.log_offset):
        small = cv2.resize(frame.picture, (model.config.image_width, model.config.image_height),
                           interpolation=cv2.INTER_AREA)
        with torch.no_grad():
            picture = normalised(torch.from_numpy(small)[None], model.config)
            output = model(picture, frame.patches[None], frame.levels[None])
            sentence = sentences(model, output)[0]
        presence = float(torch.sigmoid(output.presence))
        mask = full_masks(output, *frame.picture.shape[:2])[0] & (presence >= threshold)
        tally.add(mask, frame.mask, sentence, frame.sentences)
        said = sentence if mask.any() else "-"
        lines.append(f"{frame.begin:4.1f} presence {presence:.2f} IoU {tally.ious[-1]:.2f} said: {said} | "
                     f"truth: {frame.sentences}")
    return tally, lines


def score_clips(model: AVUFormer, folders: list[Path], threshold: float) -> None:
    """Prints every clip's scores and frames, and the scores of all frames."""
    everything = Tally()
    for clip in folders:
        tally, lines = run_clip(model, clip, threshold)
        print(json.dumps({"clip": clip.name} | tally.summary()))
        print("\n".join(lines), flush=True)
        everything.extend(tally)
    print(json.dumps({"all clips": len(folders)} | everything.summary()))
