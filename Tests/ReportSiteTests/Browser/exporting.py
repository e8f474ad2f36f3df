"""What readers take along: masks as PNG and COCO, subtitles, tables, and the list."""

import csv
import json
import struct
import zipfile
import zlib
from pathlib import Path

from watching import expect, watch, when


def decoded(mask) -> list[int]:
    """A mask's pixels, row by row, from COCO's compressed run lengths."""
    (height, width), text, runs, at = mask["size"], mask["counts"], [], 0
    while at < len(text):
        value, shift = 0, 0
        while True:
            group = ord(text[at]) - 48
            at += 1
            value |= (group & 31) << shift
            shift += 5
            if not group & 32:
                break
        if group & 16:
            value -= 1 << shift
        runs.append(value + (runs[-2] if len(runs) > 2 else 0))
    columns = [bit for number, run in enumerate(runs) for bit in [number % 2] * run]
    return [columns[x * height + y] for y in range(height) for x in range(width)]


def pixels(png: bytes) -> list[int]:
    """The bytes of a PNG of a byte a pixel whose rows are not filtered."""
    at, packed = 8, b""
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at:at + 8])
        body = png[at + 8:at + 8 + size]
        expect(struct.unpack(">I", png[at + 8 + size:at + 12 + size])[0] == zlib.crc32(name + body), f"export: checksum of {name}")
        if name == b"IHDR":
            width, height = struct.unpack(">II", body[:8])
        packed += body if name == b"IDAT" else b""
        at += 12 + size
    rows = zlib.decompress(packed)
    return [value for y in range(height) for value in rows[y * (width + 1) + 1:(y + 1) * (width + 1)]]


def check_exports(browser, site: Path, clip: Path) -> None:
    """What is taken along is, pixel by pixel, what the page's record says."""
    record = json.loads((clip.parent / "index.json").read_text())
    frames = record["prediction"]["frames"]
    page = browser.new_page()
    watch(page, "exports")
    page.goto(clip.as_uri())

    def download(name: str):
        with page.expect_download() as started:
            page.locator(name).click()
        return started.value
    with zipfile.ZipFile(download("#export-masks").path()) as archive:
        expect(archive.testzip() is None, "export: the archive is damaged")
        names = archive.namelist()
        expect(sum(n.startswith("prediction/") for n in names) == len(frames), f"export: it holds {names}")
        for place, frame in enumerate(frames):
            for folder, mask in (("prediction", frame["mask"]), ("truth", record["truth"]["masks"][place])):
                bits = [value // 255 for value in pixels(archive.read(f"{folder}/{place:05}.png"))]
                expect(bits == decoded(mask), f"export: {folder} {place} differs")
        kinds = set(pixels(archive.read("kinds/00002.png")))
        expect(kinds == {0, 1, 2}, f"export: kinds {kinds}")
    coco = json.loads(Path(download("#export-coco").path()).read_text())
    expect([c["name"] for c in coco["categories"]] == ["truth", "ball", "drum"], f"export: {coco['categories']}")
    expect(len(coco["images"]) == len(frames), "export: pictures of the COCO file")
    for one in coco["annotations"]:
        expect(sum(decoded(one["segmentation"])) == one["area"] > 0, f"export: area of {one['id']}")
    subtitles = Path(download("#export-subtitles").path()).read_text()
    expect(subtitles.startswith("1\n00:00:01,000 --> 00:00:02,000\na red ball bounces\n\n2\n"), f"export: {subtitles!r}")
    with page.expect_download() as started:
        page.locator("section:has(#moments) .copy-line button", has_text="Save CSV").click()
    table = list(csv.reader(Path(started.value.path()).read_text().splitlines()))
    expect(len(table) == 1 + len(frames) and table[2][0] == "0:01.5", f"export: {table[:3]}")
    page.goto((site / "collections/demo/index.html").as_uri() + "#state=done")
    when(page, "performance.getEntriesByName('avu-list-ready').length > 0", "export: the list is not ready")
    shown = page.locator("#clips-table tbody tr").count()
    table = list(csv.DictReader(Path(download("#save-list").path()).read_text().splitlines()))
    expect(len(table) == shown and all(row["state"] == "done" for row in table), f"export: {len(table)} rows for {shown}")
    page.close()
