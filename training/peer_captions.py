"""Answers timing requests of `make bench` on standard input, one JSON line each, with pycocoevalcap.

{"run": name} → {"seconds", "sentences"}: BLEU, METEOR, ROUGE-L and CIDEr of a file of sentences, from
text to figures; each figure is a “sentence” such as "BLEU-1 0.25".
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.meteor.meteor import Meteor
from pycocoevalcap.rouge.rouge import Rouge
from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer

Sentences = dict[str, list[dict[str, str]]]


def figures(references: Sentences, hypotheses: Sentences) -> list[str]:
    """The corpus figures, as pycocoevalcap's own COCOEvalCap computes them (without SPICE)."""
    tokenizer = PTBTokenizer()
    truth, said = tokenizer.tokenize(references), tokenizer.tokenize(hypotheses)
    meteor = Meteor()
    try:
        bleu = Bleu(4).compute_score(truth, said, verbose=0)[0]
        rest = {
            "ROUGE-L": Rouge().compute_score(truth, said)[0],
            "METEOR": meteor.compute_score(truth, said)[0],
            "CIDEr": Cider().compute_score(truth, said)[0],
        }
    finally:
        meteor.meteor_p.kill()
        meteor.meteor_p.wait()
    named = {f"BLEU-{order}": score for order, score in enumerate(bleu, 1)} | rest
    return [f"{name} {float(score)!r}" for name, score in named.items()]


def main() -> None:
    """Reads the sentences, then answers one line for each line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, required=True)
    captions = json.loads(parser.parse_args().file.read_text())
    references = {key: [{"caption": text} for text in texts]
                  for key, texts in captions["references"].items()}
    hypotheses = {key: [{"caption": text}] for key, text in captions["hypotheses"].items()}
    print(json.dumps({"name": f"pycocoevalcap {version('pycocoevalcap')}"}), flush=True)
    for _ in sys.stdin:
        began = time.perf_counter()
        with contextlib.redirect_stdout(sys.stderr):
            found = figures(references, hypotheses)
        seconds = time.perf_counter() - began
        print(json.dumps({"seconds": seconds, "sentences": found}), flush=True)


if __name__ == "__main__":
    main()
