"""How a sentence is chosen from the words' probabilities: beam search, of which greedy is a beam of one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from .vocabulary import BOS, EOS

WIDEST = 16


@dataclass(frozen=True)
class Decoding:
    """The part `decoding` of config.json.

    `beam` unfinished sentences are kept; at most `max_words` are said of a frame, full stops among them (None: as
    many as there are positions); `no_repeat_ngram` words in a row are not said twice in a sentence (0: no rule).
    """

    beam: int = 1
    max_words: int | None = None
    no_repeat_ngram: int = 0

    def checked(self, places: int) -> Decoding:
        """The same; refuses what cannot be for a model of so many words."""
        if not 1 <= self.beam <= WIDEST:
            raise ValueError(f"the beam is {self.beam}, and can be 1 to {WIDEST}")
        if self.max_words is not None and not 1 <= self.max_words <= places:
            raise ValueError(f"{self.max_words} words at most are asked for, and it can be 1 to {places}")
        if self.no_repeat_ngram and not 2 <= self.no_repeat_ngram <= places:
            raise ValueError(f"no_repeat_ngram is {self.no_repeat_ngram}, and can be 2 to {places}, or 0")
        return self


@dataclass(frozen=True)
class Hypothesis:
    """A beginning, or all, of what may be said: words after <bos>, and ln of its probability."""

    words: tuple[int, ...] = ()
    score: float = 0.0
    ended: bool = False


class BeamSearch:
    """The likeliest sentences about one frame, word by word.

    Sentences are whole: <eos> (like <pad> and <bos>) is possible only after a full stop, so never first. What has
    ended stays where it is as long as nothing likelier takes its place. In the end the likeliest that has ended
    is chosen, whatever its length: dividing by it was measured and is worse.
    """

    def __init__(self, decoding: Decoding, full_stop: int) -> None:
        self.decoding, self.full_stop = decoding, full_stop
        self.hypotheses = [Hypothesis()]

    def open(self) -> list[list[int]]:
        """<bos> and the words of each hypothesis that goes on."""
        return [[BOS, *h.words] for h in self.hypotheses if not h.ended]

    def best(self) -> list[int]:
        """The words that are chosen, without <eos>."""
        chosen = next((h for h in self.hypotheses if h.ended), self.hypotheses[0])
        return [word for word in chosen.words if word > EOS]

    def advance(self, logits: Tensor) -> None:
        """Makes one more word known: logits [hypotheses that go on, V]."""
        rows = iter(logits)
        candidates: list[Hypothesis] = []
        for hypothesis in self.hypotheses:
            candidates += [hypothesis] if hypothesis.ended else self._continued(hypothesis, next(rows))
        # Sorting keeps the order of equals.
        self.hypotheses = sorted(candidates, key=lambda h: -h.score)[: self.decoding.beam]

    def _continued(self, hypothesis: Hypothesis, logits: Tensor) -> list[Hypothesis]:
        scores = logits.log_softmax(-1)
        allowed = logits.clone()
        if not hypothesis.words or hypothesis.words[-1] != self.full_stop:
            allowed[: EOS + 1] = -torch.inf
        allowed[self._repetitions(hypothesis.words)] = -torch.inf
        words = allowed.sort(descending=True, stable=True).indices[: self.decoding.beam].tolist()
        return [
            replace(hypothesis, words=(*hypothesis.words, word), score=hypothesis.score + float(scores[word]),
                    ended=word == EOS)
            for word in words if allowed[word] > -torch.inf
        ]

    def _repetitions(self, words: tuple[int, ...]) -> list[int]:
        """Words that would say again what the sentence has said."""
        count = self.decoding.no_repeat_ngram
        start = len(words) - words[::-1].index(self.full_stop) if self.full_stop in words else 0
        sentence = words[start:]
        if not count or len(sentence) < count:
            return []
        last = sentence[len(sentence) - count + 1 :]
        return [sentence[i + count - 1] for i in range(len(sentence) - count + 1)
                if sentence[i : i + count - 1] == last]
