"""Reference values of masks, by numpy restatements of AVSBench's and DAVIS's formulas; see README.md."""

import numpy as np


def masks():
    generator = np.random.default_rng(2603)
    batches = []
    for name, empty in [("sounding", []), ("one silent", [1]), ("all silent", [0, 1, 2])]:
        truth = (generator.random((3, 5, 6)) < 0.4).astype(np.uint8)
        truth[empty] = 0
        logits = np.round(generator.normal(size=(3, 5, 6)) + truth, 3).astype(np.float32)
        batches.append({"name": name, "height": 5, "width": 6,
                        "logits": [frame.ravel().astype(float).round(3).tolist() for frame in logits],
                        "truths": [frame.ravel().tolist() for frame in truth],
                        "meanIoU": mean_iou(logits, truth), "bestFScore": best_f(logits, truth)})
    return batches


def sigmoid(logits):
    return (1 / (1 + np.exp(-logits.astype(np.float64)))).astype(np.float32)


def mean_iou(logits, truth):
    values = []
    for s, y in zip(sigmoid(logits), truth):
        p = s > 0.5
        if y.sum() == 0:
            values.append((p == 0).sum() / (y.size + 1e-7))
        else:
            values.append((p * y).sum() / (np.maximum(p, y).sum() + 1e-7))
    return float(np.mean(values))


def best_f(logits, truth):
    curves = []
    for s, y in zip(sigmoid(logits), truth):
        if y.sum() == 0:
            continue
        curves.append(curve_of(s, y))
    return float(np.mean(curves, axis=0).max()) if curves else 0.0


def curve_of(s, y):
    curve = []
    for threshold in np.linspace(0, 1 - 1e-10, 255).astype(np.float32):
        chosen = s >= threshold
        matched = (chosen * y).sum()
        precision = matched / (chosen.sum() + 1e-20)
        recall = matched / (y.sum() + 1e-20)
        bottom = 0.3 * precision + recall
        curve.append(1.3 * precision * recall / bottom if bottom > 0 else 0)
    return curve


def stored_masks():
    """AVSBench's figures of batches of clips of stored masks, and DAVIS's of each frame."""
    generator = np.random.default_rng(2604)
    clips = []
    for clip in range(5):
        height, width = [(9, 12), (40, 30), (64, 96), (7, 7), (50, 130)][clip]
        frames = []
        for frame in range(3):
            rows, columns = np.mgrid[:height, :width]
            row, column = generator.random() * height, generator.random() * width
            radius = (0.1 + 0.4 * generator.random()) * min(height, width)
            truth = ((rows - row) ** 2 + (columns - column) ** 2 < radius ** 2).astype(np.uint8)
            truth[:] *= not (clip == 3 or frame == 1 and clip == 1)
            shift = generator.integers(-3, 4, 2)
            guess = np.roll(truth, shift, (0, 1)) ^ (generator.random((height, width)) < 0.01)
            guess = guess.astype(np.uint8) * (frame != 2 or clip != 0)
            frames.append((guess, truth))
        clips.append(frames)
    # AVSBench resizes all frames of a batch to one size; here each frame is scored in its own.
    logits = [[(np.where(g, 500, -500)[None], t[None]) for g, t in frames] for frames in clips]
    result = {"clips": [[{"height": t.shape[0], "width": t.shape[1], "guess": packed(g),
                          "truth": packed(t), "region": region(g, t),
                          "boundary": boundary(g, t)} for g, t in frames] for frames in clips]}
    for size in [1, 2, 5]:
        batches = [sum(logits[i:i + size], []) for i in range(0, len(logits), size)]
        result[f"meanIoU{size}"] = float(np.mean([np.mean([mean_iou(*f) for f in b]) for b in batches]))
        result[f"bestFScore{size}"] = float(np.mean([best_f_of([f for f in b]) for b in batches]))
    return result


def semantic():
    """AVSBench-semantic's figures of clips of label maps, class 0 being what is no object."""
    generator = np.random.default_rng(2605)
    classes, height, width = 6, 12, 16
    clips = []
    for clip, seconds in enumerate([5, 10, 5, 1]):
        frames = []
        for second in range(seconds):
            maps = []
            for _ in range(2):
                labels = np.zeros((height, width), np.uint8)
                for number in generator.choice(classes - 2, generator.integers(0, 3), replace=False) + 1:
                    top, left = generator.integers(0, height - 4), generator.integers(0, width - 5)
                    labels[top:top + generator.integers(2, 8), left:left + generator.integers(2, 9)] = number
                maps.append(labels)
            guess, truth = maps
            if generator.random() < 0.6:
                guess = np.roll(truth, generator.integers(-2, 3, 2), (0, 1))
            if clip == 2 and second == 0:
                guess, truth = guess * 0, truth * 0
            frames.append((guess, truth))
        clips.append(frames)
    ious, fscores, counts = np.zeros(classes), np.zeros(classes), np.zeros(classes)
    for guess, truth in sum(clips, []):
        for number in range(classes):
            own, real = guess == number, truth == number
            both, either = (own & real).sum(), (own | real).sum()
            ious[number] += both / (2.220446049250313e-16 + either)
            counts[number] += either > 0
            if both > 0:
                precision, recall = both / own.sum(), both / real.sum()
                fscores[number] += 1.3 * precision * recall / (0.3 * precision + recall)
    seen = counts > 0
    # What AVSBench's test prints: classes that never occur are 0, and the last one is called background.
    everywhere = [np.nan_to_num(sums / np.where(seen, counts, np.nan)) for sums in (ious, fscores)]
    return {"clips": [[{"guess": g.tolist(), "truth": t.tolist()} for g, t in frames] for frames in clips],
            "frames": counts.astype(int).tolist(),
            "iou": (ious[seen] / counts[seen]).tolist(), "fScore": (fscores[seen] / counts[seen]).tolist(),
            "meanIoU": float(np.mean(ious[seen] / counts[seen])),
            "meanFScore": float(np.mean(fscores[seen] / counts[seen])),
            "allClasses": [float(figures[:end].mean()) for end in (None, -1) for figures in everywhere]}


def packed(mask):
    return np.packbits(mask).tobytes().hex()


def best_f_of(frames):
    curves = [curve_of(sigmoid(s[0]), y[0]) for s, y in frames if y.sum() > 0]
    return float(np.mean(curves, axis=0).max()) if curves else 0.0


def region(guess, truth):
    union = (guess | truth).sum()
    return 1.0 if union == 0 else float((guess & truth).sum() / union)


def boundary(guess, truth):
    radius = int(np.ceil(0.008 * np.linalg.norm(truth.shape)))
    first, second = edges(guess), edges(truth)
    if not first.any() or not second.any():
        return float(first.any() == second.any())
    precision = (first & dilated(second, radius)).sum() / first.sum()
    recall = (second & dilated(first, radius)).sum() / second.sum()
    return 0.0 if precision + recall == 0 else float(2 * precision * recall / (precision + recall))


def edges(mask):
    padded = np.pad(mask, ((0, 1), (0, 1)), mode="edge")
    return ((mask != padded[:-1, 1:]) | (mask != padded[1:, :-1]) | (mask != padded[1:, 1:]))


def dilated(mask, radius):
    result = np.zeros_like(mask)
    for row, column in np.argwhere(mask):
        rows, columns = np.ogrid[:mask.shape[0], :mask.shape[1]]
        result |= (rows - row) ** 2 + (columns - column) ** 2 <= radius ** 2
    return result
