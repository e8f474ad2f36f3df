"""The sounding categories, and how sentences name them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    """One sounding category; `player`: a visible person may be the one who plays it."""

    name: str
    noun: str
    verb: str
    player: bool = False


def _instruments(*names: str) -> list[Category]:
    return [Category(name, name, "playing", True) for name in names]


CATEGORIES: list[Category] = [
    *_instruments(
        "accordion", "banjo", "bagpipe", "congas", "clarinet", "drum", "flute", "guitar", "piano",
        "saxophone", "trumpet", "tuba", "violin", "xylophone", "cello", "harp",
    ),
    Category("dog", "dog", "barking"),
    Category("cat", "cat", "meowing"),
    Category("bird", "bird", "chirping"),
    Category("cow", "cow", "lowing"),
    Category("sheep", "sheep", "bleating"),
    Category("horse", "horse", "neighing"),
    Category("rooster", "rooster", "crowing"),
    Category("car", "car", "driving by"),
    Category("train", "train", "whistling"),
    Category("motorcycle", "motorcycle", "passing by"),
    Category("airplane", "airplane", "flying by"),
    Category("helicopter", "helicopter", "flying"),
    Category("firetruck", "fire truck", "sounding its siren"),
    Category("speaking", "person", "speaking"),
    Category("babycry", "baby", "crying"),
    Category("sneeze", "person", "sneezing"),
    Category("typing", "keyboard", "being typed on"),
    Category("phone", "phone", "ringing"),
    Category("clock", "clock", "ticking"),
]
NAMES: list[str] = [category.name for category in CATEGORIES]
INDEX: dict[str, int] = {name: index for index, name in enumerate(NAMES)}
INSTRUMENTS: frozenset[str] = frozenset(c.name for c in CATEGORIES if c.player)

# What a person's own sounds look like is a person; pictures know "person", sounds know the action.
PERSON_ACTIONS: tuple[str, ...] = ("speaking", "babycry", "sneeze")
VISUAL_KINDS: list[str] = [name for name in NAMES if name not in PERSON_ACTIONS] + ["person", "other"]
VISUAL_INDEX: dict[str, int] = {name: index for index, name in enumerate(VISUAL_KINDS)}


def visual_kind(category: str) -> str:
    """The visual kind that makes the sounds of `category`."""
    return "person" if category in PERSON_ACTIONS else category
