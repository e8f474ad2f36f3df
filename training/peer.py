"""Answers timing requests of `make bench` on standard input, one JSON line each, with another runtime.

{"load": {"name", "pictures", "sound", "start", "seconds"}}: raw uint8 pictures, float32 samples
{"run": name} → {"seconds", "sentences", "presence"}: everything from pixels and samples to text
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

BOS, EOS = 1, 2
Arrays = tuple[np.ndarray, ...]


class Runtime(Protocol):
    """What a runtime has to do; arrays are its own."""

    name: str

    def frames(self, pictures: np.ndarray, windows: np.ndarray) -> Any:
        """uint8 [B,H,W,3] and samples [B,3,15600] → presence [B], and what sentences are made from:
        memory [layers,2,B,…] and, for experts, prompts [B,3·D]."""

    def words(self, topic: Any, chosen: np.ndarray, full_stop: int, longest: int) -> list[list[int]]:
        """Greedy token ids of the chosen frames."""


class TorchRuntime:
    """PyTorch, eager, with the graph's own keys and values kept."""

    def __init__(self, model: Path, threads: int) -> None:
        import torch

        from avuformer.export import load_exported
        from parity.deployed import FramePass, NextWord

        torch.set_num_threads(threads)
        torch.set_grad_enabled(False)
        self.torch, loaded = torch, load_exported(model)
        self.log_offset = loaded.config.log_offset
        self.pass_, self.word = FramePass(loaded).eval(), NextWord(loaded).eval()
        self.name = f"PyTorch {torch.__version__.split('+')[0]}"

    def frames(self, pictures: np.ndarray, windows: np.ndarray) -> Any:
        """As in Runtime."""
        from avuformer.audio_features import LEVEL_SAMPLES, level, log_mel

        sound = self.torch.from_numpy(windows)
        out = self.pass_(
            self.torch.from_numpy(pictures), log_mel(sound, self.log_offset), level(sound[..., :LEVEL_SAMPLES]))
        return out[3].numpy(), out[4:]

    def words(self, topic: Any, chosen: np.ndarray, full_stop: int, longest: int) -> list[list[int]]:
        """As in Runtime."""
        rows = self.torch.from_numpy(chosen)
        memory, prompts = topic[0][:, :, rows], [part[rows] for part in topic[1:]]
        kept = self.word.no_words(len(chosen))

        def step(ids: np.ndarray) -> np.ndarray:
            nonlocal kept
            logits, kept = self.word(self.torch.from_numpy(ids), kept, memory, *prompts)
            return logits.numpy()

        return greedy(step, len(chosen), full_stop, longest)


class OnnxRuntime:
    """ONNX Runtime with the two exported graphs; the sound's front end is numpy's transform."""

    def __init__(self, graphs: Path, model: Path, threads: int) -> None:
        import onnxruntime

        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads, settings.inter_op_num_threads = threads, 1
        self.pass_, self.word = (
            onnxruntime.InferenceSession(graphs / f"{graph}.onnx", settings, ["CPUExecutionProvider"])
            for graph in ("frames", "word")
        )
        config = json.loads((model / "config.json").read_text())
        self.log_offset = np.float32(config["audio"]["log_offset"])
        self.mel, self.window = mel_matrix(), (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400))
        self.name = f"ONNX Runtime {onnxruntime.__version__}"

    def frames(self, pictures: np.ndarray, windows: np.ndarray) -> Any:
        """As in Runtime."""
        framed = np.lib.stride_tricks.sliding_window_view(windows, 400, -1)[:, :, ::160]
        spectrum = np.abs(np.fft.rfft(framed * self.window.astype(np.float32), 512))
        patches = np.log(spectrum.astype(np.float32) @ self.mel + self.log_offset)
        rms = np.sqrt(np.square(windows[..., :15360]).mean(-1))
        levels = ((20 * np.log10(rms + 1e-5) + 40) / 20).astype(np.float32)
        out = self.pass_.run(None, {"picture": pictures, "patches": patches, "levels": levels})
        return out[3], out[4:]

    def words(self, topic: Any, chosen: np.ndarray, full_stop: int, longest: int) -> list[list[int]]:
        """As in Runtime."""
        memory = np.ascontiguousarray(topic[0][:, :, chosen])
        prompts = {"prompts": topic[1][chosen]} if len(topic) > 1 else {}
        layers, _, sentences, heads, _, head = memory.shape
        kept = np.zeros((layers, 2, sentences, heads, 0, head), np.float32)

        def step(ids: np.ndarray) -> np.ndarray:
            nonlocal kept
            logits, kept = self.word.run(None, {"ids": ids, "words": kept, "memory": memory} | prompts)
            return logits

        return greedy(step, len(chosen), full_stop, longest)


