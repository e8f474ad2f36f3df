"""The sounding categories, and how sentences name them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    """One sounding category; `player`: a visible person may be the one who plays it; `group`: its
    branch of the category tree."""

    name: str
    noun: str
    verb: str
    group: str = "thing"
    player: bool = False


def _instruments(*names: str) -> list[Category]:
    return [Category(name, name, "playing", "instrument", True) for name in names]


CATEGORIES: list[Category] = [
    *_instruments(
        "accordion", "banjo", "bagpipe", "congas", "clarinet", "drum", "flute", "guitar", "piano",
        "saxophone", "trumpet", "tuba", "violin", "xylophone", "cello", "harp",
    ),
    Category("dog", "dog", "barking", "animal"),
    Category("cat", "cat", "meowing", "animal"),
    Category("bird", "bird", "chirping", "animal"),
    Category("cow", "cow", "lowing", "animal"),
    Category("sheep", "sheep", "bleating", "animal"),
    Category("horse", "horse", "neighing", "animal"),
    Category("rooster", "rooster", "crowing", "animal"),
    Category("car", "car", "driving by", "vehicle"),
    Category("train", "train", "whistling", "vehicle"),
    Category("motorcycle", "motorcycle", "passing by", "vehicle"),
    Category("airplane", "airplane", "flying by", "vehicle"),
    Category("helicopter", "helicopter", "flying", "vehicle"),
    Category("firetruck", "fire truck", "sounding its siren", "vehicle"),
    Category("speaking", "person", "speaking", "person"),
    Category("babycry", "baby", "crying", "person"),
    Category("sneeze", "person", "sneezing", "person"),
    Category("typing", "keyboard", "being typed on", "thing"),
    Category("phone", "phone", "ringing", "thing"),
    Category("clock", "clock", "ticking", "thing"),
]
NAMES: list[str] = [category.name for category in CATEGORIES]
INDEX: dict[str, int] = {name: index for index, name in enumerate(NAMES)}
GROUPS: list[str] = sorted({category.group for category in CATEGORIES})
INSTRUMENTS: frozenset[str] = frozenset(c.name for c in CATEGORIES if c.player)

# What a person's own sounds look like is a person; pictures know "person", sounds know the action.
PERSON_ACTIONS: tuple[str, ...] = ("speaking", "babycry", "sneeze")
VISUAL_KINDS: list[str] = [name for name in NAMES if name not in PERSON_ACTIONS] + ["person", "other"]
VISUAL_INDEX: dict[str, int] = {name: index for index, name in enumerate(VISUAL_KINDS)}


def visual_kind(category: str) -> str:
    """The visual kind that makes the sounds of `category`."""
    return "person" if category in PERSON_ACTIONS else category
