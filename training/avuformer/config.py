"""Sizes of the model. Everything the Swift engine needs to know is written to config.json."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from base.sizes import Encoders

from .audio_features import VGGISH_OFFSET, YAMNET_OFFSET
from .categories import CATEGORIES, Category
from .command_line import BadInput
from .decoding import Decoding
from .vocabulary import MAX_TOKENS, VOCABULARY, Vocabulary

# What each task needs: masks, sentences, and layers in which sound and picture ask each other.
TASKS: dict[str, dict[str, bool]] = {
    "ssu": {"mask": True, "description": True, "mmi": True},
    "ssu-s": {"mask": True, "description": False, "mmi": True},
    "ssu-d": {"mask": False, "description": True, "mmi": True},
    "sss": {"mask": True, "description": False, "mmi": False},
    "avc": {"mask": False, "description": True, "mmi": False},
}
SWITCHES = ("task", "mcm", "rcc", "mohe")


@dataclass
class ModelConfig:
    """Widths and counts of AVUFormer-lite (names as in config.json), its task and its switches:
    mcm (masks reach sentences), rcc (a training loss on both), mohe (experts in the sentences);
    what it can name (`kinds`) and say (`vocabulary`)."""

    name: str = "avuformer-lite"
    task: str = "ssu"
    image_width: int = 320
    image_height: int = 192
    width: int = 160
    heads: int = 5
    integration_layers: int = 2
    query_tokens: int = 4
    audio_patches: int = 3
    pixel_width: int = 64
    deep_pixel_width: int = 128
    description_layers: int = 2
    max_tokens: int = MAX_TOKENS
    embedding_scale: float = 12.0
    pyramid_channels: list[int] = field(default_factory=lambda: [24, 40, 112, 320])
    mcm: bool = True
    rcc: bool = False
    mohe: bool = False
    experts: int = 4
    presence_threshold: float = 0.5
    kinds: list[Category] = field(default_factory=lambda: list(CATEGORIES))
    vocabulary: Vocabulary = VOCABULARY
    encoders: Encoders = field(default_factory=Encoders)
    decoding: Decoding = field(default_factory=Decoding)

    def __post_init__(self) -> None:
        """Refuses what cannot be."""
        if self.task not in TASKS:
            raise BadInput(f"there is no task {self.task!r}, only {', '.join(TASKS)}")
        if self.mcm and not (self.has("mask") and self.has("description")):
            raise BadInput(f"mcm leads from masks to sentences, and {self.task!r} has not both")
        if self.rcc and not self.mcm:
            raise BadInput("rcc compares masked regions with sentences, but mcm is off")
        if self.mohe and not self.has("description"):
            raise BadInput(f"mohe is part of the sentences, and {self.task!r} has none")

    def has(self, part: str) -> bool:
        """Whether the task has "mask", "description" or "mmi"."""
        return TASKS[self.task][part]

    @property
    def categories(self) -> int:
        """Number C of sounding categories."""
        return len(self.kinds)

    @property
    def audio_features(self) -> int:
        """Width of one patch's audio feature: embedding, C + 1 scores, level."""
        if self.encoders.audio:
            return self.encoders.audio.embedding + 1
        return 1024 + self.categories + 1 + 1

    @property
    def pixel_mean(self) -> float | list[float]:
        """Of red, green and blue: ImageNet's for PVT-v2, 127 for EfficientNet-Lite0."""
        return [123.675, 116.28, 103.53] if self.encoders.visual else 127.0

    @property
    def pixel_scale(self) -> float | list[float]:
        """What a colour's distance from its mean is divided by."""
        return [58.395, 57.12, 57.375] if self.encoders.visual else 128.0

    @property
    def log_offset(self) -> float:
        """What is added to mel energies before the logarithm: VGGish's or YAMNet's."""
        return VGGISH_OFFSET if self.encoders.audio else YAMNET_OFFSET

    def to_json(self, provenance: dict[str, object] | None = None) -> dict[str, object]:
        """The content of config.json beside the weights."""
        left_out = (
            "name", "image_width", "image_height", "presence_threshold", "kinds", "vocabulary", "encoders", "decoding",
        )
        sizes = {k: v for k, v in vars(self).items() if k not in (*left_out, *SWITCHES)}
        if not self.mohe:
            sizes.pop("experts")
        return {
            "format": 1,
            "name": self.name,
            "task": self.task,
            "image": {
                "width": self.image_width, "height": self.image_height,
                "mean": self.pixel_mean, "scale": self.pixel_scale, "order": "RGB", "resize": "stretch",
            },
            "audio": {
                "sample_rate": 16000, "frame": 400, "hop": 160, "fft": 512, "mel_bins": 64,
                "mel_low_hz": 125.0, "mel_high_hz": 7500.0, "log_offset": self.log_offset,
                "patch_frames": 96, "patch_offsets_s": [-0.48, 0.0, 0.48],
                "level_window_samples": 15360,
            },
            "sizes": sizes | {"audio_features": self.audio_features, "vocabulary": len(self.vocabulary.words)},
            **({"encoders": found} if (found := self.encoders.to_json()) else {}),
            **({"decoding": asdict(self.decoding)} if self.decoding != Decoding() else {}),
            "norm_eps": {"batch": 1e-3, "layer": 1e-5},
            "switches": TASKS[self.task] | {"mcm": self.mcm, "rcc": self.rcc, "mohe": self.mohe},
            "thresholds": {"presence": self.presence_threshold, "mask_logit": 0.0},
            "categories": [asdict(category) for category in self.kinds],
            "provenance": provenance or {},
        }

    @classmethod
    def from_json(cls, content: dict[str, Any], vocabulary: Vocabulary = VOCABULARY) -> ModelConfig:
        """From the content of config.json, and the words beside it."""
        known = {f.name for f in fields(cls)} - {"vocabulary"}
        groups = {category.name: category.group for category in CATEGORIES}
        sizes = {name: value for name, value in content["sizes"].items() if name in known}
        switches = {name: value for name, value in content["switches"].items() if name in known}
        return cls(
            **sizes, **switches, task=content["task"],
            image_width=content["image"]["width"], image_height=content["image"]["height"],
            presence_threshold=content["thresholds"]["presence"], name=content["name"],
            encoders=Encoders.from_json(content.get("encoders", {})),
            decoding=Decoding(**content.get("decoding", {})),
            kinds=[
                Category(**({"group": groups.get(kind["name"], "thing")} | kind)) for kind in content["categories"]
            ],
            vocabulary=vocabulary,
        )
