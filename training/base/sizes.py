"""Which encoders a model has, and their sizes; one that is left out is avuformer-lite's."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class PyramidSizes:
    """PVT-v2: a value for each of the four stages (W. Wang et al., “PVT v2”, 2022, table 1)."""

    channels: tuple[int, ...] = (64, 128, 320, 512)
    depths: tuple[int, ...] = (3, 6, 40, 3)
    heads: tuple[int, ...] = (1, 2, 5, 8)
    expansions: tuple[int, ...] = (4, 4, 4, 4)
    reductions: tuple[int, ...] = (8, 4, 2, 1)


@dataclass(frozen=True)
class VGGishSizes:
    """VGGish: channels of the six convolutions, of the hidden layers and of the embedding."""

    channels: tuple[int, ...] = (64, 128, 256, 256, 512, 512)
    hidden: int = 4096
    embedding: int = 128


@dataclass(frozen=True)
class CLIPSizes:
    """A CLIP image tower over pictures of the model's own size."""

    width: int = 768
    layers: int = 12
    heads: int = 12
    patch: int = 16
    output: int = 512


KINDS: dict[str, tuple[str, type]] = {
    "visual": ("pvt-v2", PyramidSizes), "audio": ("vggish", VGGishSizes), "region": ("clip-vit", CLIPSizes),
}


@dataclass(frozen=True)
class Encoders:
    """Without any: EfficientNet-Lite0, the YAMNet-shaped encoder, and features pooled under masks."""

    visual: PyramidSizes | None = None
    audio: VGGishSizes | None = None
    region: CLIPSizes | None = None

    def to_json(self) -> dict[str, object]:
        """The part `encoders` of config.json."""
        return {
            name: {"kind": kind} | asdict(sizes)
            for name, (kind, _) in KINDS.items() if (sizes := getattr(self, name)) is not None
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Encoders:
        """From the part `encoders` of config.json."""
        found = {}
        for name, values in content.items():
            kind, sizes = KINDS[name]
            if values["kind"] != kind:
                raise ValueError(f"encoders.{name} is {values['kind']!r}, only {kind!r} is known")
            found[name] = sizes(**{
                key: tuple(value) if isinstance(value, list) else value
                for key, value in values.items() if key != "kind"
            })
        return cls(**found)
