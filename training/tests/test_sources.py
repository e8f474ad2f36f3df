"""The table of sources: nothing leaks, everything has an origin, and a local copy can be checked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sources import ORIGINS, TABLE, differences, origin_of, read_table, table_rows


def test_no_picture_and_no_recording_is_in_two_splits() -> None:
    splits: dict[str, set[str]] = {}
    for row in read_table(TABLE):
        splits.setdefault(row["source"], set()).add(row["split"])
    assert len(splits) > 3000 and {len(used) for used in splits.values()} == {1}


def test_every_file_has_an_origin_with_a_place_and_a_licence() -> None:
    origins = json.loads(ORIGINS.read_text())
    used = {origin_of(row["source"], origins) for row in read_table(TABLE)}
    assert used == set(origins) - {"deeplab"}  # which made masks
    assert all(origin["licence"] for origin in origins.values())
    for original in (original for origin in origins.values() for original in origin["originals"]):
        assert original["version"] and ("/" in original["name"] or len(original["sha256"]) == 64)
    with pytest.raises(ValueError, match="no origin of 'elsewhere/a'"):
        origin_of("elsewhere/a", origins)


def test_a_missing_and_a_changed_file_are_found(tmp_path: Path) -> None:
    (tmp_path / "sounds").mkdir()
    items = []
    for name in ("a", "b", "c"):
        (tmp_path / "sounds" / f"{name}.ogg").write_text(name)
        items.append({"file": f"sounds/{name}.ogg", "class": "dog", "source": name, "split": "train"})
    manifest = {"cutouts": [], "scenes": [], "backgrounds": [], "sounds": items}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    rows = table_rows(tmp_path)
    assert differences(rows, tmp_path) == []
    (tmp_path / "sounds" / "a.ogg").unlink()
    (tmp_path / "sounds" / "b.ogg").write_text("other")
    assert differences(rows, tmp_path) == [
        "missing: sounds/a.ogg (from a)", "differs: sounds/b.ogg (from b)",
    ]
