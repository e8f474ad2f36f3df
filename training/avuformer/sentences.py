"""The sentence of a frame: one for each thing that sounds, from left to right."""

from __future__ import annotations

import numpy as np

from .categories import CATEGORIES, INDEX
from .pictures import Picture
from .soundtracks import MIN_AREA

LEFT, RIGHT = 0.36, 0.64


def describe(picture: Picture, actions: list[str | None], sounding: list[bool]) -> str:
    """"The person on the left is playing the violin. The dog is barking."; empty when nothing sounds."""
    heard: list[tuple[float, int]] = []
    for index, sounds in enumerate(sounding):
        if sounds and picture.area(index) >= MIN_AREA:
            columns = np.where(picture.labels == index + 1)[1]
            heard.append((float(columns.mean()) / picture.labels.shape[1], index))
    heard.sort()
    return " ".join(
        _sentence(picture, actions, index, _position(heard, actions, rank))
        for rank, (_, index) in enumerate(heard)
    )


def _position(heard: list[tuple[float, int]], actions: list[str | None], rank: int) -> str:
    """Among several of a category by order, else by the place in the picture."""
    same = [i for i, (_, index) in enumerate(heard) if actions[index] == actions[heard[rank][1]]]
    if len(same) > 1:
        place = same.index(rank)
        return " on the left" if place == 0 else " on the right" if place == len(same) - 1 else " in the middle"
    x = heard[rank][0]
    return " on the left" if x < LEFT else " on the right" if x > RIGHT else ""


def _sentence(picture: Picture, actions: list[str | None], index: int, position: str) -> str:
    category = CATEGORIES[INDEX[str(actions[index])]]
    if picture.things[index].played:
        return f"The person{position} is playing the {category.noun}."
    return f"The {category.noun}{position} is {category.verb}."
