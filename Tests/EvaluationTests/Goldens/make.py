"""Writes the golden files beside it; see README.md."""

import json
import os

import masks
import sentences

HERE = os.path.dirname(os.path.abspath(__file__))
SENTENCES = f"{HERE}/../../SentenceMetricsTests/Goldens"
GOLDENS = [
    (HERE, "captions", sentences.captions), (HERE, "corpora", sentences.corpora),
    (SENTENCES, "tokens", sentences.tokens), (SENTENCES, "stems", sentences.stems),
    (HERE, "masks", masks.masks), (HERE, "stored-masks", masks.stored_masks), (HERE, "semantic", masks.semantic)]
for folder, file, content in GOLDENS:
    text = json.dumps(content(), indent=None if file in ("corpora", "semantic") else 1, ensure_ascii=False)
    with open(f"{folder}/{file}.json", "w", encoding="utf-8") as output:
        output.write(text + "\n")
