"""What is wrong with a program's input, said in one sentence."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

PATH_ERRORS = (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError, FileExistsError)


class BadInput(ValueError):
    """What was given is missing, or is not what it should be."""


def run(main: Callable[[], None]) -> None:
    """Runs a program; bad input becomes a sentence on standard error and exit status 2."""
    try:
        main()
        return
    except BadInput as error:
        reason = str(error)
    except PATH_ERRORS as error:
        reason = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    print(f"{Path(sys.argv[0]).name}: {reason}", file=sys.stderr)
    sys.exit(2)


def expect_scenes(folders: list[Path]) -> None:
    """Refuses folders that compose.py has not written to the end: sentences.json is its last file."""
    for folder in folders:
        if not (folder / "sentences.json").exists():
            raise BadInput(f"{folder} is not a set that compose.py has finished")
