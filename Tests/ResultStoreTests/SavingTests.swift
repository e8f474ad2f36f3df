import Annotations
import Foundation
import Postgres
import ResultStore
import Testing
import TestSupport

@Suite struct SavingTests {
  @Test func `documents come back as they were saved`() async throws {
    try await onResults { results, _ in
      _ = try await results.register([clip("a", content: 1)], in: "c")
      let said = prediction("a", content: 1, caption: "ü \"quoted\" \\ </script> 🎻")
      let isNew = try await results.save(said, host: "box", job: 7)
      #expect(isNew)
      try await results.save([truth("a")], in: "c")
      try await results.save(score: #"{"clip": "a"}"#, of: id("a"), in: "c", model: hash(9))
      let record = try await results.record(of: id("a"), in: "c")
      #expect(record.prediction == said)
      #expect(record.truth == truth("a"))
      #expect(record.score == #"{"clip": "a"}"#)
      #expect(record.origin?.host == "box")
      #expect(record.origin?.job == 7)
      let counts = try await results.collections()[0]
      #expect(counts.predicted == 1 && counts.withTruth == 1 && counts.scored == 1)
    }
  }

  @Test func `there is exactly one prediction of a model for a video`() async throws {
    try await TestDatabase.withSchema { target in
      let connection = try await Connection.connect(to: target)
      let results = Results(on: connection)
      _ = try await results.register([clip("a", content: 1)], in: "c")
      let new = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<6 {
          group.addTask {
            let own = try await Connection.connect(to: target)
            let said = prediction("a", content: 1, caption: "answer \(number)")
            let isNew = try await Results(on: own).save(said, host: "box\(number)")
            await own.close()
            return isNew
          }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(new == 1)
      let other = try await results.save(prediction("a", content: 1, model: 10), host: "box")
      #expect(other)
      await connection.close()
    }
  }

  @Test func `a result and its transaction are kept or lost together`() async throws {
    struct Stop: Error {}
    try await onResults { results, connection in
      _ = try await results.register([clip("a", content: 1)], in: "c")
      try? await connection.transaction { transaction in
        _ = try await Results(on: transaction).save(prediction("a", content: 1), host: "box")
        throw Stop()
      }
      let lost = try await results.record(of: id("a"), in: "c")
      #expect(lost.prediction == nil)
    }
  }

  @Test func `a prediction is shared by all clips of its video under their own names`()
    async throws
  {
    try await onResults { results, _ in
      _ = try await results.register([clip("a", content: 1)], in: "one")
      _ = try await results.register([clip("b", content: 1)], in: "two")
      _ = try await results.save(prediction("a", content: 1), host: "box")
      let record = try await results.record(of: id("b"), in: "two")
      #expect(record.prediction?.clip.id == id("b"))
    }
  }

  @Test func `what is not registered is named`() async throws {
    try await onResults { results, _ in
      await #expect(throws: ResultStoreError.unknownVideo(sha256: hash(5))) {
        try await results.save(prediction("a", content: 5), host: "box")
      }
      _ = try await results.register([clip("a", content: 1)], in: "c")
      await #expect(throws: ResultStoreError.unknownClip(collection: "c", clip: "b")) {
        try await results.save([truth("a"), truth("b")], in: "c")
      }
      let record = try await results.record(of: id("a"), in: "c")
      #expect(record.truth == nil)
      await #expect(throws: ResultStoreError.unknownModel(sha256: hash(9))) {
        try await results.save(score: "{}", of: id("a"), in: "c", model: hash(9))
      }
      await #expect(throws: ResultStoreError.unknownClip(collection: "c", clip: "z")) {
        try await results.record(of: id("z"), in: "c")
      }
    }
  }

  @Test func `another truth drops the score, the same truth does not`() async throws {
    try await onResults { results, _ in
      _ = try await results.register([clip("a", content: 1)], in: "c")
      _ = try await results.save(prediction("a", content: 1), host: "box")
      try await results.save([truth("a")], in: "c")
      try await results.save(score: "{}", of: id("a"), in: "c", model: hash(9))
      try await results.save([truth("a")], in: "c")
      let kept = try await results.scores(in: "c")
      #expect(kept.map(\.clip) == [id("a")])
      try await results.save([truth("a", caption: "a crow")], in: "c")
      let dropped = try await results.scores(in: "c")
      #expect(dropped.isEmpty)
    }
  }

  @Test func `a model is chosen by its hash, else the latest`() async throws {
    try await onResults { results, _ in
      _ = try await results.register([clip("a", content: 1)], in: "c")
      _ = try await results.save(prediction("a", content: 1, model: 10, caption: "old"), host: "x")
      _ = try await results.save(prediction("a", content: 1, model: 11, caption: "new"), host: "x")
      let latest = try await results.record(of: id("a"), in: "c")
      #expect(latest.prediction?.frames[0].caption == "new")
      let chosen = try await results.record(of: id("a"), in: "c", model: hash(10))
      #expect(chosen.prediction?.frames[0].caption == "old")
      let none = try await results.clips(in: "c", model: hash(12))
      #expect(none.map(\.hasPrediction) == [false])
    }
  }

  @Test func `a report reads one state while work goes on`() async throws {
    try await TestDatabase.withSchema { target in
      let reader = try await Connection.connect(to: target)
      let writer = try await Connection.connect(to: target)
      let results = Results(on: writer)
      _ = try await results.register([clip("a", content: 1)], in: "c")
      try await reader.transaction(.snapshot) { snapshot in
        let before = try await Results(on: snapshot).collections()
        #expect(before[0].predicted == 0)
        _ = try await results.save(prediction("a", content: 1), host: "box")
        let record = try await Results(on: snapshot).record(of: id("a"), in: "c")
        #expect(record.prediction == nil)
      }
      await reader.close()
      await writer.close()
    }
  }

  @Test func `a document of a newer program is named, not taken for something else`()
    async throws
  {
    try await onResults { results, connection in
      _ = try await results.register([clip("a", content: 1)], in: "c")
      _ = try await results.save(prediction("a", content: 1), host: "box")
      try await connection.execute("UPDATE prediction SET document = '{\"format\": 2}'")
      let error = await #expect(throws: ResultStoreError.self) {
        try await results.record(of: id("a"), in: "c")
      }
      #expect(error?.description.contains("prediction") == true)
    }
  }
}
