"""Unpacks archives that others made: nothing in them is trusted."""

from __future__ import annotations

import hashlib
import shutil
import struct
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO


def sha256(file: Path) -> str:
    """Of a file's content, in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def unpack(archive: Path, folder: Path) -> None:
    """Writes the plain files of a Debian package, tar or zip archive into `folder`, links left out; `ValueError`
    where a name leads out of it."""
    folder.mkdir(parents=True, exist_ok=True)
    root = folder.resolve()
    for name, content in _members(archive):
        file = (root / name).resolve()
        if not file.is_relative_to(root):
            raise ValueError(f"{archive.name} has a file that leads out of its folder: {name}")
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            shutil.copyfileobj(content, out)


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as zipped:
            for name in zipped.namelist():
                if not name.endswith("/"):
                    with zipped.open(name) as content:
                        yield name, content
    elif archive.suffix == ".deb":
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", archive], stdout=subprocess.PIPE) as process:
            yield from _files_of(tarfile.open(fileobj=process.stdout, mode="r|"))
        if process.returncode:
            raise ValueError(f"{archive.name} is no Debian package")
    else:
        yield from _files_of(tarfile.open(archive))


def _files_of(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    with tar:
        for member in tar:
            content = tar.extractfile(member) if member.isfile() else None
            if content is not None:
                yield member.name, content


def read_resources(archive: bytes) -> dict[str, bytes]:
    """Path → content of a Qt resource archive (rcc, versions 1 to 3; needs zstd for some)."""
    magic, version, tree, data, names = struct.unpack_from(">4sIIII", archive)
    if magic != b"qres":
        raise ValueError("not a Qt resource archive")
    size, found = (14 if version == 1 else 22), {}

    def name_at(offset: int) -> str:
        length = struct.unpack_from(">H", archive, names + offset)[0]
        return archive[names + offset + 6 : names + offset + 6 + 2 * length].decode("utf-16-be")

    def walk(node: int, path: str) -> None:
        name, flags, first, second = struct.unpack_from(">IHII", archive, tree + node * size)
        path = f"{path}/{name_at(name)}" if node else ""
        if flags & 2:
            for child in range(second, second + first):
                walk(child, path)
            return
        length = struct.unpack_from(">I", archive, data + second)[0]
        content = archive[data + second + 4 : data + second + 4 + length]
        if flags & 1:
            content = zlib.decompress(content[4:])
        elif flags & 4:
            content = subprocess.run(["zstd", "-dc"], input=content, capture_output=True, check=True).stdout
        found[path] = content

    walk(0, "")
    return found
