"""Words and sentences: token ids, the templates' words, and reading token ids back."""

from __future__ import annotations

import re

from .categories import CATEGORIES

PAD, BOS, EOS = 0, 1, 2
MAX_TOKENS = 34


def build_vocabulary() -> list[str]:
    """One token a line, the line number is the id; the three special tokens come first."""
    words = set("the person is playing on left right in middle .".split())
    for category in CATEGORIES:
        words |= set(category.noun.split()) | set(category.verb.split())
    return ["<pad>", "<bos>", "<eos>"] + sorted(words)


VOCABULARY: list[str] = build_vocabulary()
FULL_STOP: int = VOCABULARY.index(".")
_IDS: dict[str, int] = {word: index for index, word in enumerate(VOCABULARY)}


def encode(sentence: str) -> list[int]:
    """Token ids of a sentence: <bos> words <eos>, padded to MAX_TOKENS."""
    words = [_IDS[word] for word in re.findall(r"[a-z]+|\.", sentence.lower())]
    ids = [BOS, *words[: MAX_TOKENS - 2], EOS]
    return ids + [PAD] * (MAX_TOKENS - len(ids))


def decode(ids: list[int]) -> str:
    """Text of token ids up to <eos>: words joined by spaces, sentences capitalised."""
    words: list[str] = []
    for token in ids:
        if token == EOS:
            break
        if token > EOS:
            words.append(VOCABULARY[token])
    parts = [part.strip() for part in " ".join(words).split(".")]
    return " ".join(part[0].upper() + part[1:] + "." for part in parts if part)
