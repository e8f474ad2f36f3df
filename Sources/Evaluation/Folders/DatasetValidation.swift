import Annotations

/// Checks a data set on disk before anything is trained or scored with it.
public enum DatasetValidation {
  /// Finds all problems: documents and masks that are missing or cannot be read, masks that have
  /// not the frames' size or contradict the document, moments outside of the video, ids that are
  /// used twice, and categories and splits that do not fit `dataset.json`.
  ///
  /// - Parameters:
  ///   - dataset: The data set.
  ///   - progress: Called after each clip with the number of clips done and of all clips.
  /// - Returns: The problems, clip by clip; none when the data set is sound.
  public static func problems(
    of dataset: DatasetFolder, progress: (Int, Int) -> Void = { _, _ in }
  ) -> [DatasetProblem] {
    var problems: [DatasetProblem] = []
    var ids = UniqueIDs(of: dataset.clips)
    for (index, clip) in dataset.clips.enumerated() {
      let found = inspect(clip, at: index, dataset.description, &ids)
      problems += found.map { DatasetProblem(clip: clip.name, problem: $0) }
      progress(index + 1, dataset.clips.count)
    }
    return problems + splits(dataset.description, known: ids)
  }

  private static func inspect(
    _ clip: ClipFolder, at place: Int, _ description: DatasetDescription?, _ ids: inout UniqueIDs
  ) -> [String] {
    let truth: ClipTruth
    do {
      truth = try clip.annotation()
    } catch {
      return ["\(error)"]
    }
    var problems = ClipInspection(
      of: clip, truth: truth, maskSize: description?.maskSize,
      needsVideo: description?.hasVideos ?? true
    ).problems
    do {
      try ids.add(truth.id, at: place)
    } catch {
      problems.append("\(error)")
    }
    // Where nothing sounds, the category is a word for just that.
    if truth.sounding.contains(true), let category = truth.category,
      let known = description?.categories, !known.contains(category)
    {
      problems.append(
        "\(clip.annotationPath) names the category “\(category)”, which dataset.json does not list."
      )
    }
    return problems
  }

  private static func splits(
    _ description: DatasetDescription?, known: UniqueIDs
  ) -> [DatasetProblem] {
    var problems: [DatasetProblem] = []
    var first: [String: String] = [:]
    for (split, clips) in (description?.splits ?? [:]).sorted(by: { $0.key < $1.key }) {
      for clip in clips {
        if (try? ClipID(clip)).map(known.contains) != true {
          problems.append(
            problem("the split “\(split)” names the clip “\(clip)”, which is missing"))
        }
        if let other = first.updateValue(split, forKey: clip) {
          problems.append(problem("the clip “\(clip)” is in the splits “\(other)” and “\(split)”"))
        }
      }
    }
    return problems
  }

  private static func problem(_ words: String) -> DatasetProblem {
    DatasetProblem(clip: nil, problem: "dataset.json: \(words).")
  }
}
