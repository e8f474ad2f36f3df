import Annotations
import Foundation
import Testing

/// Videos in at one end, a site out at the other, by the program itself.
@Suite(.serialized) struct MainJobTests {
  @Test(.timeLimit(.minutes(5)))
  func `The samples are analysed, scored and reported, once`() async throws {
    try await Home.with { home in
      let samples = Program.checkout + "/samples"
      let submitted = try await home.run(
        "submit", samples, "--collection", "samples", "--truth", samples, "--json")
      #expect(submitted.status == 0, "\(submitted.error)")
      let worked = try await home.run("work", "--drain")
      #expect(worked.status == 0, "\(worked.error)")
      let site = home.file("site")
      let built = try await home.run("report", "build", "--output", site)
      #expect(built.status == 0, "\(built.error)")
      let data = try Data(
        contentsOf: URL(fileURLWithPath: site + "/collections/samples/index.json"))
      let page = try JSONDecoder().decode(CollectionPage.self, from: data)
      #expect(page.clips.count >= 6)
      #expect(page.clips.allSatisfy { $0.state == "done" })
      // Far below what the shipped model reaches, far above what no model would.
      #expect(page.report.iou.value > 0.7)
      #expect(page.report.bleu.value > 0.7)

      let again = try await home.run(
        "submit", samples, "--collection", "samples", "--truth", samples, "--json")
      let counts = try JSONDecoder().decode(Submitted.self, from: Data(again.output.utf8))
      #expect(counts == Submitted(newClips: 0, inferenceJobs: 0, evaluationJobs: 0))
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `A clip alone gives the same as the queue, with masks and an overlay`() async throws {
    try await Home.with { home in
      let video = Program.checkout + "/samples/dog-then-pigeon/video.mp4"
      let output = home.file("results")
      let result = try await home.run("infer", video, "--output", output, "--overlay")
      #expect(result.status == 0, "\(result.error)")
      let folder = output + "/dog-then-pigeon"
      let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/prediction.json"))
      let prediction = try AnnotationDocument.prediction(from: data, file: "prediction.json")
      #expect(prediction.frames.count == 6)
      #expect(prediction.frames[0].caption == "The dog is barking.")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/masks").sorted()
      #expect(names == (0..<6).map { "0000\($0).png" })
      #expect(FileManager.default.fileExists(atPath: folder + "/overlay.mp4"))
      let scored = try await home.run(
        "evaluate", "--truth", Program.checkout + "/samples", "--predictions", output, "--json")
      #expect(scored.status == 3)
      #expect(try MetricDocument(scored.output).n.clips == 1)
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `Other sentences are another model's, and stand beside its own`() async throws {
    try await Home.with { home in
      let video = Program.checkout + "/samples/dog-then-pigeon/video.mp4"
      let arguments = ["submit", video, "--collection", "c", "--json"]
      func submit(_ options: String...) async throws -> Int {
        let result = try await Program.run(arguments + options, environment: home.environment)
        #expect(result.status == 0, "\(result.error)")
        return try JSONDecoder().decode(Submitted.self, from: Data(result.output.utf8))
          .inferenceJobs
      }
      #expect(try await submit() == 1)
      #expect(try await submit("--beam", "3", "--max-words", "3") == 1)
      // What the model does by itself is no option.
      #expect(try await submit("--beam", "1") == 0)
      let worked = try await home.run("work", "--drain", "--json")
      #expect(worked.status == 0 && worked.output.contains(#""done" : 2"#), "\(worked)")
      #expect(try await submit("--model", "avuformer-lite+words3+beam3") == 0)
      for (model, caption) in [
        ("avuformer-lite", "The dog is barking."), ("avuformer-lite+beam3+words3", "The dog is…"),
      ] {
        let site = home.file("site-" + model)
        let built = try await home.run("report", "build", "--output", site, "--model", model)
        #expect(built.status == 0, "\(built.error)")
        let data = try Data(
          contentsOf: URL(
            fileURLWithPath: site + "/collections/c/clips/dog-then-pigeon/index.json"))
        #expect(String(decoding: data, as: UTF8.self).contains(caption), "\(model)")
      }
      for wrong in [
        ["--beam", "17"], ["--max-words", "0"], ["--model", "avuformer-lite+beams4"],
      ] {
        let result = try await Program.run(arguments + wrong, environment: home.environment)
        #expect(result.status == 2 && !result.error.isEmpty, "\(wrong)")
      }
    }
  }

  @Test func `Ground truth is never overwritten`() async throws {
    try await Home.with { home in
      let folder = home.file("results/dog-then-pigeon")
      try FileManager.default.createDirectory(
        atPath: folder + "/masks", withIntermediateDirectories: true)
      try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/annotation.json"))
      let result = try await home.run(
        "infer", Program.checkout + "/samples/dog-then-pigeon/video.mp4", "--output",
        home.file("results"))
      #expect(result.status == 2)
      #expect(result.error.contains("holds ground truth"))
      #expect(FileManager.default.fileExists(atPath: folder + "/masks"))
    }
  }

  private struct Submitted: Decodable, Equatable {
    let newClips: Int
    let inferenceJobs: Int
    let evaluationJobs: Int

    enum CodingKeys: String, CodingKey {
      case newClips = "new_clips"
      case inferenceJobs = "inference_jobs"
      case evaluationJobs = "evaluation_jobs"
    }
  }

  private struct CollectionPage: Decodable {
    struct Clip: Decodable { let state: String }
    struct Figure: Decodable { let value: Double }
    struct Report: Decodable {
      let iou: Figure
      let bleu: Figure

      enum CodingKeys: String, CodingKey {
        case iou = "mIoU"
        case bleu = "BLEU-1"
      }
    }
    let report: Report
    let clips: [Clip]
  }
}
