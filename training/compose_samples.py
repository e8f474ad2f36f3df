"""Composes the bundled sample clips (compositor/sample_clips.py): video, masks and annotation of each. Needs ffmpeg.

The same sources and seed give the same pictures, sounds, masks and annotations; the bytes of the compressed video also
depend on the version of ffmpeg.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import cv2
import numpy as np
import soundfile

from avuformer.categories import NAMES
from avuformer.command_line import run
from compositor.pictures import Picture, Thing
from compositor.sample_clips import CLIPS, Actor, SampleClip
from compositor.sentences import describe

WIDTH, HEIGHT, FRAME_RATE = 480, 270, 12
SAMPLE_RATE, OUTPUT_RATE = 16000, 44100
LOUDNESS, FLOOR = 0.1, 0.0004  # root mean square of what sounds, and of the noise floor
AUDIBLE = 0.12  # least share of a sound's loudness in each second in which it is said to sound
FADE = 320  # samples

DESCRIPTION = (
    "Short clips composed from photographs and sounds with open licences, each with a mask and a sentence a second. "
    "They show what the model does: **two possible sources of which one sounds**, music, an animal, a vehicle, a sound "
    "whose source is not visible, and silence. `README.md` names every source."
)
LICENCE = "CC BY 4.0 (pictures: Caltech-101, CC BY 4.0; sounds: CC0 and renderings of FluidR3_GM, MIT); see README.md"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True, help="folder with manifest.json")
    parser.add_argument("--output", type=Path, required=True, help="folder of clip folders to write")
    parser.add_argument("--seed", type=int, default=0, help="of the noise floor and the light")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    write_samples(options.sources, options.output, options.seed)


def write_samples(sources: Path, output: Path, seed: int, clips: tuple[SampleClip, ...] = CLIPS) -> None:
    """Writes dataset.json and a folder for each clip."""
    output.mkdir(parents=True, exist_ok=True)
    sounding = {a.kind for clip in clips for a in clip.actors if a.seconds}
    _write_json(output / "dataset.json", {
        "name": "samples", "description": DESCRIPTION, "categories": [n for n in NAMES if n in sounding],
        "splits": {"test": [clip.name for clip in clips]}, "licence": LICENCE,
    })
    for number, clip in enumerate(clips):
        _write_clip(sources, output / clip.name, clip, np.random.default_rng([seed, number]))


def _write_clip(sources: Path, folder: Path, clip: SampleClip, rng: np.random.Generator) -> None:
    stage = Stage(sources, clip, rng)
    samples = mix(sources, clip, rng)
    (folder / "masks").mkdir(parents=True, exist_ok=True)
    write_video(folder / "video.mp4", stage, samples)
    captions: list[str] = []
    for second in range(clip.seconds):
        picture = stage.draw(second + 0.5)
        sounding = [second in actor.seconds for actor in clip.actors]
        heard = np.array([0, *(255 if s else 0 for s in sounding)], np.uint8)
        cv2.imwrite(str(folder / "masks" / f"{second:05d}.png"), heard[picture.labels])
        captions.append(describe(picture, [actor.kind for actor in clip.actors], sounding))
    _write_json(folder / "annotation.json", {
        "id": clip.name, "source": "training/compose_samples.py", "category": clip.category,
        "frame_times": [second + 0.5 for second in range(clip.seconds)],
        "sounding": [bool(caption) for caption in captions], "captions": captions,
        "audible": [bool(caption) or clip.off_screen is not None for caption in captions], "notes": clip.notes,
    })


class Stage:
    """Draws the frames of one clip."""

    def __init__(self, sources: Path, clip: SampleClip, rng: np.random.Generator) -> None:
        self.clip = clip
        self.light = rng.uniform(0.97, 1.03, 3).astype(np.float32)
        self.background = _read(sources / clip.background)
        self.object_mask = _object_mask(sources, clip)
        self.cutouts = [_read_cutout(sources, actor) for actor in clip.actors]

    def draw(self, time: float) -> Picture:
        """The frame at `time` seconds, [270,480,3], and what is where in it."""
        share = time / self.clip.seconds
        view = self._view(share)
        canvas = _warp(self.background, view)
        if self.clip.blur > 0:
            canvas = cv2.GaussianBlur(canvas, (0, 0), self.clip.blur)
        labels = np.zeros((HEIGHT, WIDTH), np.uint8)
        for index, (actor, cutout) in enumerate(zip(self.clip.actors, self.cutouts, strict=True)):
            if cutout is None:
                labels[_warp(self.object_mask, view) > 127] = index + 1
            else:
                _paste(canvas, labels, index + 1, actor, cutout, share)
        pixels = np.clip(canvas * self.light, 0, 255).astype(np.uint8)
        return Picture(pixels, labels, [Thing(actor.kind) for actor in self.clip.actors])

    def _view(self, share: float) -> np.ndarray:
        """The affine map [2,3] from the background to the frame; it never shows what is outside of the background."""
        first, last = self.clip.camera
        height, width = self.background.shape[:2]
        scale = max(WIDTH / width, HEIGHT / height) * _between(first.zoom, last.zoom, share)
        half_x, half_y = WIDTH / 2 / scale, HEIGHT / 2 / scale
        x = np.clip(_between(first.centre[0], last.centre[0], share) * width, half_x, width - half_x)
        y = np.clip(_between(first.centre[1], last.centre[1], share) * height, half_y, height - half_y)
        return np.array([[scale, 0, WIDTH / 2 - scale * x], [0, scale, HEIGHT / 2 - scale * y]], np.float32)


def _paste(canvas: np.ndarray, labels: np.ndarray, label: int, actor: Actor, cutout: np.ndarray, share: float) -> None:
    height, width = cutout.shape[:2]
    scale = actor.height * HEIGHT / height
    x = _between(actor.begin[0], actor.end[0], share) * WIDTH
    y = _between(actor.begin[1], actor.end[1], share) * HEIGHT
    place = np.array([[scale, 0, x - scale * width / 2], [0, scale, y - scale * height / 2]], np.float32)
    if actor.standing:
        _cast_shadow(canvas, (x, y + scale * height / 2), scale * width / 2)
    alpha = _warp(cutout[..., 3], place, cv2.BORDER_CONSTANT)
    colour = _warp(cutout[..., :3], place)
    share_of_it = np.clip(alpha / 255, 0, 1)[..., None]
    canvas *= 1 - share_of_it
    canvas += colour * share_of_it
    labels[alpha > 127] = label


def _cast_shadow(canvas: np.ndarray, foot: tuple[float, float], half_width: float) -> None:
    shadow = np.zeros((HEIGHT, WIDTH), np.float32)
    axes = (round(half_width * 0.9), max(2, round(half_width * 0.12)))
    cv2.ellipse(shadow, (round(foot[0]), round(foot[1]) - axes[1] // 2), axes, 0, 0, 360, 0.5, -1)
    canvas *= 1 - cv2.GaussianBlur(shadow, (0, 0), max(2.0, half_width * 0.08))[..., None]


def _warp(picture: np.ndarray, to_frame: np.ndarray, border: int = cv2.BORDER_REPLICATE) -> np.ndarray:
    """float32 [270,480,…]; what is shown smaller than it is, is averaged first."""
    scale, picture = float(to_frame[0, 0]), picture.astype(np.float32)
    if scale < 1:
        picture = cv2.GaussianBlur(picture, (0, 0), 0.4 / scale)
    return cv2.warpAffine(picture, to_frame, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=border)


def mix(sources: Path, clip: SampleClip, rng: np.random.Generator) -> np.ndarray | None:
    """The sound track, float32 at 16 kHz; None when the clip has none. Raises ValueError where a sound is too faint."""
    if not clip.sound_track:
        return None
    samples = np.zeros(clip.seconds * SAMPLE_RATE, np.float32)
    for actor in clip.actors:
        for seconds in _runs(actor.seconds):
            piece = _piece(sources / str(actor.sound), actor.sound_from, len(seconds))
            for second, part in zip(seconds, piece.reshape(len(seconds), -1), strict=True):
                if _loudness(part) < AUDIBLE * LOUDNESS:
                    raise ValueError(f"{clip.name}: {actor.sound} cannot be heard in second {second}; move sound_from")
            samples[seconds[0] * SAMPLE_RATE : (seconds[-1] + 1) * SAMPLE_RATE] += piece
    if clip.off_screen:
        samples += _piece(sources / clip.off_screen, 0, clip.seconds)
    if clip.noise_floor:
        samples += rng.standard_normal(len(samples)).astype(np.float32) * FLOOR
    return np.clip(samples, -1, 1)


def _runs(seconds: tuple[int, ...]) -> list[list[int]]:
    """Seconds that follow each other, together."""
    runs: list[list[int]] = []
    for second in seconds:
        if runs and runs[-1][-1] == second - 1:
            runs[-1].append(second)
        else:
            runs.append([second])
    return runs


def _piece(file: Path, begin: float, seconds: int) -> np.ndarray:
    """`seconds` of a sound from `begin`, repeated when it is short, at one loudness, with soft ends."""
    sound, rate = soundfile.read(file, dtype="float32")
    if rate != SAMPLE_RATE:
        raise ValueError(f"{file} has {rate} samples a second; make it {SAMPLE_RATE}")
    first, count = round(begin * SAMPLE_RATE), seconds * SAMPLE_RATE
    piece = np.resize(np.roll(sound, -first), count)
    piece *= LOUDNESS / (_loudness(piece) + 1e-6)
    ramp = np.linspace(0, 1, FADE, dtype=np.float32)
    piece[:FADE] *= ramp
    piece[-FADE:] *= ramp[::-1]
    return piece


def write_video(file: Path, stage: Stage, samples: np.ndarray | None) -> None:
    """H.264 and AAC in MP4."""
    with tempfile.TemporaryDirectory() as scratch:
        command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}",
                   "-r", str(FRAME_RATE), "-i", "-"]
        if samples is not None:
            sound = Path(scratch) / "sound.wav"
            soundfile.write(sound, samples, SAMPLE_RATE)
            command += ["-i", str(sound), "-c:a", "aac", "-b:a", "64k", "-ar", str(OUTPUT_RATE)]
        command += ["-c:v", "libx264", "-preset", "slow", "-crf", "22", "-pix_fmt", "yuv420p", "-threads", "1",
                    "-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart", str(file)]
        frames = [stage.draw(n / FRAME_RATE).pixels.tobytes() for n in range(stage.clip.seconds * FRAME_RATE)]
        subprocess.run(command, input=b"".join(frames), check=True)


def _object_mask(sources: Path, clip: SampleClip) -> np.ndarray:
    """The mask of the background photograph's own object; one empty pixel when the clip does not use it."""
    if all(actor.picture for actor in clip.actors):
        return np.zeros((1, 1), np.uint8)
    scenes = json.loads((sources / "manifest.json").read_text())["scenes"]
    objects = next(item["objects"] for item in scenes if item["file"] == clip.background)
    return _read(sources / objects[0]["mask"], cv2.IMREAD_GRAYSCALE)


