"""Words and sentences: token ids, the templates' words, and reading token ids back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from .categories import CATEGORIES

PAD, BOS, EOS = 0, 1, 2
SPECIAL: tuple[str, ...] = ("<pad>", "<bos>", "<eos>")
MAX_TOKENS = 34


def split_words(sentence: str) -> list[str]:
    """Lower-case words and full stops; the last is always a full stop, for a sentence ends with one."""
    words = re.findall(r"[a-z0-9]+(?:['-][a-z0-9]+)*|\.", sentence.lower())
    return words if not words or words[-1] == "." else [*words, "."]


@dataclass(frozen=True)
class Vocabulary:
    """One token a line of vocabulary.txt, the line number is the id; the special tokens come first."""

    words: tuple[str, ...]

    @property
    def full_stop(self) -> int:
        """The id of the full stop."""
        return self.words.index(".")

    def widened(self, sentences: Iterable[str]) -> Vocabulary:
        """With the words of `sentences` that are not in it yet, behind all others."""
        new = {word for sentence in sentences for word in split_words(sentence)} - set(self.words)
        return Vocabulary(self.words + tuple(sorted(new)))

    def encode(self, sentence: str) -> list[int]:
        """Token ids of a sentence: <bos> words <eos>, padded to MAX_TOKENS."""
        words = split_words(sentence)
        if len(words) > MAX_TOKENS - 2:
            words = [*words[: MAX_TOKENS - 3], "."]
        ids = [BOS, *(self.words.index(word) for word in words), EOS]
        return ids + [PAD] * (MAX_TOKENS - len(ids))

    def decode(self, ids: list[int]) -> str:
        """Text of token ids up to <eos>: sentences capitalised, none said twice; one cut before its end ends in “…”."""
        words = [self.words[token] for token in takewhile(lambda token: token != EOS, ids) if token > EOS]
        parts = [part.strip() for part in " ".join(words).split(".")]
        ends = dict.fromkeys(parts, "…") | dict.fromkeys(parts[:-1], ".")
        return " ".join(part[0].upper() + part[1:] + end for part, end in ends.items() if part)


def template_vocabulary() -> Vocabulary:
    """The words that the templates of composed scenes use."""
    words = set("the person is playing on left right in middle .".split())
    for category in CATEGORIES:
        words |= set(category.noun.split()) | set(category.verb.split())
    return Vocabulary(SPECIAL + tuple(sorted(words)))


VOCABULARY: Vocabulary = template_vocabulary()
