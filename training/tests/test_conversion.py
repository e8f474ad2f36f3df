"""Public checkpoints: files of the right names and shapes with random values become avuformer-base's weights."""

from __future__ import annotations

import json
import math
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor, nn

from avuformer.command_line import BadInput
from avuformer.export import load_exported
from avuformer.model import AVUFormer
from base.configurations import narrow_base_config
from convert import converted, main

ROOT = Path(__file__).resolve().parents[1]
CONFIG = narrow_base_config()
Shapes = dict[str, tuple[int, ...]]


def linear(name: str, outputs: int, inputs: int, *window: int) -> Shapes:
    return {f"{name}.weight": (outputs, inputs, *window), f"{name}.bias": (outputs,)}


def norm(name: str, width: int) -> Shapes:
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}


def pvt_shapes() -> Shapes:
    """As PyramidVisionTransformerV2 of whai362/PVT names them."""
    sizes, shapes, before = CONFIG.encoders.visual, linear("head", 10, 32), 3
    assert sizes is not None
    for n, (width, depth) in enumerate(zip(sizes.channels, sizes.depths, strict=True), 1):
        window, reduction, hidden = 7 if n == 1 else 3, sizes.reductions[n - 1], width * sizes.expansions[n - 1]
        shapes |= linear(f"patch_embed{n}.proj", width, before, window, window) | norm(f"patch_embed{n}.norm", width)
        for block in (f"block{n}.{i}" for i in range(depth)):
            shapes |= norm(f"{block}.norm1", width) | norm(f"{block}.norm2", width)
            shapes |= linear(f"{block}.attn.q", width, width) | linear(f"{block}.attn.kv", 2 * width, width)
            shapes |= linear(f"{block}.attn.proj", width, width)
            if reduction > 1:
                shapes |= linear(f"{block}.attn.sr", width, width, reduction, reduction)
                shapes |= norm(f"{block}.attn.norm", width)
            shapes |= linear(f"{block}.mlp.fc1", hidden, width) | linear(f"{block}.mlp.fc2", width, hidden)
            shapes |= linear(f"{block}.mlp.dwconv.dwconv", hidden, 1, 3, 3)
        shapes |= norm(f"norm{n}", width)
        before = width
    return shapes


def vggish_shapes() -> Shapes:
    """As torchvggish names them."""
    shapes: Shapes = {}
    sizes, before = CONFIG.encoders.audio, 1
    assert sizes is not None
    for place, width in zip((0, 3, 6, 8, 11, 13), sizes.channels, strict=True):
        shapes |= linear(f"features.{place}", width, before, 3, 3)
        before = width
    shapes |= linear("embeddings.0", sizes.hidden, 24 * before) | linear("embeddings.2", sizes.hidden, sizes.hidden)
    return shapes | linear("embeddings.4", sizes.embedding, sizes.hidden)


def openai_shapes(places: int = 24) -> Shapes:
    """As CLIP of openai/CLIP names them, with a part of the words' tower."""
    sizes = CONFIG.encoders.region
    assert sizes is not None
    width = sizes.width
    shapes: Shapes = {
        "visual.class_embedding": (width,), "visual.positional_embedding": (places + 1, width),
        "visual.proj": (width, sizes.output), "visual.conv1.weight": (width, 3, sizes.patch, sizes.patch),
        "positional_embedding": (77, 8), "text_projection": (8, 24), "logit_scale": (),
        "token_embedding.weight": (9, 8),
    } | norm("visual.ln_pre", width) | norm("visual.ln_post", width) | norm("ln_final", 8)
    for block in (f"visual.transformer.resblocks.{i}" for i in range(sizes.layers)):
        shapes |= {f"{block}.attn.in_proj_weight": (3 * width, width), f"{block}.attn.in_proj_bias": (3 * width,)}
        shapes |= linear(f"{block}.attn.out_proj", width, width) | norm(f"{block}.ln_1", width)
        shapes |= linear(f"{block}.mlp.c_fc", 4 * width, width) | linear(f"{block}.mlp.c_proj", width, 4 * width)
        shapes |= norm(f"{block}.ln_2", width)
    return shapes | norm("transformer.resblocks.0.ln_1", 8)


