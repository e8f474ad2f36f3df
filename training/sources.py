"""Says what training data are made of and whether a local copy is the same: `sources.tsv` has each prepared
file with its class, split, origin and SHA-256, `origins.json` where an origin is had and under which licence.

python sources.py check --sources DIR        compares a local copy with the table
python sources.py origins                    how many files come from where, with licences
python sources.py write --sources DIR        writes the table anew from DIR/manifest.json
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from compositor.sources import leaks

HERE = Path(__file__).parent
TABLE, ORIGINS = HERE / "sources.tsv", HERE / "origins.json"
COLUMNS = ("file", "sha256", "split", "source", "mask_by")


def origin_of(source: str, origins: dict[str, Any]) -> str:
    """The key of origins.json that a source begins with; the longest, where several do."""
    found = [key for key in origins if source.startswith(key)]
    if not found:
        raise ValueError(f"origins.json has no origin of {source!r}")
    return max(found, key=len)


def table_rows(folder: Path) -> list[dict[str, str]]:
    """A row for each file that the manifest of `folder` names."""
    manifest = json.loads((folder / "manifest.json").read_text())
    if leaked := leaks(manifest):
        raise ValueError(f"{leaked[0]} is in two splits")
    rows = []
    for group in ("cutouts", "scenes", "backgrounds", "sounds"):
        for item in manifest[group]:
            for file in [item["file"], *(thing["mask"] for thing in item.get("objects", []))]:
                rows.append({
                    "file": file, "sha256": hashlib.sha256((folder / file).read_bytes()).hexdigest(),
                    "split": item["split"], "source": item["source"], "mask_by": item.get("mask_by", ""),
                })
    return rows


def read_table(file: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def differences(rows: list[dict[str, str]], folder: Path) -> list[str]:
    """What is missing in `folder` or not the same."""
    found = []
    for row in rows:
        file = folder / row["file"]
        if not file.exists():
            found.append(f"missing: {row['file']} (from {row['source']})")
        elif hashlib.sha256(file.read_bytes()).hexdigest() != row["sha256"]:
            found.append(f"differs: {row['file']} (from {row['source']})")
    return found


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("check", "origins", "write"))
    parser.add_argument("--sources", type=Path, help="folder with manifest.json and the prepared files")
    options = parser.parse_args()
    if options.action != "origins" and (options.sources is None or not options.sources.is_dir()):
        parser.error("--sources must be a folder with prepared files")
    if options.action == "write":
        with TABLE.open("w", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS, delimiter="\t", lineterminator="\n")
            writer.writeheader()
            writer.writerows(table_rows(options.sources))
        return 0
    rows = read_table(TABLE)
    if options.action == "check":
        found = differences(rows, options.sources)
        print("\n".join(found) or f"{len(rows)} files are the same")
        return 1 if found else 0
    origins = json.loads(ORIGINS.read_text())
    for key, count in Counter(origin_of(row["source"], origins) for row in rows).most_common():
        print(f"{count:5d}  {origins[key]['from']}: {origins[key]['licence']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
