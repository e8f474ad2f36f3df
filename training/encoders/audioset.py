"""Which of AudioSet's 521 sounds, as YAMNet names them, are a sound of each category.

On recordings from sources that nothing was trained on, YAMNet's own scores name our categories more often than
a classifier trained on the few recordings that we have: so our classifier starts from them and is held near them.
"""

from __future__ import annotations

import csv
from pathlib import Path

from avuformer.categories import NAMES

AUDIOSET: dict[str, tuple[str, ...]] = {
    "accordion": ("Accordion",),
    "banjo": ("Banjo",),
    "bagpipe": ("Bagpipes",),
    "congas": ("Tabla", "Wood block"),
    "clarinet": ("Clarinet",),
    "drum": ("Drum", "Drum kit", "Snare drum", "Bass drum", "Cymbal", "Hi-hat", "Rimshot", "Drum roll"),
    "flute": ("Flute",),
    "guitar": ("Guitar", "Electric guitar", "Acoustic guitar", "Bass guitar", "Strum"),
    "piano": ("Piano", "Electric piano", "Keyboard (musical)"),
    "saxophone": ("Saxophone",),
    "trumpet": ("Trumpet", "Brass instrument"),
    "tuba": ("Trombone", "French horn"),
    "violin": ("Violin, fiddle", "Bowed string instrument"),
    "xylophone": ("Marimba, xylophone", "Glockenspiel", "Vibraphone", "Mallet percussion"),
    "cello": ("Cello", "Double bass"),
    "harp": ("Harp", "Zither"),
    "dog": ("Dog", "Bark", "Bow-wow", "Yip", "Howl", "Growling", "Whimper (dog)"),
    "cat": ("Cat", "Meow", "Purr", "Hiss", "Caterwaul"),
    "bird": (
        "Bird", "Chirp, tweet", "Bird vocalization, bird call, bird song", "Crow", "Caw", "Squawk",
        "Pigeon, dove", "Coo", "Owl", "Hoot", "Duck", "Quack", "Goose", "Honk",
    ),
    "cow": ("Cattle, bovinae", "Moo"),
    "sheep": ("Sheep", "Bleat", "Goat"),
    "horse": ("Horse", "Clip-clop", "Neigh, whinny"),
    "rooster": ("Chicken, rooster", "Crowing, cock-a-doodle-doo", "Cluck", "Turkey", "Gobble"),
    "car": (
        "Car", "Car passing by", "Engine", "Vehicle", "Motor vehicle (road)", "Idling", "Bus", "Truck",
        "Accelerating, revving, vroom", "Traffic noise, roadway noise", "Race car, auto racing",
    ),
    "train": (
        "Train", "Rail transport", "Train horn", "Train whistle", "Train wheels squealing",
        "Railroad car, train wagon", "Subway, metro, underground",
    ),
    "motorcycle": ("Motorcycle",),
    "airplane": (
        "Aircraft", "Jet engine", "Fixed-wing aircraft, airplane", "Aircraft engine", "Propeller, airscrew",
    ),
    "helicopter": ("Helicopter",),
    "firetruck": (
        "Siren", "Police car (siren)", "Ambulance (siren)", "Fire engine, fire truck (siren)",
        "Emergency vehicle",
    ),
    "speaking": ("Speech", "Narration, monologue", "Conversation", "Child speech, kid speaking"),
    "babycry": ("Baby cry, infant cry", "Crying, sobbing"),
    "sneeze": ("Sneeze",),
    "typing": ("Typing", "Computer keyboard", "Typewriter"),
    "phone": ("Telephone", "Telephone bell ringing", "Ringtone"),
    "clock": ("Clock", "Tick", "Tick-tock"),
}


def audioset_rows(class_map: Path) -> list[list[int]]:
    """For each category, the rows of yamnet_class_map.csv that are a sound of it."""
    with class_map.open() as lines:
        rows = {row["display_name"]: int(row["index"]) for row in csv.DictReader(lines)}
    missing = [name for names in AUDIOSET.values() for name in names if name not in rows]
    if missing:
        raise ValueError(f"{class_map} has no {missing[0]!r}; is it YAMNet's class map?")
    return [[rows[name] for name in AUDIOSET[category]] for category in NAMES]
