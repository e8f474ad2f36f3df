"""The sentence of a frame: one for each thing that sounds, from left to right."""

from __future__ import annotations

import numpy as np

from avuformer.categories import CATEGORIES, INDEX

from .pictures import Picture
from .soundtracks import MIN_AREA


def describe(picture: Picture, actions: list[str | None], sounding: list[bool]) -> str:
    """"The person on the left is playing the violin. The dog is barking."; empty when nothing sounds.

    Places are named only where they tell things apart.
    """
    centres = {i: _centre(picture, i) for i in range(len(picture.things)) if picture.area(i) >= MIN_AREA}
    heard = sorted((i for i in centres if sounding[i]), key=lambda i: (centres[i], i))
    return " ".join(_sentence(picture, actions, i, _position(picture, actions, centres, heard, i)) for i in heard)


def _centre(picture: Picture, index: int) -> float:
    return float(np.where(picture.labels == index + 1)[1].mean())


def _position(picture: Picture, actions: list[str | None], centres: dict[int, float], heard: list[int],
              index: int) -> str:
    """By order among those that do the same, else beside the others of its kind; alone: nowhere."""
    others = [centres[i] for i in heard if i != index and actions[i] == actions[index]]
    if not others:
        thing, x = picture.things[index], centres[index]
        kind = "person" if thing.played else thing.kind
        others = [centres[i] for i in centres if i != index and picture.things[i].kind == kind]
        if thing.played and others:
            others.remove(min(others, key=lambda other: abs(other - x)))  # its player
    if not others:
        return ""
    x = centres[index]
    return " on the left" if x < min(others) else " on the right" if x > max(others) else " in the middle"


def _sentence(picture: Picture, actions: list[str | None], index: int, position: str) -> str:
    category = CATEGORIES[INDEX[str(actions[index])]]
    if picture.things[index].played:
        return f"The person{position} is playing the {category.noun}."
    return f"The {category.noun}{position} is {category.verb}."