def hugging_face(openai: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same weights as CLIPModel of transformers names them."""
    words = {
        "visual.class_embedding": "embeddings.class_embedding", "ln_pre": "pre_layrnorm", "ln_post": "post_layernorm",
        "visual.positional_embedding": "embeddings.position_embedding.weight", "ln_1": "layer_norm1",
        "visual.conv1.weight": "embeddings.patch_embedding.weight", "ln_2": "layer_norm2", "mlp.c_fc": "mlp.fc1",
        "mlp.c_proj": "mlp.fc2", "transformer.resblocks": "encoder.layers", "attn.out_proj": "self_attn.out_proj",
    }
    out: dict[str, Tensor] = {"logit_scale": openai["logit_scale"]}
    for name, value in openai.items():
        if name == "visual.proj":
            out["visual_projection.weight"] = value.T.contiguous()
        elif name.startswith("visual."):
            for old, new in words.items():
                name = name.replace(old, new)
            name = "vision_model." + name.removeprefix("visual.")
            if "in_proj" in name:
                for part, third in zip("qkv", value.chunk(3), strict=True):
                    out[name.replace("attn.in_proj_", f"self_attn.{part}_proj.")] = third.clone()
            else:
                out[name] = value
    return out


def random_tensors(shapes: Shapes) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(4)
    return {name: torch.randn(shape, generator=generator) * 0.1 for name, shape in shapes.items()}


def module(tensors: dict[str, Tensor]) -> nn.Module:
    """A tree of modules with these parameters."""
    root = nn.Module()
    for name, value in tensors.items():
        *path, leaf = name.split(".")
        inner = root
        for part in path:
            if not hasattr(inner, part):
                inner.add_module(part, nn.Module())
            inner = getattr(inner, part)
        inner.register_parameter(leaf, nn.Parameter(value.clone()))
    return root


def convert(files: dict[str, Path]) -> AVUFormer:
    model = AVUFormer(narrow_base_config()).eval()
    converted(model, files)
    return model


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    shapes = {"visual": pvt_shapes(), "audio": vggish_shapes(), "region": openai_shapes()}
    out = {name: tmp_path / f"{name}.pth" for name in shapes}
    for name, file in out.items():
        torch.save(random_tensors(shapes[name]), file)
    return out


@torch.no_grad()
def test_vggish_gives_what_its_public_layers_give(files: dict[str, Path]) -> None:
    tensors, patches = torch.load(files["audio"], weights_only=True), torch.randn(2, 96, 64)
    x = patches[:, None]
    for place in (0, 3, 6, 8, 11, 13):
        x = F.relu(F.conv2d(x, tensors[f"features.{place}.weight"], tensors[f"features.{place}.bias"], padding=1))
        x = F.max_pool2d(x, 2) if place in (0, 3, 8, 13) else x
    x = x.transpose(1, 3).transpose(1, 2).reshape(2, -1)
    for place in (0, 2, 4):
        x = F.relu(F.linear(x, tensors[f"embeddings.{place}.weight"], tensors[f"embeddings.{place}.bias"]))
    assert x.abs().max() > 0
    assert torch.allclose(convert(files).audio_encoder.embed(patches), x, atol=1e-5)


@torch.no_grad()
def test_pvt_gives_what_its_public_layers_give(files: dict[str, Path]) -> None:
    tensors, sizes = torch.load(files["visual"], weights_only=True), CONFIG.encoders.visual
    assert sizes is not None

    def params(name: str) -> tuple[Tensor, Tensor]:
        return tensors[f"{name}.weight"], tensors[f"{name}.bias"]

    def normed(x: Tensor, name: str, eps: float) -> Tensor:
        return F.layer_norm(x, x.shape[-1:], *params(name), eps)

    picture = torch.randn(1, 3, 64, 96)
    maps, x = convert(files).visual_encoder(picture), picture
    for n in range(1, 5):
        stride, heads = 4 if n == 1 else 2, sizes.heads[n - 1]
        x = F.conv2d(x, *params(f"patch_embed{n}.proj"), stride, 3 if n == 1 else 1)
        _, width, rows, columns = x.shape
        x = normed(x.flatten(2).transpose(1, 2), f"patch_embed{n}.norm", 1e-5)
        for block in (f"block{n}.{i}" for i in range(sizes.depths[n - 1])):
            y = normed(x, f"{block}.norm1", 1e-6)
            asked = y
            if (reduction := sizes.reductions[n - 1]) > 1:
                asked = y.transpose(1, 2).reshape(1, width, rows, columns)
                asked = F.conv2d(asked, *params(f"{block}.attn.sr"), reduction).flatten(2).transpose(1, 2)
                asked = normed(asked, f"{block}.attn.norm", 1e-5)
            q = F.linear(y, *params(f"{block}.attn.q")).view(1, -1, heads, width // heads).transpose(1, 2)
            kv = F.linear(asked, *params(f"{block}.attn.kv")).view(1, -1, 2, heads, width // heads)
            k, v = kv.permute(2, 0, 3, 1, 4)
            shares = (q @ k.transpose(-2, -1) / math.sqrt(width // heads)).softmax(-1)
            x = x + F.linear((shares @ v).transpose(1, 2).reshape(1, -1, width), *params(f"{block}.attn.proj"))
            y = F.linear(normed(x, f"{block}.norm2", 1e-6), *params(f"{block}.mlp.fc1"))
            y = y.transpose(1, 2).unflatten(2, (rows, columns))
            y = F.conv2d(y, *params(f"{block}.mlp.dwconv.dwconv"), padding=1, groups=y.shape[1])
            x = x + F.linear(F.gelu(y).flatten(2).transpose(1, 2), *params(f"{block}.mlp.fc2"))
        x = normed(x, f"norm{n}", 1e-6).transpose(1, 2).reshape(1, width, rows, columns)
        assert torch.allclose(maps[n - 1], x, atol=1e-5)


@torch.no_grad()
def test_clip_gives_what_its_public_layers_give(files: dict[str, Path]) -> None:
    tensors, sizes = torch.load(files["region"], weights_only=True), CONFIG.encoders.region
    assert sizes is not None
    mean = torch.tensor([0.48145466, 0.4578275, 0.40821073])[:, None, None]
    deviation = torch.tensor([0.26862954, 0.26130258, 0.27577711])[:, None, None]
    pictures, v = torch.rand(2, 3, 64, 96), "visual."
    x = F.conv2d((pictures - mean) / deviation, tensors[v + "conv1.weight"], stride=sizes.patch)
    x = x.flatten(2).transpose(1, 2)
    x = torch.cat([tensors[v + "class_embedding"].expand(2, 1, -1), x], 1) + tensors[v + "positional_embedding"]

    def normed(x: Tensor, name: str) -> Tensor:
        return F.layer_norm(x, x.shape[-1:], tensors[f"{name}.weight"], tensors[f"{name}.bias"])

    x = normed(x, v + "ln_pre")
    for block in (f"visual.transformer.resblocks.{i}" for i in range(sizes.layers)):
        attention = nn.MultiheadAttention(sizes.width, sizes.heads, batch_first=True)
        attention.load_state_dict(
            {n.removeprefix(f"{block}.attn."): t for n, t in tensors.items() if n.startswith(f"{block}.attn.")})
        y = normed(x, f"{block}.ln_1")
        x = x + attention(y, y, y, need_weights=False)[0]
        y = F.linear(normed(x, f"{block}.ln_2"), tensors[f"{block}.mlp.c_fc.weight"], tensors[f"{block}.mlp.c_fc.bias"])
        y = y * torch.sigmoid(1.702 * y)
        x = x + F.linear(y, tensors[f"{block}.mlp.c_proj.weight"], tensors[f"{block}.mlp.c_proj.bias"])
    x = normed(x[:, 0], v + "ln_post") @ tensors[v + "proj"]
    assert torch.allclose(convert(files).region_encoder.embed(pictures), x, atol=1e-5)


@pytest.mark.parametrize("kind", ["safetensors", "hugging face", "torchscript", "nested"])
def test_every_kind_of_file_of_clip_gives_the_same(kind: str, files: dict[str, Path], tmp_path: Path) -> None:
    tensors, expected = torch.load(files["region"], weights_only=True), convert(files).region_encoder.state_dict()
    file = tmp_path / ("clip.safetensors" if kind in ("safetensors", "hugging face") else "clip.pt")
    if kind == "torchscript":
        torch.jit.script(module(tensors)).save(str(file))
    elif kind == "nested":
        torch.save({"epoch": 3, "state_dict": tensors}, file)
    else:
        save_file(hugging_face(tensors) if kind == "hugging face" else tensors, file)
    found = convert({"region": file}).region_encoder.state_dict()
    assert all(torch.equal(value, expected[name]) for name, value in found.items())


def test_positions_of_another_grid_are_resampled(tmp_path: Path) -> None:
    tensors = random_tensors(openai_shapes(places=14 * 14))
    tensors["visual.positional_embedding"][1:] = 0.25
    torch.save(tensors, tmp_path / "clip.pt")
    position = convert({"region": tmp_path / "clip.pt"}).region_encoder.position
    assert position.shape == (25, 32) and torch.allclose(position[1:], torch.tensor(0.25))
    assert torch.equal(position[0], tensors["visual.positional_embedding"][0])


@pytest.mark.parametrize(("name", "tensor", "value", "reason"), [
    ("visual", "block3.1.attn.sr.weight", None, "no tensor 'block3.1.attn.sr.weight'"),
    ("visual", "norm4.weight", torch.zeros(31), "'norm4.weight' has the shape [31], not [32]"),
    ("visual", "block3.2.norm1.weight", torch.zeros(24), "'block3.2.norm1.weight' that a PVT-v2 of these sizes has no"),
    ("audio", "embeddings.4.bias", None, "no tensor 'embeddings.4.bias'"),
    ("audio", "features.0.bias", torch.full((4,), torch.nan), "'features.0.bias' has values that are no numbers"),
    ("region", "visual.proj", torch.zeros(24, 32), "'visual.proj' has the shape [24, 32], not [32, 24]"),
    ("region", "visual.positional_embedding", torch.zeros(24, 32), "positions of the shape [24, 32]"),
    ("region", "visual.transformer.resblocks.0.attn.in_proj_bias", torch.zeros(95), "[95], not [96]"),
    ("region", "visual.proj", torch.full((32, 24), 1e6), "projection.weight has values that float16 cannot hold"),
])
def test_what_does_not_fit_is_named_in_one_sentence(
    name: str, tensor: str, value: Tensor | None, reason: str, files: dict[str, Path], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tensors = torch.load(files[name], weights_only=True)
    tensors.pop(tensor, None)
    torch.save(tensors | ({} if value is None else {tensor: value}), files[name])
    text = refusal(monkeypatch, "--" + name, str(files[name]), "--output", str(tmp_path / "out"))
    assert reason in text and "\n" not in text


class Hostile:
    """A pickle that would run a program."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        import os

        return os.mkdir, (str(Path(tempfile.gettempdir()) / "avu-hostile-pickle"),)


@pytest.mark.parametrize("kind", ["pickle", "torchscript", "text", "absent"])
def test_code_in_a_file_is_not_run(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "clip.pt"
    if kind == "pickle":
        torch.save({"visual.proj": Hostile()}, file)
    elif kind == "torchscript":
        import zipfile

        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("clip/constants.pkl", pickle.dumps(()))
            archive.writestr("clip/data.pkl", pickle.dumps(Hostile()))
    elif kind == "text":
        file.write_text("no checkpoint")
    text = refusal(monkeypatch, "--region", str(file), "--output", str(tmp_path / "out"))
    assert "clip.pt" in text and "\n" not in text and not (tmp_path / "out").exists()
    assert not (Path(tempfile.gettempdir()) / "avu-hostile-pickle").exists()


def test_the_command_writes_a_model_and_says_what_is_random(files: dict[str, Path], tmp_path: Path) -> None:
    arguments = [part for name in ("visual", "audio") for part in ("--" + name, str(files[name]))]
    done = command(*arguments, "--output", str(tmp_path / "mine"))
    assert done.returncode == 0, done.stderr
    assert "random but for visual_encoder, audio_encoder" in done.stdout
    provenance = json.loads((tmp_path / "mine" / "config.json").read_text())["provenance"]
    assert set(provenance["converted"]) == {"visual_encoder", "audio_encoder"} and provenance["seed"] == 1
    loaded, expected = load_exported(tmp_path / "mine"), convert(files)
    for name, value in expected.audio_encoder.state_dict().items():
        assert torch.equal(loaded.audio_encoder.state_dict()[name], value.half().float())


def refusal(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    monkeypatch.setattr(sys, "argv", ["convert.py", "--size", "base-narrow", *arguments])
    with pytest.raises(BadInput) as refused:
        main()
    return str(refused.value)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "convert.py", "--size", "base-narrow", *arguments], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )
