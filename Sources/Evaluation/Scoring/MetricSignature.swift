import SentenceMetrics

/// What a figure means, in words that are stored beside it.
enum MetricSignature {
  /// The conventions of all figures of a report.
  ///
  /// - Parameters:
  ///   - summary: How the report is summed up.
  ///   - hasClasses: Whether it has the means over all classes.
  /// - Returns: Sentences by figure or aspect.
  static func signature(of summary: MetricSummary, hasClasses: Bool = false) -> [String: String] {
    let batches =
      "\(summary.clipsPerBatch) clip\(summary.clipsPerBatch == 1 ? "" : "s, by id,") a batch"
    let frames = "all annotated frames; mean over a clip's frames, then over clips"
    let masks = [
      "version": "avu-metrics-3",
      "mIoU":
        "AVSBench M_J: |P∩T|/(|P∪T|+1e-7), on empty truth the share of pixels left empty; mean over "
        + "a clip's frames, then over clips",
      "mIoU-sounding": "mIoU over the frames where something sounds",
      "F-score":
        "beta2=0.3 of the stored binary mask (no threshold sweep, unlike AVSBench's M_F); frames "
        + "with empty truth skipped; mean over a clip's frames, then over clips",
      MetricName.batchIoU: "AVSBench M_J: mean over batches, \(batches)",
      MetricName.batchF:
        "AVSBench M_F: best of 255 thresholds in each batch, \(batches); predictions are stored as "
        + "masks, so the curve has two values: the whole frame and the mask; a batch of empty truth "
        + "counts 0",
      "DAVIS-J": "DAVIS 2017 region similarity: IoU, 1 when both are empty; \(frames)",
      "DAVIS-F":
        "DAVIS 2017 boundary accuracy: tolerance 0.8 % of the diagonal, 1 when both are empty; "
        + frames,
      "DAVIS-J&F": "mean of DAVIS-J and DAVIS-F",
      "presence": "share of frames whose sounding yes/no is right",
      MetricName.silence:
        "share of frames without a visible source, off-screen ones apart, in which none is predicted; "
        + "where audible is not annotated, such frames count as silent",
      MetricName.offScreen:
        "share of frames annotated as audible without a visible source in which none is predicted",
      MetricName.classIoU:
        "AVSBench-semantic: IoU of a class, mean over the annotated frames in which truth or "
        + "prediction has it, then over the classes that occur, background too (AVSBench's code counts "
        + "classes that never occur as 0, and the frames of class 0 by which its loader pads clips of 5 "
        + "seconds to 10; such padding frames have no part here)",
      MetricName.classF: "beta2=0.3, 0 without a common pixel; means as of mIoU-classes",
      "median": "of the clips' own figures",
      "wilson95": "Wilson's interval of a rate, frames taken for independent",
      "frames": "prediction nearest in time within half a step of the annotation",
      "resize": "predicted mask to the true mask's size, nearest neighbour",
      "ci95":
        "percentile bootstrap over clips, \(summary.bootstrap.resamples) resamples, seed "
        + "\(summary.bootstrap.seed)",
    ]
    return masks.merging(sentences(summary.meteor)) { first, _ in first }
      .merging(hasClasses ? allClasses(summary.classes) : [:]) { first, _ in first }
  }

  private static func allClasses(_ names: [String]) -> [String: String] {
    let classes = ClassList(names, found: names)?.names ?? []
    let all =
      "AVSBench-semantic's test: mean over all \(classes.count) classes that dataset.json lists, those "
      + "that never occur as 0; the padding frames of AVSBench's loader have no part"
    let allButLast =
      all + "; without the last class, “\(classes.last ?? "")”, as AVSBench's code leaves it out"
    let names = MetricName.allClasses
    return [names[0]: all, names[1]: all, names[2]: allButLast, names[3]: allButLast]
  }

  private static func sentences(_ meteor: MeteorResources) -> [String: String] {
    [
      "sentences":
        "frames where something sounds and a reference exists; an empty hypothesis counts",
      "tokenizer":
        "as pycocoevalcap 1.2 (PTB, lower case, punctuation dropped; sentences by clip and time, or as "
        + "their file has them, are one text); a line break in a sentence is a space",
      "BLEU": "as pycocoevalcap 1.2, closest reference length, corpus counts",
      "ROUGE-L": "as pycocoevalcap 1.2, beta=1.2, mean over sentences",
      "CIDEr": "CIDEr-D as pycocoevalcap 1.2, document frequencies of the whole set",
      meteor.name: words(meteor),
    ]
  }

  private static func words(_ meteor: MeteorResources) -> String {
    switch meteor {
    case .complete:
      "METEOR 1.5 as pycocoevalcap 1.2 (English, rank, -norm; exact, stem, synonym, paraphrase) with "
        + "its own data; corpus counts"
    case .wordNet: formula("exact, stem, WordNet synonym")
    case .none: formula("exact, stem")
    }
  }

  private static func formula(_ modules: String) -> String {
    "METEOR 1.5 formula (rank, -norm), modules \(modules); no paraphrases, function words by word "
      + "class; corpus counts; not comparable with METEOR"
  }
}
