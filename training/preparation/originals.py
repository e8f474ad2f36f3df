"""The packages and commits that sources come from: fetched once, or taken from local copies."""

from __future__ import annotations

import shutil
import subprocess
import urllib.request
from functools import cached_property
from pathlib import Path
from typing import Any

from .archives import read_resources, sha256, unpack

ADDRESS = "https://codeload.github.com/{name}/tar.gz/{version}"
ARCHIVES = (".deb", ".tar.gz", ".tgz", ".zip")


def expect(file: Path, wanted: str | None) -> None:
    """`ValueError` unless the file has this SHA-256, where one is known."""
    if wanted and (found := sha256(file)) != wanted:
        raise ValueError(f"{file} is not the expected file: its SHA-256 is {found}, not {wanted}")


class Original:
    """A Debian package, or a commit of a repository (its name has a slash). In `folder` lies, or will lie, its
    unpacked content under the package's name or as owner-repository; or an archive whose name begins so."""

    def __init__(self, entry: dict[str, str], folder: Path) -> None:
        self.name, self.version = entry["name"], entry["version"]
        self.sha256 = entry.get("sha256")
        self.folder, self.short = folder, self.name.replace("/", "-")
        self.path = folder / self.short

    def __str__(self) -> str:
        return f"github.com/{self.name}@{self.version}" if "/" in self.name else f"Debian {self.name} {self.version}"

    def provide(self, fetch: bool) -> None:
        """Sees that it lies unpacked in `path`: from a local copy, or fetched. Raises `FileNotFoundError` where
        neither may be, `ValueError` where an archive is not the one of origins.json."""
        if self.path.is_dir():
            return
        archive = self._local_archive() or (self._fetch() if fetch else None)
        if archive is None:
            raise FileNotFoundError(f"{self} is missing: use --fetch, or put it into {self.folder} as {self.short}")
        expect(archive, self.sha256)
        part = self.path.with_name(self.short + ".part")
        shutil.rmtree(part, ignore_errors=True)
        unpack(archive, part)
        part.rename(self.path)

    def _local_archive(self) -> Path | None:
        found = sorted(self.folder.glob(f"{self.short}[-_]*"))
        return next((f for f in found if f.name.endswith(ARCHIVES)), None)

    def _fetch(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        if "/" not in self.name:
            command = ["apt-get", "download", "-q", f"{self.name}={self.version}"]
            done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
            archive = self._local_archive()
            if done.returncode or archive is None:
                said = (done.stderr.strip().splitlines() or ["apt-get wrote no file"])[-1]
                raise FileNotFoundError(f"{self} cannot be fetched: {said}")
            return archive
        archive = self.folder / f"{self.short}-{self.version}.tar.gz"
        part = archive.with_name(archive.name + ".part")
        try:
            with urllib.request.urlopen(ADDRESS.format(name=self.name, version=self.version)) as answer:
                with part.open("wb") as out:
                    shutil.copyfileobj(answer, out)
        except OSError as error:
            raise FileNotFoundError(f"{self} cannot be fetched: {error}") from error
        return part.replace(archive)

    @cached_property
    def files(self) -> dict[str, list[Path]]:
        """By name."""
        found: dict[str, list[Path]] = {}
        for file in sorted(self.path.rglob("*")):
            if file.is_file():
                found.setdefault(file.name, []).append(file)
        return found

    def find(self, ending: str) -> Path | None:
        """The file whose path ends so; `.*` at its end stands for any suffix."""
        folder, _, name = ending.rpartition("/")
        names = [n for n in self.files if n.startswith(name[:-1])] if name.endswith(".*") else [name]
        for file in (file for n in names for file in self.files.get(n, [])):
            if not folder or f"/{file.parent.as_posix()}".endswith(f"/{folder}"):
                return file
        return None


class Originals:
    """All of origins.json, by the key that a source begins with."""

    def __init__(self, origins: dict[str, Any], folder: Path, fetch: bool = False) -> None:
        every = {entry["name"]: Original(entry, folder) for o in origins.values() for entry in o["originals"]}
        self.of_key = {key: [every[e["name"]] for e in origin["originals"]] for key, origin in origins.items()}
        self.fetch = fetch
        self.hashes = {key: origin["sha256"] for key, origin in origins.items() if "sha256" in origin}
        self.resources: dict[Path, dict[str, bytes]] = {}

    def files(self, key: str) -> dict[str, list[Path]]:
        """By name, of an origin that is one package or repository."""
        self.of_key[key][0].provide(self.fetch)
        return self.of_key[key][0].files

    def find(self, key: str, ending: str) -> Path:
        """A file of an origin; `FileNotFoundError` says which original lacks it."""
        for original in self.of_key[key]:
            original.provide(self.fetch)
            if file := original.find(ending):
                expect(file, self.hashes.get(key))
                return file
        raise FileNotFoundError(f"{ending} is not in {' or '.join(map(str, self.of_key[key]))}")

    def resource(self, key: str, archive: str, name: str) -> bytes:
        """A file out of one of Qt's resource archives."""
        file = self.find(key, f"{archive}.rcc")
        if file not in self.resources:
            self.resources[file] = read_resources(file.read_bytes())
        for path, data in self.resources[file].items():
            if path.endswith(f"/{name}"):
                return data
        raise FileNotFoundError(f"{name} is not in {archive}.rcc")
