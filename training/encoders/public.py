"""Public checkpoints of PVT-v2, VGGish and CLIP under the names of our encoders.

PVT-v2: whai362/PVT (`pvt_v2_b5.pth`); VGGish: harritaylor/torchvggish (`vggish-10086976.pth`); CLIP: OpenAI's
`ViT-B-16.pt`, or open_clip's or Hugging Face's files of the same weights. CLIP must be one with quick GELU, as
OpenAI's are; its tensors cannot tell.
"""

from __future__ import annotations

import re

import torch
import torch.nn.functional as F
from torch import Tensor

from base.clip_region import RegionEncoder
from base.pyramid_vision_transformer import PyramidVisionTransformer
from base.vggish import VGGish

from .checkpoint import Checkpoint

PYRAMID_PARTS = {
    "patch_embedding.convolution": "patch_embed{n}.proj", "patch_embedding.norm": "patch_embed{n}.norm",
    "norm": "norm{n}", "attention_norm": "norm1", "feed_forward_norm": "norm2", "attention.query": "attn.q",
    "attention.key_value": "attn.kv", "attention.output": "attn.proj", "attention.reduction": "attn.sr",
    "attention.reduction_norm": "attn.norm", "feed_forward.linear1": "mlp.fc1",
    "feed_forward.depthwise": "mlp.dwconv.dwconv", "feed_forward.linear2": "mlp.fc2",
}
VGGISH_CONVOLUTIONS = (0, 3, 6, 8, 11, 13)  # places in torchvggish's list, which counts ReLU and maxima
OPENAI = {
    "patch_embedding.weight": "conv1.weight", "class_token": "class_embedding", "position": "positional_embedding",
    "input_norm": "ln_pre", "output_norm": "ln_post", "attention_norm": "ln_1", "feed_forward_norm": "ln_2",
    "attention.output": "attn.out_proj", "feed_forward.linear1": "mlp.c_fc", "feed_forward.linear2": "mlp.c_proj",
}
HUGGING_FACE = {
    "patch_embedding.weight": "embeddings.patch_embedding.weight", "class_token": "embeddings.class_embedding",
    "position": "embeddings.position_embedding.weight", "input_norm": "pre_layrnorm",
    "output_norm": "post_layernorm", "attention_norm": "layer_norm1", "feed_forward_norm": "layer_norm2",
    "attention.output": "self_attn.out_proj", "feed_forward.linear1": "mlp.fc1", "feed_forward.linear2": "mlp.fc2",
}


def load_pyramid(encoder: PyramidVisionTransformer, source: Checkpoint) -> None:
    """Copies PVT-v2, without its classifier."""
    state = {}
    for name, value in encoder.state_dict().items():
        number, block, part, leaf = _matched(r"stages\.(\d+)\.(?:blocks\.(\d+)\.)?(.+)\.(weight|bias)", name)
        theirs = PYRAMID_PARTS[part].format(n=int(number) + 1)
        prefix = f"block{int(number) + 1}.{block}." if block else ""
        state[name] = source.take(f"{prefix}{theirs}.{leaf}", tuple(value.shape))
    source.check_rest("a PVT-v2 of these sizes", "head.")
    encoder.load_state_dict(state)


def load_vggish(encoder: VGGish, source: Checkpoint) -> None:
    """Copies VGGish, without the whitening that follows it in AudioSet's own features."""
    state = {}
    for name, value in encoder.state_dict().items():
        kind, index, leaf = _matched(r"(convolutions|linears)\.(\d+)\.(\w+)", name)
        place = f"features.{VGGISH_CONVOLUTIONS[int(index)]}" if kind == "convolutions" else \
            f"embeddings.{2 * int(index)}"
        state[name] = source.take(f"{place}.{leaf}", tuple(value.shape))
    source.check_rest("VGGish", "pproc.")
    encoder.load_state_dict(state)


def load_clip(encoder: RegionEncoder, source: Checkpoint, grid: tuple[int, int]) -> None:
    """Copies CLIP's image tower; positions of another grid of patches are resampled."""
    hugging_face = any(name.startswith("vision_model.") for name in source.tensors)
    names = HUGGING_FACE if hugging_face else OPENAI
    prefix, layer = ("vision_model.", "encoder.layers") if hugging_face else ("visual.", "transformer.resblocks")
    state: dict[str, Tensor] = {}
    for name, value in encoder.state_dict().items():
        if name in ("projection.weight", "position") or (name.startswith("layers.") and _is_asking(name)):
            continue
        within = re.fullmatch(r"layers\.(\d+)\.(.+)", name)
        path = f"{prefix}{layer}.{within[1]}." if within else prefix
        state[name] = source.take(path + _theirs(within[2] if within else name, names), tuple(value.shape))
    width = encoder.position.shape[1]
    state["position"] = resampled(source.take(prefix + names["position"]), grid, width, source)
    for index in range(len(encoder.layers)):
        for leaf in ("weight", "bias"):
            query, key_value = _asking(source, f"{prefix}{layer}.{index}.", leaf, width, hugging_face)
            state[f"layers.{index}.attention.query.{leaf}"] = query
            state[f"layers.{index}.attention.key_value.{leaf}"] = key_value
    output = encoder.projection.weight.shape[0]
    state["projection.weight"] = source.take("visual_projection.weight", (output, width)) if hugging_face else \
        source.take("visual.proj", (width, output)).T
    # The words' tower, and what both towers share.
    source.check_rest(
        "a CLIP tower of these sizes", "transformer.", "text_model.", "text_projection", "token_embedding", "ln_final",
        "positional_embedding", "logit_scale", "logit_bias", "attn_mask", "input_resolution", "context_length",
        "vocab_size", "vision_model.embeddings.position_ids",
    )
    encoder.load_state_dict(state)


def _asking(source: Checkpoint, path: str, leaf: str, width: int, hugging_face: bool) -> tuple[Tensor, Tensor]:
    """Weight or bias of queries, and of keys and values."""
    sizes = (width, width) if leaf == "weight" else (width,)
    if hugging_face:
        query, key, value = (source.take(f"{path}self_attn.{part}_proj.{leaf}", sizes) for part in "qkv")
        return query, torch.cat([key, value])
    packed = source.take(f"{path}attn.in_proj_{leaf}", (3 * width, *sizes[1:]))
    return packed[:width], packed[width:]


def resampled(position: Tensor, grid: tuple[int, int], width: int, source: Checkpoint) -> Tensor:
    """Positions [1+n·n,D] for a grid of patches: as they are, or bicubically from their square; the class token's
    own stays."""
    side = round((len(position) - 1) ** 0.5)
    is_square = side * side + 1 == len(position)
    if position.ndim != 2 or position.shape[1] != width or not (is_square or len(position) == grid[0] * grid[1] + 1):
        raise ValueError(f"{source.file}: positions of the shape {list(position.shape)} are no square of {width} each")
    if (side, side) == grid or not is_square:
        return position
    places = position[1:].T.reshape(1, width, side, side)
    places = F.interpolate(places, grid, mode="bicubic", align_corners=False)
    return torch.cat([position[:1], places.flatten(2)[0].T])


def _is_asking(name: str) -> bool:
    return ".attention.query." in name or ".attention.key_value." in name


def _theirs(name: str, names: dict[str, str]) -> str:
    if name in names:
        return names[name]
    part, leaf = name.rsplit(".", 1)
    return f"{names[part]}.{leaf}"


def _matched(pattern: str, name: str) -> tuple[str, ...]:
    found = re.fullmatch(pattern, name)
    assert found is not None, name
    return found.groups()
