"""Splits do not leak, and labels agree with each other. Needs AVU_TRAINING_SOURCES for the splits."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from compositor.pictures import HEIGHT, WIDTH, Picture, PictureComposer, Thing
from compositor.sentences import describe
from compositor.soundtracks import COUNT, LEAD, RATE, SoundComposer
from compositor.sources import Sources, leaks, load_sources
from compositor.synthetic_sounds import synthetic_sound


def small_sources() -> Sources:
    """A grey square that barks, an unknown hiss, a person who speaks."""
    rng = np.random.default_rng(0)
    square = np.full((60, 60, 4), 255, np.uint8)
    tone = (np.sin(np.arange(3 * RATE) / 9) * 0.3).astype(np.float16)
    return Sources(
        cutouts={"dog": [square], "person": [square]},
        sounds={
            "dog": [tone], "speaking": [tone], "violin": [tone],
            "noise": [rng.standard_normal(4 * RATE).astype(np.float16) * np.float16(0.1)],
        },
    )


@pytest.mark.skipif("AVU_TRAINING_SOURCES" not in os.environ, reason="needs the training sources")
def test_no_recording_and_no_photograph_is_in_two_splits() -> None:
    manifest = json.loads((Path(os.environ["AVU_TRAINING_SOURCES"]) / "manifest.json").read_text())
    assert not leaks(manifest)


def test_a_planted_leak_is_caught(tmp_path: Path) -> None:
    manifest: dict[str, list[dict[str, str]]] = {group: [] for group in ("cutouts", "scenes", "backgrounds", "sounds")}
    manifest["sounds"] = [
        {"file": "a.ogg", "class": "dog", "source": "recording 1", "split": "train"},
        {"file": "b.ogg", "class": "dog", "source": "recording 2", "split": "test"},
    ]
    assert not leaks(manifest)
    manifest["sounds"].append({"file": "c.ogg", "class": "dog", "source": "recording 1", "split": "test"})
    assert leaks(manifest) == ["recording 1"]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ValueError, match="recording 1 in two splits"):
        load_sources(tmp_path, "train")


def test_labels_agree_with_each_other() -> None:
    rng = np.random.default_rng(4)
    pictures, sounds = PictureComposer(small_sources(), rng), SoundComposer(small_sources(), rng)
    kinds = set()
    for _ in range(60):
        picture = pictures.compose()
        assert picture.pixels.shape == (HEIGHT, WIDTH, 3)
        track, actions = sounds.compose(picture)
        sentence = describe(picture, actions, track.things)
        kinds.add(track.kind)
        assert bool(track.categories) == any(track.things) == bool(sentence)
        assert track.samples.shape == (COUNT,)
        if track.categories:
            assert np.abs(track.samples[LEAD : LEAD + RATE]).max() > 0
        if track.kind == "digital silence":
            assert not track.samples.any() and not sentence
    assert "sounding" in kinds and "unknown" in kinds


def picture_with(*things: Thing) -> Picture:
    """Things as blocks from left to right."""
    labels = np.zeros((HEIGHT, WIDTH), np.uint8)
    for index in range(len(things)):
        labels[50:100, 10 + 100 * index : 80 + 100 * index] = index + 1
    return Picture(np.zeros((HEIGHT, WIDTH, 3), np.uint8), labels, list(things))


def test_places_are_named_only_where_they_tell_things_apart() -> None:
    alone = picture_with(Thing("dog"), Thing("violin", played=True))
    assert describe(alone, ["dog", "violin"], [True, True]) == (
        "The dog is barking. The person is playing the violin."
    )
    assert describe(alone, ["dog", "violin"], [False, False]) == ""
    two = picture_with(Thing("dog"), Thing("dog"))
    assert describe(two, ["dog", "dog"], [True, True]) == (
        "The dog on the left is barking. The dog on the right is barking."
    )
    assert describe(two, ["dog", "dog"], [False, True]) == "The dog on the right is barking."


def test_synthetic_sounds_are_finite_and_bounded() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        sound = synthetic_sound(rng, COUNT)
        assert sound.shape == (COUNT,) and np.isfinite(sound).all() and np.abs(sound).max() <= 0.51
