public import Foundation

/// Hypotheses and references by id: `{"references":{id:[…]},"hypotheses":{id:…}}`.
public struct CaptionFile: Decodable, Hashable, Sendable {
  /// For each id, the sentences that people wrote.
  public var references: [String: [String]]

  /// For each id, the sentence to score.
  public var hypotheses: [String: String]

  /// The order of the ids in the file; nil orders them by name.
  public var order: CaptionOrder?

  /// Puts sentences together.
  public init(references: [String: [String]], hypotheses: [String: String]) {
    self.references = references
    self.hypotheses = hypotheses
  }

  private enum CodingKeys: String, CodingKey { case references, hypotheses }

  /// Reads a document; a single sentence may stand for a list of one, and a list of one hypothesis
  /// for the sentence, as pycocoevalcap has it.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    references = try container.decode([String: Sentences].self, forKey: .references)
      .mapValues(\.all)
    hypotheses = try container.decode([String: Sentences].self, forKey: .hypotheses).mapValues {
      guard $0.all.count == 1 else {
        throw DecodingError.dataCorruptedError(
          forKey: .hypotheses, in: container, debugDescription: "an id has several hypotheses")
      }
      return $0.all[0]
    }
  }

  private struct Sentences: Decodable {
    let all: [String]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let one = try? container.decode(String.self) {
        all = [one]
      } else {
        all = try container.decode([String].self)
      }
    }
  }
}

/// Scores sentences without clips, for `avu metrics captions`.
public enum CaptionScoring {
  /// Reads a document of sentences.
  ///
  /// - Parameters:
  ///   - data: The file's content.
  ///   - file: What errors name.
  /// - Returns: The sentences.
  /// - Throws: ``EvaluationError/unreadable(file:reason:)``.
  public static func read(_ data: Data, file: String) throws(EvaluationError) -> CaptionFile {
    do {
      var captions = try JSONDecoder().decode(CaptionFile.self, from: data)
      captions.order = CaptionOrder(document: data)
      return captions
    } catch {
      throw .unreadable(
        file: file,
        reason: "it must be JSON such as {\"references\":{\"1\":[\"A dog barks.\"]},"
          + "\"hypotheses\":{\"1\":\"A dog is barking.\"}}, with one hypothesis for each id")
    }
  }

  /// Scores every id that has a hypothesis and a reference; the others are listed.
  ///
  /// - Parameters:
  ///   - captions: The sentences.
  ///   - file: What errors name.
  ///   - isStrict: Whether the first id that cannot be scored stops the scoring.
  ///   - summary: How to sum up.
  /// - Returns: A report whose clips are the ids, each with one sentence.
  /// - Throws: ``EvaluationError/nothingToScore(file:)``; if strict, also
  ///   ``EvaluationError/notScored(clip:reason:)``.
  public static func report(
    of captions: CaptionFile, file: String, isStrict: Bool = false,
    summary: MetricSummary = MetricSummary()
  ) throws(EvaluationError) -> MetricReport {
    var scores: [ClipScore] = []
    var unscored: [UnscoredClip] = []
    for id in Set(captions.references.keys).union(captions.hypotheses.keys).sorted() {
      let references = captions.references[id] ?? []
      if references.isEmpty {
        unscored.append(UnscoredClip(clip: id, reason: "it has no reference"))
      } else if let hypothesis = captions.hypotheses[id] {
        scores.append(score(id, hypothesis, references))
      } else {
        unscored.append(UnscoredClip(clip: id, reason: "it has no hypothesis"))
      }
    }
    if isStrict, let first = unscored.first {
      throw .notScored(clip: "The id “\(first.clip)” of \(file)", reason: first.reason)
    }
    if scores.isEmpty { throw .nothingToScore(file: file) }
    return sentencesOnly(summary.report(of: scores, unscored: unscored, order: captions.order))
  }

  private static func score(
    _ id: String, _ hypothesis: String, _ references: [String]
  ) -> ClipScore {
    let frame = FrameScore(
      time: 0, iou: nil, fScore: nil, truthSounding: true, predictedSounding: true,
      references: references, hypothesis: hypothesis)
    return ClipScore(clip: id, category: nil, frames: [frame])
  }

  /// Without the figure that only clips have.
  private static func sentencesOnly(_ report: MetricReport) -> MetricReport {
    var report = report
    report.overall.values["presence"] = nil
    report.byClip.remove("presence")
    return report
  }
}