def mel_matrix() -> np.ndarray:
    """float32 [257,64], as avuformer.audio_features.mel_matrix."""
    mel = 1127.0 * np.log1p(np.linspace(0, 8000, 257) / 700.0)[1:, None]
    low, high = (1127.0 * math.log1p(hertz / 700.0) for hertz in (125.0, 7500.0))
    edges = np.linspace(low, high, 66)
    rising = (mel - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - mel) / (edges[2:] - edges[1:-1])
    return np.concatenate([np.zeros((1, 64)), np.minimum(rising, falling).clip(0)]).astype(np.float32)


def greedy(step: Any, sentences: int, full_stop: int, longest: int) -> list[list[int]]:
    """All sentences together; one that has ended is no longer looked at."""
    ids = np.full(sentences, BOS)
    said: list[list[int]] = [[] for _ in range(sentences)]
    open_ = np.ones(sentences, bool)
    for _ in range(longest - 1):
        logits = step(ids)
        logits[ids != full_stop, : EOS + 1] = -np.inf
        ids = np.where(open_, logits.argmax(-1), 0)
        open_ &= ids != EOS
        if not open_.any():
            break
        for index in np.flatnonzero(open_):
            said[index].append(int(ids[index]))
    return said


@dataclass
class Clip:
    """Some frames and what is heard around each."""

    pictures: np.ndarray
    windows: np.ndarray  # [T,3,15600]

    @classmethod
    def read(cls, request: dict[str, Any], height: int, width: int) -> Clip:
        """From the files that a request names."""
        sound, start = np.fromfile(request["sound"], np.float32), request["start"]
        windows = np.zeros((len(request["seconds"]), 3, 15600), np.float32)
        for row, second in zip(windows, request["seconds"], strict=True):
            for window, offset in zip(row, (-0.48, 0.0, 0.48), strict=True):
                exact = (second + offset) * 16000
                first = int(math.copysign(math.floor(abs(exact) + 0.5), exact)) - start
                part = sound[max(first, 0) : max(first + 15600, 0)]
                at = max(-first, 0)
                window[at : at + len(part)] = part
        pictures = np.fromfile(request["pictures"], np.uint8)
        return cls(pictures.reshape(-1, height, width, 3), windows)


class Peer:
    """A runtime with a model and the clips that were loaded."""

    def __init__(self, runtime: Runtime, model: Path) -> None:
        self.runtime = runtime
        self.clips: dict[str, Clip] = {}
        config = json.loads((model / "config.json").read_text())
        self.size = config["image"]["height"], config["image"]["width"]
        self.threshold, self.longest = config["thresholds"]["presence"], config["sizes"]["max_tokens"]
        self.vocabulary = (model / "vocabulary.txt").read_text().split("\n")
        self.together = 0

    def run(self, clip: Clip, together: int) -> dict[str, Any]:
        """One measured pass; the frames go through the model `together` at a time."""
        begun, full_stop = time.perf_counter(), self.vocabulary.index(".")
        presence: list[float] = []
        said: list[str] = []
        for first in range(0, len(clip.pictures), together):
            part = slice(first, first + together)
            found, topic = self.runtime.frames(clip.pictures[part], clip.windows[part])
            chosen = np.flatnonzero(found >= self.threshold)
            ids = self.runtime.words(topic, chosen, full_stop, self.longest) if len(chosen) else []
            texts = dict(zip(chosen.tolist(), ids, strict=True))
            said += [" ".join(self.vocabulary[i] for i in texts.get(k, [])) for k in range(len(found))]
            presence += found.tolist()
        return {"seconds": time.perf_counter() - begun, "sentences": said, "presence": presence}

    def load(self, request: dict[str, Any]) -> dict[str, Any]:
        """Reads a clip and warms up; the first clip decides how many frames go together."""
        clip = self.clips[request["name"]] = Clip.read(request, *self.size)
        if not self.together:
            sizes = [n for n in (1, 2, 5, 10) if n <= len(clip.pictures)]
            tries = 3 if self.run(clip, 1)["seconds"] < 3 else 1
            times = {n: min(self.run(clip, n)["seconds"] for _ in range(tries)) for n in sizes}
            self.together = min(times, key=lambda n: times[n])
        self.run(clip, self.together)
        return {"frames_together": self.together}

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """One line's answer."""
        if "load" in request:
            return self.load(request["load"])
        return self.run(self.clips[request["run"]], self.together)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runtime", choices=("torch", "onnxruntime"), required=True)
    parser.add_argument("--model", type=Path, required=True, help="folder written by export.py")
    parser.add_argument("--graphs", type=Path, help="folder written by export_onnx.py")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    runtime: Runtime = (
        TorchRuntime(options.model, options.threads) if options.runtime == "torch"
        else OnnxRuntime(options.graphs, options.model, options.threads)
    )
    peer = Peer(runtime, options.model)
    print(json.dumps({"name": runtime.name}), flush=True)
    for line in sys.stdin:
        print(json.dumps(peer.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
