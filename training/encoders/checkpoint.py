"""Tensors of files that others made, read without running code of theirs."""

from __future__ import annotations

import collections
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

# Of the tensors in a TorchScript archive.
DTYPES = {
    "FloatStorage": torch.float32, "HalfStorage": torch.float16, "BFloat16Storage": torch.bfloat16,
    "DoubleStorage": torch.float64, "LongStorage": torch.int64, "IntStorage": torch.int32,
    "BoolStorage": torch.bool, "ByteStorage": torch.uint8,
}


class Checkpoint:
    """Named tensors of a .safetensors file, a file of torch.save, or a TorchScript archive; each is taken
    once, so that what is left over is known."""

    def __init__(self, file: Path) -> None:
        self.file, self.tensors = file, read_tensors(file)
        self.taken: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self.tensors

    def take(self, name: str, shape: tuple[int, ...] | None = None) -> Tensor:
        """A tensor of finite numbers as float32; refuses one that is missing or has other sizes."""
        if name not in self.tensors:
            raise ValueError(f"{self.file} has no tensor {name!r}")
        value = self.tensors[name]
        self.taken.add(name)
        if shape is not None and tuple(value.shape) != shape:
            raise ValueError(f"{self.file}: {name!r} has the shape {list(value.shape)}, not {list(shape)}")
        if not value.is_floating_point() or not bool(torch.isfinite(value).all()):
            raise ValueError(f"{self.file}: {name!r} has values that are no numbers")
        return value.float()

    def check_rest(self, of: str, *ignored: str) -> None:
        """Refuses tensors that nobody took, but for those that begin with one of `ignored`."""
        rest = sorted(n for n in self.tensors if n not in self.taken and not n.startswith(ignored))
        if rest:
            raise ValueError(f"{self.file} has a tensor {rest[0]!r} that {of} has no place for")


def read_tensors(file: Path) -> dict[str, Tensor]:
    """All tensors by name."""
    try:
        if file.suffix == ".safetensors":
            return load_file(file)
        if zipfile.is_zipfile(file) and (archive := ScriptArchive.opened(file)) is not None:
            return archive.tensors()
        content = torch.load(file, map_location="cpu", weights_only=True)
    except (OSError, SafetensorError) as error:
        raise ValueError(f"{file} cannot be read: {error}") from error
    except Exception as error:  # a damaged or hostile pickle may raise anything
        reason = f"{file} is no checkpoint whose tensors can be read without running code of its own"
        raise ValueError(reason) from error
    for part in ("state_dict", "model"):
        if isinstance(content, dict) and isinstance(content.get(part), dict):
            content = content[part]
    if not isinstance(content, dict):
        raise ValueError(f"{file} holds no named tensors")
    return {str(name): value for name, value in content.items() if isinstance(value, Tensor)}


class ScriptObject:
    """What stands for an object of a TorchScript archive: its attributes, and none of its code."""


class ScriptArchive(pickle.Unpickler):
    """Attributes of a TorchScript archive. Only the names below can be called, so nothing can be run."""

    def __init__(self, archive: zipfile.ZipFile, root: str) -> None:
        super().__init__(archive.open(f"{root}data.pkl"))
        self.archive, self.root = archive, root
        little = f"{root}byteorder"
        if little in archive.namelist() and archive.read(little) != b"little":
            raise ValueError("values with the highest byte first")

    @classmethod
    def opened(cls, file: Path) -> ScriptArchive | None:
        """Nothing for a zip file that torch.save wrote."""
        archive = zipfile.ZipFile(file)
        roots = [n.removesuffix("constants.pkl") for n in archive.namelist() if n.endswith("constants.pkl")]
        return cls(archive, roots[0]) if roots else None

    def find_class(self, module: str, name: str) -> Any:
        """The few callables that an archive of tensors needs."""
        if module.split(".")[0] == "__torch__":
            return type(name, (ScriptObject,), {})
        known: dict[tuple[str, str], Callable[..., Any]] = {
            ("torch._utils", "_rebuild_tensor_v2"): rebuilt, ("collections", "OrderedDict"): collections.OrderedDict,
        }
        if (module, name) in known:
            return known[module, name]
        if module == "torch" and name in DTYPES:
            return DTYPES[name]
        if module == "torch.jit._pickle" and name.startswith("build_"):
            return lambda values: values
        raise pickle.UnpicklingError(f"{module}.{name} is not needed for tensors")

    def persistent_load(self, pid: Any) -> Tensor:
        """The values of a storage: ("storage", type, key, device, count)."""
        _, dtype, key, _, _ = pid
        data = bytearray(self.archive.read(f"{self.root}data/{key}"))
        return torch.frombuffer(data, dtype=dtype) if data else torch.empty(0, dtype=dtype)

    def tensors(self) -> dict[str, Tensor]:
        """All tensors by the path of their module."""
        found: dict[str, Tensor] = {}
        todo: list[tuple[str, Any]] = [("", self.load())]
        while todo:
            path, value = todo.pop()
            if isinstance(value, Tensor):
                found[path] = value
            elif isinstance(value, ScriptObject):
                todo += [(f"{path}.{name}" if path else name, part) for name, part in vars(value).items()]
        return found


def rebuilt(storage: Tensor, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: Any) -> Tensor:
    """A view of a storage; what reaches outside of it is refused by PyTorch."""
    return storage.as_strided(size, stride, offset)
