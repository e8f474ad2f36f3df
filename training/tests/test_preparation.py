"""Prepared sources from packages and repositories: archives that lie are refused, the rest is made as told."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
import soundfile

import sources
from compositor.sources import load_sources
from preparation import originals as places
from preparation.archives import read_resources, sha256, unpack
from preparation.originals import Original, Originals
from preparation.sounds import levelled, melody

WHITE = np.full((200, 300, 3), 255, np.uint8)


def tar(file: Path, members: dict[str, bytes], link: str = "") -> Path:
    with tarfile.open(file, "w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        if link:
            member = tarfile.TarInfo("link")
            member.type, member.linkname = tarfile.SYMTYPE, link
            archive.addfile(member)
    return file


def package(folder: Path, name: str, content: bytes) -> Path:
    root = folder / "package"
    (root / "DEBIAN").mkdir(parents=True)
    (root / "DEBIAN" / "control").write_text(
        f"Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: sounds\n")
    (root / "usr" / "share").mkdir(parents=True)
    (root / "usr" / "share" / "a.wav").write_bytes(content)
    file = folder / f"{name}_1_all.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", root, file], check=True, capture_output=True)
    return file


def jpeg(pixels: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", pixels)[1].tobytes()


def wave(seconds: float, hertz: float = 440.0) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, np.sin(2 * np.pi * hertz * np.arange(int(seconds * 22050)) / 22050) * 0.5, 22050, format="WAV")
    return out.getvalue()


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/tmp/avu-evil"])
def test_an_archive_cannot_write_outside_its_folder(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        zipped.writestr(name, b"x")
    for archive in (tar(tmp_path / "a.tar.gz", {name: b"x"}), tmp_path / "a.zip"):
        with pytest.raises(ValueError, match="leads out of its folder"):
            unpack(archive, tmp_path / "in" / "side")
    assert not list(tmp_path.rglob("evil")) and not Path("/tmp/avu-evil").exists()


def test_links_in_an_archive_are_left_out(tmp_path: Path) -> None:
    unpack(tar(tmp_path / "a.tar.gz", {"b/c": b"x"}, link="/etc"), tmp_path / "out")
    assert [f.name for f in sorted((tmp_path / "out").rglob("*"))] == ["b", "c"]


def test_a_package_that_is_not_the_expected_one_is_refused(tmp_path: Path) -> None:
    file = package(tmp_path, "some-sounds", b"right")
    entry = {"name": "some-sounds", "version": "1", "sha256": "0" * 64}
    with pytest.raises(ValueError, match=f"is not the expected file: its SHA-256 is {sha256(file)}"):
        Original(entry, tmp_path).provide(fetch=False)
    assert not (tmp_path / "some-sounds").exists()
    right = Original(entry | {"sha256": sha256(file)}, tmp_path)
    right.provide(fetch=False)
    found = right.find("share/a.wav")
    assert found is not None and found.read_bytes() == b"right"


def test_a_broken_package_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "some-sounds_1_all.deb").write_bytes(b"no package")
    with pytest.raises((ValueError, tarfile.TarError)):
        Original({"name": "some-sounds", "version": "1"}, tmp_path).provide(fetch=False)
    assert not (tmp_path / "some-sounds").exists()


def test_a_commit_is_fetched_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tar(tmp_path / "lab-set-abc", {"set-abc/train/harp/7.jpg": b"x"})
    monkeypatch.setattr(places, "ADDRESS", f"file://{tmp_path}/lab-set-{{version}}")
    original = Original({"name": "lab/set", "version": "abc"}, tmp_path / "local")
    with pytest.raises(FileNotFoundError, match="lab/set@abc is missing: use --fetch, or put"):
        original.provide(fetch=False)
    original.provide(fetch=True)
    (tmp_path / "lab-set-abc").unlink()
    original.provide(fetch=True)
    assert original.find("train/harp/7.jpg") and not original.find("valid/flute/8.jpg")
    gone = Original({"name": "lab/other", "version": "abd"}, tmp_path / "local")
    with pytest.raises(FileNotFoundError, match="cannot be fetched"):
        gone.provide(fetch=True)


def test_a_part_of_a_path_decides_between_files_of_one_name(tmp_path: Path) -> None:
    for name in ("a/train/1.jpg", "a/test/1.jpg", "a/test/only.jpg"):
        (tmp_path / "x" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "x" / name).touch()
    original = Original({"name": "x", "version": "1"}, tmp_path)
    assert original.find("test/1.jpg") == tmp_path / "x/a/test/1.jpg"
    assert original.find("test/1.*") == tmp_path / "x/a/test/1.jpg"
    assert original.find("valid/1.jpg") is None and original.find("elsewhere/only.jpg") is None
    assert original.find("only.jpg") == tmp_path / "x/a/test/only.jpg"


def test_a_resource_archive_is_read() -> None:
    names = b"".join(struct.pack(">HI", len(n), 0) + n.encode("utf-16-be") for n in ("sounds", "cat.ogg"))
    tree = struct.pack(">IHII", 0, 2, 1, 1) + struct.pack(">IHII", 0, 2, 1, 2) + struct.pack(">IHHHI", 18, 0, 0, 0, 0)
    data = struct.pack(">I", 4) + b"meow"
    head = struct.pack(">4sIIII", b"qres", 1, 20, 20 + len(tree), 20 + len(tree) + len(data))
    assert read_resources(head + tree + data + names) == {"/sounds/cat.ogg": b"meow"}
    with pytest.raises(ValueError, match="not a Qt resource archive"):
        read_resources(b"\0" * 40)


def test_sounds_come_at_one_level_and_melodies_last_ten_seconds() -> None:
    samples = levelled(np.pad(np.sin(np.arange(16000) * 0.1), 8000).astype(np.float32))
    assert len(samples) < 18000 and abs(float(np.sqrt((samples**2).mean())) - 0.08) < 1e-3
    with pytest.raises(ValueError, match="silent"):
        levelled(np.zeros(16000, np.float32))
    assert melody("harp", np.random.default_rng(1)) == melody("harp", np.random.default_rng(1)) != \
        melody("harp", np.random.default_rng(2))


def test_sources_are_built_from_local_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    """A flood-filled photograph, one with its data set's mask, one with polygons, a background, a package's sound."""
    harp = cv2.ellipse(WHITE.copy(), (150, 100), (60, 40), 0, 0, 360, (40, 80, 160), -1)
    circle = cv2.circle(np.zeros((200, 300), np.uint8), (100, 100), 50, 255, -1)
    local = tmp_path / "local"
    local.mkdir()
    tar(local / "lab-set-abc.tar.gz", {"s/train/harp/7.jpg": jpeg(harp)})
    masks = {"s/images/1.jpg": jpeg(WHITE // 2), "s/ground_truth_mask/1.png": cv2.imencode(".png", circle)[1].tobytes()}
    tar(local / "lab-salient-abc.tar.gz", masks)
    square = "18 0.25 0.25 0.75 0.25 0.75 0.75 0.25 0.75"
    tar(local / "lab-boxes-abc.tar.gz", {"c/images/9.jpg": jpeg(WHITE // 3), "c/labels/9.txt": f"{square}\n".encode()})
    deb = package(tmp_path, "some-sounds", wave(25))
    deb.rename(local / deb.name)
    origins = {
        "i30": {"originals": [{"name": "lab/set", "version": "abc"}], "licence": "CC0"},
        "ecssd": {"originals": [{"name": "lab/salient", "version": "abc"}], "licence": "CC0"},
        "coco": {"originals": [{"name": "lab/boxes", "version": "abc"}], "licence": "CC0"},
        "some-sounds": {"originals": [{"name": "some-sounds", "version": "1"}], "licence": "CC0"},
        "hs": {"originals": [{"name": "lab/people", "version": "abc"}], "licence": "CC0"},
    }
    rows = [
        ("cutouts/harp-0.webp", "harp", "i30/harp/train7.jpg", "flood fill on white"),
        ("cutouts/dog-1.webp", "dog", "coco/9", "data set polygon"),
        ("cutouts/person-2.webp", "person", "hs/1", "data set mask"),
        ("scenes/0.jpg", "", "ecssd/1.jpg", "ecssd"), ("scenes/0-0.png", "bird", "ecssd/1.jpg", "ecssd"),
        ("backgrounds/0.jpg", "", "coco/9", ""), ("sounds/dog-0.ogg", "dog", "some-sounds/usr/share/a.wav#1", ""),
    ]
    table, places_file = tmp_path / "sources.tsv", tmp_path / "origins.json"
    table.write_text("\t".join(sources.COLUMNS) + "\n" + "".join(
        f"{file}\t{'0' * 64}\t{kind}\ttrain\t{source}\t{way}\n" for file, kind, source, way in rows))
    places_file.write_text(json.dumps(origins))
    monkeypatch.setattr(sources, "TABLE", table)
    monkeypatch.setattr(sources, "ORIGINS", places_file)
    command = ["sources.py", "build", "--originals", str(local), "--output", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", command)
    assert sources.main() == 3
    printed = capsys.readouterr()
    assert "6 files in" in printed.out and "1 not made: github.com/lab/people@abc is missing" in printed.err
    out = load_sources(tmp_path / "out", "train")
    alpha = out.cutouts["harp"][0][..., 3]
    assert abs(alpha.shape[0] - 80) <= 4 and abs(alpha.shape[1] - 120) <= 4 and 0.7 < (alpha > 127).mean() < 0.82
    assert out.cutouts["dog"][0].shape[:2] == (101, 151) and len(out.backgrounds) == 1
    assert out.scenes["bird"][0].picture.shape == (200, 300, 3)
    assert np.array_equal(out.scenes["bird"][0].masks[0] > 0, circle > 0)
    assert len(out.sounds["dog"][0]) == pytest.approx(160000, abs=600)
    kept = (tmp_path / "out" / "sounds" / "dog-0.ogg").stat().st_mtime_ns
    assert sources.main() == 3 and (tmp_path / "out" / "sounds" / "dog-0.ogg").stat().st_mtime_ns == kept


def test_a_mask_maker_with_another_content_is_refused(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "net.onnx").write_bytes(b"other")
    origins = {"deeplab": {"originals": [{"name": "net", "version": "1"}], "licence": "CC0", "sha256": "0" * 64}}
    with pytest.raises(ValueError, match="is not the expected file"):
        Originals(origins, tmp_path).find("deeplab", "net.onnx")