def _read_cutout(sources: Path, actor: Actor) -> np.ndarray | None:
    """RGBA of the largest part, one pixel less all around: there the old background shines through."""
    if actor.picture is None:
        return None
    rgba = _read(sources / actor.picture, cv2.IMREAD_UNCHANGED)
    rgba = cv2.copyMakeBorder(rgba, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0))
    _, parts, sizes, _ = cv2.connectedComponentsWithStats((rgba[..., 3] > 127).astype(np.uint8))
    largest = 1 + int(np.argmax(sizes[1:, cv2.CC_STAT_AREA]))
    alpha = cv2.erode(np.where(parts == largest, rgba[..., 3], 0), np.ones((3, 3), np.uint8))
    rgba[..., 3] = cv2.GaussianBlur(alpha, (0, 0), 0.7)
    return np.ascontiguousarray(rgba[:, ::-1]) if actor.mirrored else rgba


def _read(file: Path, flags: int = cv2.IMREAD_COLOR) -> np.ndarray:
    picture = cv2.imread(str(file), flags)
    if picture is None:
        raise ValueError(f"{file} cannot be read as a picture")
    if picture.ndim == 2:
        return picture
    return cv2.cvtColor(picture, cv2.COLOR_BGRA2RGBA if picture.shape[2] == 4 else cv2.COLOR_BGR2RGB)


def _between(first: float, last: float, share: float) -> float:
    return first + (last - first) * share


def _loudness(samples: np.ndarray) -> float:
    return float(np.sqrt((samples**2).mean()))


def _write_json(file: Path, value: dict) -> None:
    file.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    run(main)
