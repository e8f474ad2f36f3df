import Annotations
import Foundation
import Postgres
import ResultStore
import TestSupport

/// Runs a test on a migrated schema of its own.
func onResults(_ body: (Results, Connection) async throws -> Void) async throws {
  try await TestDatabase.withSchema { target in
    let connection = try await Connection.connect(to: target)
    try await body(Results(on: connection), connection)
    await connection.close()
  }
}

/// 64 hexadecimal digits that stand for a file's content.
func hash(_ number: Int) -> String {
  let digits = String(number, radix: 16)
  return String(repeating: "0", count: 64 - digits.count) + digits
}

func id(_ name: String) -> ClipID { ClipID(fileName: name) }

func clip(_ name: String, content: Int, at location: String? = nil) -> NewClip {
  NewClip(
    id: id(name), sha256: hash(content), bytes: 1000, location: location ?? "/videos/\(name).mp4")
}

let mask = RunLengthMask(BinaryMask(width: 2, height: 2, pixels: [0, 1, 1, 0]))

func prediction(_ name: String, content: Int, model: Int = 9, caption: String = "a bird sings")
  -> Prediction
{
  Prediction(
    clip: .init(
      id: id(name), sha256: hash(content), duration: 1.5, fps: 25, width: 2, height: 2),
    model: .init(name: "avuformer-lite", sha256: hash(model), task: "ssu"),
    frames: [
      .init(
        index: 0, time: 0.1, sounding: true, score: 0.1 + 0.2, mask: mask, caption: caption,
        category: "bird", objects: [.init(category: "bird", score: 0.5, mask: mask)])
    ],
    timings: .init(decodeSeconds: 0.1, modelSeconds: 0.2, totalSeconds: 0.3))
}

func truth(_ name: String, caption: String = "a bird") -> ClipTruth {
  ClipTruth(
    id: id(name), source: "test", category: "bird", frameTimes: [0.1], sounding: [true],
    captions: [[caption, "the bird"]], masks: [mask], notes: "“odd” \\ 漢")
}
