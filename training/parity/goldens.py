"""Golden tensors: inputs made by formulas, and what each block makes of them.

Inputs (also the Swift tests make them, so they are not stored):
- picture [H,W,3] uint8 of frame t: R = (3x + 2y + 40t) mod 256, G = (x·y / 16 + 80t) mod 256
  (integer division), B = (5y + 255 - x / 2 + 13t) mod 256 (integer division, mathematical modulo);
- sound: 32,000 samples; sample n = 0.3·sin(2π·(220 + 60·n/16000)·n/16000) + 0.1·(((n·7919) mod
  1000)/500 - 1), computed in double precision and rounded to float; zeros before and after;
- frame t starts at t seconds, for t = 0, 1; so a patch reaches before the start and one past the end.
Tensor names: `<t>.<what>`; "every8" in a name: every 8th row and column.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from avuformer.audio_features import frame_patches
from avuformer.decoding import Decoding
from avuformer.mask_decoder import union_logits
from avuformer.model import AVUFormer, pooled_tokens
from avuformer.visual_encoder import normalised
from avuformer.vocabulary import BOS

FRAMES = 2
# How words are chosen: by the model's own settings, and by others.
DECODINGS = {
    "generated": None,
    "beam": Decoding(beam=4),
    "short": Decoding(beam=3, max_words=9),
    "varied": Decoding(beam=2, no_repeat_ngram=2),
}
TEACHER_IDS: list[int] = [BOS, 10, 20, 30, 11, 12]


def golden_picture(frame: int, height: int, width: int) -> Tensor:
    """uint8 [height,width,3]."""
    y, x = np.mgrid[0:height, 0:width]
    red = 3 * x + 2 * y + 40 * frame
    green = (x * y) // 16 + 80 * frame
    blue = 5 * y + 255 - x // 2 + 13 * frame
    return torch.from_numpy((np.stack([red, green, blue], -1) % 256).astype(np.uint8))


def golden_sound() -> Tensor:
    """float32 [32000]."""
    n = np.arange(32000, dtype=np.float64)
    tone = 0.3 * np.sin(2 * np.pi * (220 + 60 * n / 16000) * n / 16000)
    grain = 0.1 * (((np.arange(32000) * 7919) % 1000) / 500 - 1)
    return torch.from_numpy((tone + grain).astype(np.float32))


@torch.no_grad()
def golden_tensors(model: AVUFormer) -> dict[str, Tensor]:
    """Outputs of every block for each golden frame, batch dimension dropped."""
    model.eval()
    tensors: dict[str, Tensor] = {"teacher_ids": torch.tensor(TEACHER_IDS, dtype=torch.int32)}
    sound, config = golden_sound(), model.config
    for frame in range(FRAMES):
        patches, levels = frame_patches(sound, float(frame), config.log_offset)
        picture = golden_picture(frame, config.image_height, config.image_width)
        values = _frame_tensors(model, normalised(picture[None], config), patches[None], levels[None])
        for name, value in values.items():
            tensors[f"{frame}.{name}"] = value[0].contiguous()
    return tensors


def _frame_tensors(model: AVUFormer, picture: Tensor, patches: Tensor, levels: Tensor) -> dict[str, Tensor]:
    out: dict[str, Tensor] = {"picture.every8": picture[:, :, ::8, ::8], "log_mel": patches, "levels": levels}
    pyramid = model.visual_encoder(picture)
    names = ("f4", "f8", "f16", "f32")
    for name, value, step in zip(names, pyramid, (8, 4, 2, 1), strict=True):
        out[f"visual_encoder.{name}" + (f".every{step}" if step > 1 else "")] = value[:, :, ::step, ::step]
    features = model.audio_encoder(patches, levels)
    out["audio_encoder.embedding"] = model.audio_encoder.embed(patches[0])[None]
    out["audio_encoder.features"] = features
    visual = out["visual_projection"] = model.visual_projection(pyramid[2], pyramid[3])
    audio = out["audio_projection"] = model.audio_projection(features)
    queries = out["query_token_generator"] = model.query_token_generator(audio)
    audio = torch.cat([audio, queries], 1)
    for index, layer in enumerate(model.multi_modality_integration):
        visual, audio = layer(visual, audio)
        out[f"multi_modality_integration.{index}.visual"] = visual
        out[f"multi_modality_integration.{index}.audio"] = audio
    pooled = pooled_tokens(visual, audio)
    categories = out["category_head"] = model.category_head(pooled)
    out["presence_head"] = model.presence_head(pooled)
    regions = None
    if model.config.has("mask"):
        _, pixels = model.mask_decoder.pixels(pyramid, visual)
        out["mask_decoder.pixels.every8"] = pixels[:, :, ::8, ::8]
        masks = model.mask_decoder.masks(pixels, audio[:, 3:])
        out["mask_decoder.query_masks.every2"] = masks[:, :, ::2, ::2]
        out["mask_decoder.union"] = union_logits(masks)
        if model.config.mcm:
            encoded = model.encode_regions(picture, masks)
            if encoded is not None:
                out["region_encoder"] = encoded
            regions = out["mask_collaboration"] = model.mask_collaboration(masks, pyramid, pixels, encoded)
    if model.config.has("description"):
        decoder, ids = model.description_decoder, torch.tensor([TEACHER_IDS])
        memory = out["memory"] = decoder.memory(visual, audio, regions)
        if decoder.prompts is not None:
            out["description_decoder.prompts"] = decoder.prompts(categories)
        out["description_decoder.logits"] = decoder(memory, ids, categories)
        for name, decoding in DECODINGS.items():
            said = decoder.generate(memory, categories, decoding)[:1]
            out[f"description_decoder.{name}"] = torch.tensor(said, dtype=torch.int32)
    return out
