"""Recordings → mono pieces at 16 kHz without silence around them, at one level; renderings of soundfonts."""

from __future__ import annotations

import re
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

import numpy as np
import soundfile

from .originals import Originals

RATE = 16000
PIECE = 10 * RATE
SPOKEN = 5  # descriptions that make one piece of speech
# of each category: programs of General MIDI, lowest and highest key, share of chords
INSTRUMENTS: dict[str, tuple[list[int], int, int, float]] = {
    "accordion": ([21, 21, 23], 48, 84, 0.4), "banjo": ([105], 48, 76, 0.2), "bagpipe": ([109], 55, 76, 0),
    "guitar": ([24, 25, 26, 27, 29, 30], 43, 72, 0.4), "piano": ([0, 1, 2, 3, 4], 40, 90, 0.5),
    "trumpet": ([56, 56, 61], 55, 82, 0), "tuba": ([58], 28, 55, 0), "violin": ([40, 40, 110], 57, 90, 0.1),
    "xylophone": ([13, 12, 11], 60, 96, 0), "harp": ([46], 48, 90, 0.3), "bird": ([123], 60, 80, 0),
    "phone": ([124], 60, 84, 0),
}
DRUMS: dict[str, list[int]] = {
    "congas": [60, 61, 62, 63, 64], "drum": [36, 36, 38, 38, 42, 42, 46, 49, 45, 48, 51],
}
STEPS_OF_A_SCALE = [0, 2, 4, 5, 7, 9, 11, 12]


def sound(originals: Originals, key: str, source: str) -> np.ndarray:
    """float32 samples of a source: a whole recording, its n-th ten seconds (`#n`), or what is made of several.
    Renderings, typing and joined speech are drawn anew, by a seed made of the source's name."""
    rng = np.random.default_rng(zlib.crc32(source.encode()))
    if key == "gm":
        return levelled(rendered(originals, source, rng))
    if key == "buckle":
        keys = [decoded(f) for f in _all(originals, key, r".*\.wav")]
        return levelled(typed(keys[:100] if int(source.removeprefix("buckle")) < 18 else keys[100:], rng))
    if key == "desc":
        language = re.sub(r"\d+$", "", source.removeprefix("desc"))
        start = int(source.removeprefix("desc" + language))
        files = _all(originals, key, f".*{language}.*\\.ogg" if language != "_desc" else r".*_desc\.ogg")
        return levelled(np.concatenate([decoded(f) for f in files[start : start + SPOKEN]])[:PIECE])
    if key == "gcat":
        meow = decoded(originals.resource(key, "explore_farm_animals", "cat.ogg"))
        number = int(source.removeprefix("gcat"))
        faster = np.arange(0, len(meow), 0.8 + 0.05 * number if number else 1)
        return levelled(np.interp(faster, np.arange(len(meow)), meow).astype(np.float32))
    path, _, piece = source.partition("#")
    if key == "gcompris":
        recording: Path | bytes = originals.resource(key, path.split("/")[4], path.rsplit("/", 1)[1])
    else:
        inside = path.removeprefix(key + "/")
        # its commits have these files in one folder, or in one for each class
        recording = originals.find(key, path.rsplit("/", 1)[1] if key == "sounds/seth814_FSD300" else inside)
    if piece and key == "tuxpaint-stamps-default":  # a siren in pieces of three seconds
        return levelled(levelled(decoded(recording))[int(piece) * 3 * RATE :][: 3 * RATE])
    return levelled(decoded(recording, int(piece) * 10 if piece else 0, 10))


def decoded(recording: Path | bytes, begin: float = 0, seconds: float | None = None) -> np.ndarray:
    """float32 mono samples at 16 kHz of a file or its content (needs ffmpeg)."""
    length = ["-t", str(begin + seconds)] if seconds else []
    name, content = ("pipe:0", recording) if isinstance(recording, bytes) else (f"file:{recording}", None)
    command = ["ffmpeg", "-v", "error", *length, "-i", name, "-vn", "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"]
    done = subprocess.run(command, input=content or b"", capture_output=True, check=True)
    return np.frombuffer(done.stdout, np.float32)[int(begin * RATE) :]


