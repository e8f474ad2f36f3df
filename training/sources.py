"""Says what training data are made of, makes them, and checks whether a local copy is the same: `sources.tsv` has
each prepared file with its class, split, source and SHA-256, `origins.json` where sources are had and under
which licence.

python sources.py build --originals DIR --output DIR [--fetch]   prepares them from packages and repositories
python sources.py check --sources DIR        compares a local copy with the table
python sources.py origins                    how many files come from where, with licences
python sources.py write --sources DIR        writes the table anew from DIR/manifest.json

DIR of --originals holds an unpacked copy or an archive of each origin, named after the package or as
owner-repository (a link will do); --fetch gets what is not there, by apt-get and from GitHub.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from compositor.sources import leaks
from preparation.archives import sha256
from preparation.build import Builder
from preparation.originals import Originals

HERE = Path(__file__).parent
TABLE, ORIGINS = HERE / "sources.tsv", HERE / "origins.json"
COLUMNS = ("file", "sha256", "class", "split", "source", "mask_by")


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
            objects = {thing["mask"]: thing["class"] for thing in item.get("objects", [])}
            for file, kind in ({item["file"]: item.get("class", "")} | objects).items():
                rows.append({
                    "file": file, "sha256": sha256(folder / file), "class": kind,
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
        elif sha256(file) != row["sha256"]:
            found.append(f"differs: {row['file']} (from {row['source']})")
    return found


def build(options: argparse.Namespace) -> int:
    """Prepares what is not there yet; 3 where something could not be made."""
    rows = read_table(TABLE)
    if options.only:
        rows = [row for row in rows if row["source"].startswith(options.only) or row["file"].startswith(options.only)]
    origins = json.loads(ORIGINS.read_text())
    builder = Builder(Originals(origins, options.originals, options.fetch), options.output)
    for number, row in enumerate(rows, 1):
        builder.make(row, origin_of(row["source"], origins))
        if number % 200 == 0 or number == len(rows):
            print(f"{number} of {len(rows)} files, {len(builder.problems)} of them not made", flush=True)
    (options.output / "manifest.json").write_text(json.dumps(builder.manifest(), indent=0) + "\n")
    same = sum(sha256(options.output / row["file"]) == row["sha256"] for row in builder.made)
    print(f"{len(builder.made)} files in {options.output}, {same} of them byte for byte those of {TABLE.name}")
    for problem, count in Counter(builder.problems).most_common():
        print(f"{count} not made: {problem}", file=sys.stderr)
    return 3 if builder.problems else 0


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("build", "check", "origins", "write"))
    parser.add_argument("--sources", type=Path, help="folder with manifest.json and the prepared files")
    parser.add_argument("--originals", type=Path, help="folder with local copies, and for what is fetched")
    parser.add_argument("--output", type=Path, help="folder to write; files that are there stay")
    parser.add_argument("--fetch", action="store_true", help="get originals that are not there")
    parser.add_argument("--only", help="only sources or files whose names begin so")
    options = parser.parse_args()
    if options.action in ("check", "write") and (options.sources is None or not options.sources.is_dir()):
        parser.error("--sources must be a folder with prepared files")
    if options.action == "build":
        if options.originals is None or options.output is None:
            parser.error("build needs --originals and --output")
        return build(options)
    if options.action == "write":
        rows = table_rows(options.sources)
        with TABLE.open("w", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS, delimiter="\t", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return 0
    rows = read_table(TABLE)
    if options.action == "check":
        found = differences(rows, options.sources)
        print("\n".join(found) or f"{len(rows)} files are the same")
        return 1 if found else 0
    origins = json.loads(ORIGINS.read_text())
    for key, count in Counter(origin_of(row["source"], origins) for row in rows).most_common():
        places = " and ".join(str(original) for original in Originals(origins, Path()).of_key[key])
        print(f"{count:5d}  {places}: {origins[key]['licence']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
