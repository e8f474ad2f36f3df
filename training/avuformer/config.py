"""Sizes of the model. Everything the Swift engine needs to know is written to config.json."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from .categories import CATEGORIES
from .vocabulary import MAX_TOKENS, VOCABULARY


@dataclass
class ModelConfig:
    """Widths and counts of AVUFormer-lite (names as in config.json)."""

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
    presence_threshold: float = 0.5

    @property
    def categories(self) -> int:
        """Number C of sounding categories."""
        return len(CATEGORIES)

    @property
    def audio_features(self) -> int:
        """Width of one patch's audio feature: embedding, C + 1 scores, level."""
        return 1024 + self.categories + 1 + 1

    def to_json(self, provenance: dict[str, object] | None = None) -> dict[str, object]:
        """The content of config.json beside the weights."""
        sizes = asdict(self)
        for key in ("image_width", "image_height", "mcm", "presence_threshold"):
            sizes.pop(key)
        return {
            "format": 1,
            "name": "avuformer-lite",
            "task": "ssu",
            "image": {
                "width": self.image_width, "height": self.image_height,
                "mean": 127.0, "scale": 128.0, "order": "RGB", "resize": "stretch",
            },
            "audio": {
                "sample_rate": 16000, "frame": 400, "hop": 160, "fft": 512, "mel_bins": 64,
                "mel_low_hz": 125.0, "mel_high_hz": 7500.0, "log_offset": 0.001,
                "patch_frames": 96, "patch_offsets_s": [-0.48, 0.0, 0.48],
                "level_window_samples": 15360,
            },
            "sizes": sizes | {"audio_features": self.audio_features, "vocabulary": len(VOCABULARY)},
            "norm_eps": {"batch": 1e-3, "layer": 1e-5},
            "switches": {"mcm": self.mcm, "mmi": True, "mask": True, "description": True},
            "thresholds": {"presence": self.presence_threshold, "mask_logit": 0.0},
            "categories": [asdict(category) for category in CATEGORIES],
            "provenance": provenance or {},
        }
