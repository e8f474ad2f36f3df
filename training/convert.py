"""Makes a model of avuformer-base from public checkpoints of its encoders; the rest of it is random.

python convert.py --visual pvt_v2_b5.pth --audio vggish-10086976.pth --region ViT-B-16.pt \\
  --output ../models/avuformer-base

Files may be .safetensors, of torch.save, or OpenAI's TorchScript archives; no code in them is run. An encoder that no
file is named for stays random, too. What comes out says nothing sensible before it is trained.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import torch

from avuformer.command_line import BadInput, run
from avuformer.export import export_model
from avuformer.model import AVUFormer
from base.clip_region import RegionEncoder
from base.configurations import base_config, narrow_base_config
from base.pyramid_vision_transformer import PyramidVisionTransformer
from base.vggish import VGGish
from encoders.checkpoint import Checkpoint
from encoders.public import load_clip, load_pyramid, load_vggish

SIZES = {"base": base_config, "base-narrow": narrow_base_config}


def converted(model: AVUFormer, files: dict[str, Path]) -> dict[str, object]:
    """Copies the weights of `files` (of "visual", "audio", "region") into the model; says what came from where."""
    config, sources = model.config, {}
    for name, file in files.items():
        encoder, source = getattr(model, f"{name}_encoder"), Checkpoint(file)
        if isinstance(encoder, PyramidVisionTransformer):
            load_pyramid(encoder, source)
        elif isinstance(encoder, VGGish):
            load_vggish(encoder, source)
        elif isinstance(encoder, RegionEncoder) and config.encoders.region:
            patch = config.encoders.region.patch
            load_clip(encoder, source, (config.image_height // patch, config.image_width // patch))
        sources[f"{name}_encoder"] = {"file": file.name, "sha256": sha256(file)}
    return {"weights": f"random but for {', '.join(sources)}" if sources else "random", "converted": sources}


def sha256(file: Path) -> str:
    """Of a file's content."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visual", type=Path, help="PVT-v2-B5, with the names of whai362/PVT")
    parser.add_argument("--audio", type=Path, help="VGGish, with the names of torchvggish")
    parser.add_argument("--region", type=Path, help="CLIP ViT-B/16, OpenAI's, open_clip's or Hugging Face's names")
    parser.add_argument("--output", type=Path, required=True, help="model folder to write; its name is the model's")
    parser.add_argument("--seed", type=int, default=1, help="of what is random")
    parser.add_argument("--size", choices=SIZES, default="base", help="base-narrow is for tests")
    options = parser.parse_args()
    files = {n: f for n in ("visual", "audio", "region") if (f := getattr(options, n)) is not None}
    torch.manual_seed(options.seed)
    model = AVUFormer(SIZES[options.size]()).eval()
    model.config.name = options.output.name
    try:
        provenance = converted(model, files) | {"seed": options.seed}
        export_model(model, options.output, provenance)
    except ValueError as error:
        raise BadInput(str(error)) from error
    print(f"wrote {options.output}: {provenance['weights']}")


if __name__ == "__main__":
    run(main)