def levelled(samples: np.ndarray) -> np.ndarray:
    """Without what is quiet at both ends, and at an RMS of 0.08 of full scale."""
    if not samples.any():
        raise ValueError("a recording is silent, or has no such piece")
    energy = np.sqrt(np.convolve(samples**2, np.ones(800) / 800, "same"))
    loud = np.flatnonzero(energy > energy.max() * 0.04)
    samples = samples[max(0, loud[0] - 200) : loud[-1] + 400]
    rms = float(np.sqrt((samples**2).mean()))
    return np.clip(samples / max(rms, 1e-4) * 0.08, -1, 1)


def typed(keys: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Ten seconds of key strokes."""
    out, at = np.zeros(PIECE, np.float32), 0
    while at < PIECE - 5000:
        stroke = keys[rng.integers(len(keys))][:6000]
        stroke = stroke[: PIECE - at]
        out[at : at + len(stroke)] += stroke
        at += int(RATE * rng.uniform(0.06, 0.35))
    return out


def rendered(originals: Originals, source: str, rng: np.random.Generator) -> np.ndarray:
    """Ten seconds of an instrument (needs fluidsynth); tests have another soundfont than training."""
    _, category, split = source.split("-")
    font = "MuseScore_General_Full.sf3" if split.startswith("test") else "FluidR3_GM.sf2"
    with tempfile.TemporaryDirectory() as scratch:
        score, wave = Path(scratch) / "score.mid", Path(scratch) / "wave.wav"
        score.write_bytes(melody(category, rng))
        subprocess.run([
            "fluidsynth", "-ni", "-q", "-r", str(RATE), "-g", "0.7", "-o", "synth.reverb.active=0",
            "-o", "synth.chorus.active=0", "-F", str(wave), str(originals.find("gm", font)), str(score),
        ], check=True, capture_output=True)
        return decoded(wave, 0, 10)


def melody(category: str, rng: np.random.Generator) -> bytes:
    """A MIDI file of ten seconds at 960 ticks a second: random notes of a major scale, or strokes."""
    channel, events = (9 if category in DRUMS else 0), b""
    programs, low, high, chords = INSTRUMENTS.get(category, ([0], 0, 0, 0))
    if channel == 0:
        events += bytes([0, 0xC0, int(rng.choice(programs))])
    unit, total = int(rng.choice([120, 180, 240, 360, 480])), 0
    key = int(rng.integers(low, max(low, high - 12) + 1))
    while total < 8640:
        ticks = min(unit * int(rng.choice([2, 2, 4, 1])) // 2, 9600 - total)
        if category in DRUMS:
            notes = [int(n) for n in rng.choice(DRUMS[category], 2 if rng.random() < 0.3 else 1)]
        else:
            root = key + int(rng.choice(STEPS_OF_A_SCALE))
            notes = [root, root + 4, root + 7] if rng.random() < chords else [root]
        for note in notes:
            events += bytes([0, 0x90 | channel, note, int(rng.integers(60, 121))])
        for index, note in enumerate(notes):
            events += variable_length(0 if index else ticks) + bytes([0x80 | channel, note, 0])
        total += ticks
    events += variable_length(480) + b"\xff\x2f\x00"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, 480) + b"MTrk" + struct.pack(">I", len(events)) + events


def variable_length(number: int) -> bytes:
    """A number as MIDI writes it: seven bits a byte."""
    out = [number & 127]
    while number := number >> 7:
        out.insert(0, (number & 127) | 128)
    return bytes(out)


def write(file: Path, samples: np.ndarray) -> None:
    """Ogg Vorbis. Its stream has a random serial number, so bytes differ from run to run."""
    soundfile.write(file, samples, RATE, format="OGG", subtype="VORBIS")


def _all(originals: Originals, key: str, pattern: str) -> list[Path]:
    """All files of an origin whose name is like `pattern`, by path."""
    files = originals.files(key)
    found = sorted(f for name, paths in files.items() if re.fullmatch(pattern, name) for f in paths)
    if not found:
        raise FileNotFoundError(f"no file like {pattern} is in {originals.of_key[key][0]}")
    return found
