"""Scores a model on held-out composites and on annotated clips, and chooses the presence threshold."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from annotated.scoring import annotated_folders, score_clips
from avuformer.audio_features import frame_patches
from avuformer.categories import NAMES
from avuformer.command_line import BadInput, expect_scenes, run
from avuformer.export import load_exported
from avuformer.model import AVUFormer, full_masks, sentences
from avuformer.scores import Tally
from avuformer.visual_encoder import normalised

THRESHOLDS: tuple[float, ...] = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
# The highest threshold that costs less than this in mIoU: false alarms are worse than misses.
TOLERANCE = 0.005


class Composites:
    """A folder written by compose.py, seen through a model."""

    def __init__(self, folder: Path, model: AVUFormer, sound: str = "own") -> None:
        """`sound`: each scene's "own", that of "another" scene, or digital "silence"."""
        arrays = {
            n: np.load(folder / f"{n}.npy", mmap_mode="r")
            for n in ("pixels", "labels", "patches", "levels", "sounding", "categories", "unknown")
        }
        self.sentences = json.loads((folder / "sentences.json").read_text())
        self.presence, self.masks, self.truths, self.said, self.wanted = [], [], [], [], []
        self.categories, self.unknown = [], []
        scenes, tracks = arrays["unknown"].shape
        other = np.random.default_rng(0).permutation(scenes) if sound == "another" else np.arange(scenes)
        for scene in range(scenes):
            picture = normalised(torch.from_numpy(arrays["pixels"][scene][None].copy()), model.config)
            patches = torch.from_numpy(arrays["patches"][other[scene]].astype(np.float32))
            levels = torch.from_numpy(arrays["levels"][other[scene]].copy())
            if sound == "silence":
                patches, levels = (v.expand(tracks, *v.shape) for v in frame_patches(torch.zeros(0), 0.0))
            with torch.no_grad():
                pyramid = [m.expand(tracks, -1, -1, -1) for m in model.visual_encoder(picture)]
                output = model.fuse(pyramid, model.audio_encoder(patches, levels))
                self.said += sentences(model, output)
            self.presence += torch.sigmoid(output.presence).tolist()
            self.masks += list(np.packbits(full_masks(output, 192, 320), axis=-1))
            for track in range(tracks):
                table = np.concatenate([[False], arrays["sounding"][scene, track]])
                self.truths.append(np.packbits(table[arrays["labels"][scene]], axis=-1))
            self.wanted += self.sentences[scene]
            self.categories.append(arrays["categories"][scene])
            self.unknown += arrays["unknown"][scene].tolist()

    def tally(self, threshold: float, only: list[int] | None = None) -> Tally:
        """Scores at a presence threshold, of all frames or some."""
        tally = Tally()
        for i in range(len(self.presence)) if only is None else only:
            mask, truth = (np.unpackbits(m, axis=-1).astype(bool) for m in (self.masks[i], self.truths[i]))
            mask &= self.presence[i] >= threshold
            tally.add(mask, truth, self.said[i], [self.wanted[i]])
        return tally

    def by_category(self, threshold: float) -> dict[str, dict[str, float]]:
        """Sounding IoU and exactness of each category that sounds alone."""
        truth, rows = np.concatenate(self.categories), {}
        for index, name in enumerate(NAMES):
            only = [int(i) for i in np.where(truth[:, index] & (truth.sum(1) == 1))[0]]
            if only:
                summary = self.tally(threshold, only).summary()
                rows[name] = {k: summary[k] for k in ("frames", "sounding_IoU", "sounding_found", "sentence_exact")}
        return rows


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="exported model folder")
    parser.add_argument("--validation", type=Path, help="composites to choose the threshold on")
    parser.add_argument("--test", type=Path, help="held-out composites")
    parser.add_argument("--clips", type=Path, help="folder of annotated clip folders")
    parser.add_argument("--write-threshold", action="store_true", help="into the model's config.json")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = load_exported(options.model)
    expect_scenes([folder for folder in (options.validation, options.test) if folder])
    if not (options.validation or options.test or options.clips):
        raise BadInput("nothing to score: give --validation, --test or --clips")
    if options.write_threshold and not options.validation:
        raise BadInput("--write-threshold needs --validation")
    folders = annotated_folders(options.clips) if options.clips else []
    threshold = model.config.presence_threshold
    if options.validation:
        composites = Composites(options.validation, model)
        rows = {t: composites.tally(t).summary() for t in THRESHOLDS}
        for value, row in rows.items():
            print(json.dumps({"validation threshold": value} | row))
        best = max(row["mIoU"] for row in rows.values())
        threshold = max(t for t, row in rows.items() if row["mIoU"] > best - TOLERANCE)
        print(json.dumps({"chosen presence threshold": threshold}))
        if options.write_threshold:
            file = options.model / "config.json"
            config = json.loads(file.read_text())
            config["thresholds"]["presence"] = threshold
            file.write_text(json.dumps(config, indent=1) + "\n")
    if options.test:
        composites = Composites(options.test, model)
        print(json.dumps({"held-out composites": composites.tally(threshold).summary()}))
        unknown = [i for i, u in enumerate(composites.unknown) if u]
        print(json.dumps({"unknown sounds": composites.tally(threshold, unknown).summary()}))
        print(json.dumps({"by category": composites.by_category(threshold)}))
        wrong = Composites(options.test, model, "another").tally(threshold).summary()
        print(json.dumps({"with the sound of another scene": wrong}))
        loudest = max(Composites(options.test, model, "silence").presence)
        print(json.dumps({"digital silence, highest presence": round(loudest, 4)}), flush=True)
    if folders:
        score_clips(model, folders, threshold)


if __name__ == "__main__":
    run(main)
