"""The bundled samples: what is in the repository agrees with itself, and composing again gives the same.

Composing needs AVU_TRAINING_SOURCES and ffmpeg.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
import soundfile

from avuformer.categories import INDEX, visual_kind
from avuformer.vocabulary import VOCABULARY
from compose_samples import FRAME_RATE, HEIGHT, SAMPLE_RATE, WIDTH, mix, write_samples
from compositor.sample_clips import CLIPS, Actor, SampleClip

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
SOURCES = os.environ.get("AVU_TRAINING_SOURCES")
needs_sources = pytest.mark.skipif(SOURCES is None, reason="needs the training sources")


def annotation(folder: Path, clip: SampleClip) -> dict:
    return json.loads((folder / clip.name / "annotation.json").read_text())


def masks(folder: Path, clip: SampleClip) -> list[np.ndarray]:
    files = sorted((folder / clip.name / "masks").iterdir())
    assert [f.name for f in files] == [f"{i:05d}.png" for i in range(clip.seconds)]
    return [np.asarray(cv2.imread(str(file), cv2.IMREAD_UNCHANGED)) for file in files]


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.name)
def test_a_clip_has_a_mask_and_a_sentence_for_each_second_that_sounds(clip: SampleClip) -> None:
    truth = annotation(SAMPLES, clip)
    assert truth["id"] == clip.name and truth["notes"]
    assert truth["frame_times"] == [second + 0.5 for second in range(clip.seconds)]
    lengths = {len(truth[name]) for name in ("frame_times", "sounding", "captions")}
    assert lengths == {clip.seconds}
    for second, mask in enumerate(masks(SAMPLES, clip)):
        sounds = any(second in actor.seconds for actor in clip.actors)
        assert truth["sounding"][second] == sounds == bool(truth["captions"][second])
        assert mask.shape == (HEIGHT, WIDTH) and mask.dtype == np.uint8
        assert set(np.unique(mask)) == ({0, 255} if sounds else {0})
        assert VOCABULARY.decode(VOCABULARY.encode(truth["captions"][second])) == truth["captions"][second]


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.name)
def test_a_video_has_the_frames_of_its_annotation_and_moves(clip: SampleClip) -> None:
    capture = cv2.VideoCapture(str(SAMPLES / clip.name / "video.mp4"))
    frames = []
    while (read := capture.read())[0]:
        frames.append(read[1])
    assert len(frames) == clip.seconds * FRAME_RATE and frames[0].shape == (HEIGHT, WIDTH, 3)
    assert np.abs(frames[0].astype(int) - frames[-1]).mean() > 2


def test_the_data_set_lists_its_clips_and_categories() -> None:
    data_set = json.loads((SAMPLES / "dataset.json").read_text())
    assert sorted(data_set["splits"]["test"]) == sorted(f.name for f in SAMPLES.iterdir() if (f / "masks").is_dir())
    categories = {clip.category for clip in CLIPS} - {"none"}
    assert categories <= set(data_set["categories"]) <= set(INDEX)
    for clip in CLIPS:
        assert (clip.category == "none") == (not any(actor.seconds for actor in clip.actors))


@needs_sources
def test_no_source_was_trained_on_and_the_readme_names_each() -> None:
    manifest = json.loads((Path(str(SOURCES)) / "manifest.json").read_text())
    items = {i["file"]: i for group in ("cutouts", "scenes", "backgrounds", "sounds") for i in manifest[group]}
    readme = (SAMPLES / "README.md").read_text()
    for clip in CLIPS:
        used: list[tuple[str | None, str | None]] = [(clip.background, None), (clip.off_screen, None)]
        for actor in clip.actors:
            used += [(actor.picture, actor.kind), (actor.sound, actor.kind)]
        for file, kind in used:
            if file is None:
                continue
            assert items[file]["split"] in ("test", "val"), file
            assert items[file]["source"].split("/")[-1] in readme, file
            if kind:
                assert visual_kind(items[file]["class"]) == kind, file


@needs_sources
def test_composing_again_gives_the_bundled_annotations_and_masks(tmp_path: Path) -> None:
    chosen = CLIPS[0]
    write_samples(Path(str(SOURCES)), tmp_path, 0, (chosen,))
    assert annotation(tmp_path, chosen) == annotation(SAMPLES, chosen)
    for again, bundled in zip(masks(tmp_path, chosen), masks(SAMPLES, chosen), strict=True):
        assert np.array_equal(again, bundled)


@needs_sources
def test_sound_is_where_the_annotation_says_and_nowhere_else() -> None:
    for clip in CLIPS:
        samples = mix(Path(str(SOURCES)), clip, np.random.default_rng(0))
        assert (samples is None) == (not clip.sound_track)
        if samples is None or clip.off_screen:
            continue
        for second, part in enumerate(samples.reshape(clip.seconds, SAMPLE_RATE)):
            loudness = np.sqrt((part**2).mean())
            sounds = any(second in actor.seconds for actor in clip.actors)
            assert (loudness > 0.01) if sounds else (loudness < 0.001), (clip.name, second)


def test_a_sound_that_cannot_be_heard_is_refused(tmp_path: Path) -> None:
    burst = np.zeros(3 * SAMPLE_RATE, np.float32)
    burst[: SAMPLE_RATE // 2] = 0.5
    soundfile.write(tmp_path / "burst.wav", burst, SAMPLE_RATE)
    actor = Actor("dog", sound="burst.wav", seconds=(0, 1))
    clip = SampleClip("late", "dog", "", 2, "", (actor,))
    with pytest.raises(ValueError, match=r"late: burst\.wav cannot be heard in second 1"):
        mix(tmp_path, clip, np.random.default_rng(0))
