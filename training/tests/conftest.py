"""Data that several tests train on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from avuformer.config import ModelConfig
from avuformer.export import export_model
from avuformer.model import AVUFormer
from avuformer.vocabulary import MAX_TOKENS, VOCABULARY
from parity.random_weights import randomise_statistics

SCENES, TRACKS = 5, 2


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cached set of random features, and a random model to start from."""
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "data").mkdir()
    rng = np.random.default_rng(0)
    tokens = np.array(VOCABULARY.encode("The dog is barking."), np.int16)
    shapes = {"f4": (24, 48, 80), "f8": (40, 24, 40), "f16": (112, 12, 20), "f32": (320, 6, 10)}
    arrays = {n: rng.standard_normal((SCENES, *s)).astype(np.float16) for n, s in shapes.items()}
    arrays |= {
        "pixels": rng.integers(0, 256, (SCENES, 192, 320, 3)).astype(np.uint8),
        "labels": rng.integers(0, 2, (SCENES, 192, 320)).astype(np.uint8),
        "small_labels": rng.integers(0, 2, (SCENES, 48, 80)).astype(np.uint8),
        "kinds": rng.integers(0, 34, (SCENES, 48, 80)).astype(np.uint8),
        "patches": rng.standard_normal((SCENES, TRACKS, 3, 96, 64)).astype(np.float16),
        "levels": rng.standard_normal((SCENES, TRACKS, 3)).astype(np.float32),
        "sounding": np.eye(1, 8, dtype=bool)[None].repeat(SCENES, 0).repeat(TRACKS, 1),
        "categories": rng.integers(0, 2, (SCENES, TRACKS, 35)).astype(bool),
        "tokens": np.broadcast_to(tokens, (SCENES, TRACKS, MAX_TOKENS)),
    }
    for name, array in arrays.items():
        np.save(folder / "data" / f"{name}.npy", array)
    (folder / "data" / "sentences.json").write_text(json.dumps([["The dog is barking."] * TRACKS] * SCENES))
    torch.manual_seed(1)
    model = AVUFormer(ModelConfig())
    randomise_statistics(model, torch.Generator().manual_seed(1))
    export_model(model.eval(), folder / "start")
    return folder
