"""AVUFormer as a whole. Names of blocks are the weight paths of the shipped file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from base.clip_region import RegionEncoder
from base.pyramid_vision_transformer import PyramidVisionTransformer
from base.vggish import VGGish

from .audio_encoder import AudioEncoder
from .categories import VISUAL_KINDS
from .config import ModelConfig
from .description_decoder import DescriptionDecoder
from .layers import FeedForward
from .mask_collaboration import MaskCollaborationModule, RegionCaptionConsistency
from .mask_decoder import MaskDecoder, union_logits
from .multi_modality_integration import (
    AudioProjection,
    MultiModalityIntegration,
    QueryTokenGenerator,
    VisualProjection,
)
from .visual_encoder import VisualEncoder, pixel_values


@dataclass
class Output:
    """What one pass gives for B frames."""

    categories: Tensor  # [B,C] logits, multi-label
    presence: Tensor  # [B] logits: something visible sounds
    query_masks: Tensor | None  # [B,Nq,48,80] logits
    mask: Tensor | None  # [B,48,80] logits of the union
    semantic: Tensor | None  # [B,K+1,24,40] logits of all visible kinds, training only
    regions: Tensor | None  # [B,Nq,D] what the masks chose
    memory: Tensor | None  # [B,71,D] for the description decoder


class AVUFormer(nn.Module):
    """Frames are independent of each other: each has one picture and three audio patches."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        width, channels = config.width, config.pyramid_channels
        grid = (config.image_height // 16, config.image_width // 16)
        tokens = grid[0] * grid[1] // 4
        encoders = config.encoders
        self.visual_encoder = PyramidVisionTransformer(encoders.visual) if encoders.visual else VisualEncoder()
        self.audio_encoder = VGGish(encoders.audio) if encoders.audio else AudioEncoder(config.categories)
        self.visual_projection = VisualProjection(channels[3], channels[2], tokens, width)
        self.audio_projection = AudioProjection(config.audio_features, config.audio_patches, width)
        self.query_token_generator = QueryTokenGenerator(config.query_tokens, config.audio_patches, width)
        self.multi_modality_integration = nn.ModuleList(
            MultiModalityIntegration(width, config.heads)
            for _ in range(config.integration_layers if config.has("mmi") else 0)
        )
        self.category_head = FeedForward(3 * width, width, config.categories)
        self.presence_head = FeedForward(3 * width, width, 1)
        if config.has("mask"):
            self.mask_decoder = MaskDecoder(channels, width, config.deep_pixel_width, config.pixel_width)
            self.semantic_head = nn.Conv2d(config.pixel_width, len(VISUAL_KINDS) + 1, 1)
        if config.mcm:
            described = channels[2] + channels[3] + config.pixel_width
            if encoders.region:
                described = encoders.region.output
                self.region_encoder = RegionEncoder(encoders.region, config.image_height, config.image_width)
            self.mask_collaboration = MaskCollaborationModule(described, grid, width)
        if config.rcc:
            self.region_caption_consistency = RegionCaptionConsistency(width)
        if config.has("description"):
            self.description_decoder = DescriptionDecoder(
                config.vocabulary, config.kinds, width, config.heads, config.description_layers, config.max_tokens,
                config.embedding_scale, config.experts if config.mohe else 0, config.decoding,
            )

    def encoders(self) -> list[nn.Module]:
        """What was learned elsewhere and stays as it is unless training is told otherwise."""
        region = [self.region_encoder] if self.config.mcm and self.config.encoders.region else []
        return [self.visual_encoder, self.audio_encoder, *region]

    def forward(self, picture: Tensor, patches: Tensor, levels: Tensor) -> Output:
        """Pictures [B,3,192,320], log-mel patches [B,3,96,64] and levels [B,3] → Output."""
        return self.fuse(self.visual_encoder(picture), self.audio_encoder(patches, levels), picture)

    def fuse(self, pyramid: list[Tensor], audio_features: Tensor, picture: Tensor | None = None) -> Output:
        """The same from cached features: pyramid of 4 maps and audio [B,3,features]; only a region
        encoder looks at the picture again."""
        visual = self.visual_projection(pyramid[2], pyramid[3])
        audio = self.audio_projection(audio_features)
        audio = torch.cat([audio, self.query_token_generator(audio)], 1)
        for layer in self.multi_modality_integration:
            visual, audio = layer(visual, audio)
        pooled = pooled_tokens(visual, audio)
        out = Output(
            self.category_head(pooled), self.presence_head(pooled)[:, 0], *[None] * 5
        )
        if self.config.has("mask"):
            middle, pixels = self.mask_decoder.pixels(pyramid, visual)
            out.query_masks = self.mask_decoder.masks(pixels, audio[:, self.config.audio_patches :])
            out.mask = union_logits(out.query_masks)
            out.semantic = self.semantic_head(middle) if self.training else None
            if self.config.mcm:
                out.regions = self.mask_collaboration(
                    out.query_masks, pyramid, pixels, self.encode_regions(picture, out.query_masks)
                )
        if self.config.has("description"):
            out.memory = self.description_decoder.memory(visual, audio, out.regions)
        return out

    def encode_regions(self, picture: Tensor | None, masks: Tensor) -> Tensor | None:
        """Normalised picture [B,3,H,W] and logits of masks → what the region encoder gives
        [B,Nq,C]; nothing from a model without one."""
        if not self.config.encoders.region:
            return None
        if picture is None:
            raise ValueError("the region encoder needs the picture, not only its cached features")
        return self.region_encoder(pixel_values(picture, self.config), masks)


def pooled_tokens(visual: Tensor, audio: Tensor) -> Tensor:
    """[B,60,D], [B,7,D] → [B,3D]: mean of the audio stream, mean and maximum of the visual."""
    return torch.cat([audio.mean(1), visual.mean(1), visual.amax(1)], -1)


def full_masks(output: Output, height: int, width: int) -> np.ndarray:
    """Boolean [B,height,width], before the presence decision; all empty where the task has no masks."""
    if output.mask is None:
        return np.zeros((len(output.presence), height, width), bool)
    logits = F.interpolate(output.mask[:, None], (height, width), mode="bilinear", align_corners=False)
    return (logits[:, 0] > 0).numpy()


def sentences(model: AVUFormer, output: Output) -> list[str]:
    """What is said in each frame; nothing where the task has no sentences."""
    if output.memory is None:
        return [""] * len(output.presence)
    ids = model.description_decoder.generate(output.memory, output.categories)
    return [model.config.vocabulary.decode(i) for i in ids]
