"""avuformer-base: the paper's scale, and the same model made small for tests."""

from __future__ import annotations

from dataclasses import replace

from avuformer.config import ModelConfig

from .sizes import CLIPSizes, Encoders, PyramidSizes, VGGishSizes


def base_config() -> ModelConfig:
    """PVT-v2-B5, VGGish and CLIP ViT-B/16. The widths of the rest are our choice: with them the model
    has the paper's number of parameters (321 million of which training uses half a million alone)."""
    encoders = Encoders(PyramidSizes(), VGGishSizes(), CLIPSizes())
    return ModelConfig(
        name="avuformer-base", image_width=224, image_height=224, width=512, heads=8,
        integration_layers=6, pixel_width=128, deep_pixel_width=256, description_layers=6,
        embedding_scale=22.6, pyramid_channels=list(PyramidSizes.channels), rcc=True, mohe=True,
        encoders=encoders,
    )


def narrow_base_config() -> ModelConfig:
    """Every kind of layer of avuformer-base, few and narrow, over an oblong picture."""
    pyramid = PyramidSizes((8, 16, 24, 32), (1, 1, 2, 1), (1, 2, 3, 4), (4, 4, 2, 2))
    encoders = Encoders(
        pyramid, VGGishSizes((4, 8, 8, 8, 16, 16), 24, 16), CLIPSizes(32, 2, 4, output=24)
    )
    return replace(
        base_config(), name="avuformer-base-narrow", image_width=96, image_height=64, width=16,
        heads=2, integration_layers=1, pixel_width=8, deep_pixel_width=16, description_layers=1,
        embedding_scale=4.0, pyramid_channels=list(pyramid.channels), experts=2, encoders=encoders,
    )
