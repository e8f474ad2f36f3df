"""How well sounds are named that come from a source which nothing was trained on: for each kind of source (a package,
a data set), what YAMNet's own scores say, and what classifiers say that were trained on all other sources."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import soundfile
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from avuformer.audio_encoder import AudioEncoder
from avuformer.audio_features import PATCH_SAMPLES, log_mel
from avuformer.categories import INDEX, NAMES
from avuformer.command_line import run
from encoders.audioset import audioset_rows
from encoders.pretrained import load_yamnet, yamnet_scores
from sources import ORIGINS, origin_of

PATCHES, STEPS, LEAST = 5, 400, 5


def patches_of(sources: Path, rng: np.random.Generator) -> tuple[np.ndarray, Tensor, list[str]]:
    """Up to five audible patches of each sound with a category: samples, category, origin."""
    origins = json.loads(ORIGINS.read_text())
    waves, labels, groups = [], [], []
    for item in json.loads((sources / "manifest.json").read_text())["sounds"]:
        sound, _ = soundfile.read(sources / item["file"], dtype="float32")
        if len(sound) < PATCH_SAMPLES:
            sound = np.tile(np.concatenate([sound, np.zeros(2000, np.float32)]), PATCH_SAMPLES // len(sound) + 2)
        loudness = np.sqrt((sound**2).mean())
        starts = rng.integers(0, len(sound) - PATCH_SAMPLES + 1, 24)
        parts = [p for p in (sound[s : s + PATCH_SAMPLES] for s in starts) if np.sqrt((p**2).mean()) > 0.3 * loudness]
        for part in parts[:PATCHES] if item["class"] in INDEX else []:
            gain = 10 ** (rng.uniform(-35, -12) / 20) / (np.sqrt((part**2).mean()) + 1e-6)
            waves.append(np.clip(part * gain, -1, 1))
            labels.append(INDEX[item["class"]])
            groups.append(origin_of(item["source"], origins))
    return np.stack(waves), torch.tensor(labels), groups


@torch.no_grad()
def features(waves: np.ndarray, yamnet: Path, class_map: Path) -> dict[str, Tensor]:
    """"embedding", "scores" (all 521) and "own" (the highest of each category's) of frozen YAMNet."""
    encoder = AudioEncoder(len(NAMES)).eval()
    load_yamnet(encoder, yamnet)
    parts = [encoder.embed(log_mel(torch.from_numpy(waves[i : i + 64]))) for i in range(0, len(waves), 64)]
    embedding = torch.cat(parts)
    scores = torch.sigmoid(F.linear(embedding, *yamnet_scores(yamnet)))
    own = torch.stack([scores[:, rows].amax(1) for rows in audioset_rows(class_map)], 1)
    return {"embedding": torch.log1p(embedding) * 2, "scores": scores.sqrt(), "own": own}


def linear(x: Tensor, y: Tensor, asked: Tensor) -> Tensor:
    """Probabilities [N,C] for `asked` by a linear classifier trained on x and y."""
    torch.manual_seed(0)
    mean, spread = x.mean(0), x.std(0) + 0.05
    layer = nn.Linear(x.shape[1], len(NAMES))
    rarity = 1 / torch.bincount(y, minlength=len(NAMES)).clamp(min=1).float()
    optimiser = torch.optim.AdamW(layer.parameters(), 2e-3, weight_decay=0.3)
    for _ in range(STEPS):
        rows = torch.randint(0, len(x), (256,))
        loss = F.cross_entropy(layer((x[rows] - mean) / spread), y[rows], (rarity / rarity.mean()).clamp(max=3))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        return torch.softmax(layer((asked - mean) / spread), 1)


def accuracy(scores: Tensor, y: Tensor) -> float:
    """Mean over the categories of the share that is named right."""
    right = scores.argmax(1) == y
    return float(torch.stack([right[y == c].float().mean() for c in y.unique()]).mean())


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True, help="folder with manifest.json")
    parser.add_argument("--yamnet", type=Path, required=True, help="yamnet.tflite")
    parser.add_argument("--class-map", type=Path, required=True, help="yamnet_class_map.csv")
    options = parser.parse_args()
    torch.set_num_threads(1)
    waves, y, groups = patches_of(options.sources, np.random.default_rng(0))
    known = features(waves, options.yamnet, options.class_map)
    both = torch.cat([known["embedding"], known["scores"]], 1)
    for group in sorted(set(groups)):
        held = torch.tensor([g == group for g in groups])
        enough = torch.bincount(y[~held], minlength=len(NAMES)) >= LEAST
        asked = held & enough[y]
        if asked.sum() < 100:
            continue
        trained = linear(known["embedding"][~held], y[~held], known["embedding"][asked])
        print(json.dumps({
            "left out": group, "patches": int(asked.sum()), "categories": len(y[asked].unique()),
            "YAMNet's own scores": round(accuracy(known["own"][asked], y[asked]), 3),
            "linear on embedding": round(accuracy(trained, y[asked]), 3),
            "linear on embedding and scores": round(accuracy(linear(both[~held], y[~held], both[asked]), y[asked]), 3),
            "linear on embedding, and own scores": round(accuracy(trained + known["own"][asked], y[asked]), 3),
        }), flush=True)


if __name__ == "__main__":
    run(main)
