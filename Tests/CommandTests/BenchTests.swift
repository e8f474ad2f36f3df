import Foundation
import Subprocess
import SystemPackage
import Testing

struct BenchTests {
  private static let program = (Program.path as NSString).deletingLastPathComponent + "/avu-bench"

  private func bench(_ arguments: [String]) async throws -> (status: Bool, said: String) {
    let result = try await Subprocess.run(
      .path(FilePath(Self.program)), arguments: Arguments(["inference"] + arguments),
      workingDirectory: FilePath(Program.checkout), output: .string(limit: 1 << 20),
      error: .combinedWithOutput)
    return (result.terminationStatus.isSuccess, result.standardOutput)
  }

  @Test func `peers that are not installed are named, and ours is measured`() async throws {
    struct Report: Decodable {
      struct Statistic: Decodable {
        let median: Double
        let n: Int
      }
      struct Row: Decodable {
        let name: String
        let unit: String
        let threads: Int
        let ours: Statistic
        let ratio: Double?
      }
      let rows: [Row]
      let absent: [String]
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let result = try await bench([
      "--python", "/no/such/python", "--runs", "1", "--threads", "1", "--output", folder.path,
    ])
    #expect(result.status, "\(result.said)")
    #expect(result.said.contains("Absent: PyTorch") && result.said.contains("make bench-peers"))
    let report = try JSONDecoder().decode(
      Report.self, from: Data(contentsOf: folder.appending(path: "inference.json")))
    #expect(report.absent.count == 2)
    for row in report.rows { #expect(row.ours.median > 0 && row.ours.n == 1 && row.threads == 1) }
    // Nine clips and their mean, then large products beside OpenBLAS, which is always there.
    let (clips, products) = (report.rows.prefix(10), report.rows.dropFirst(10))
    #expect(clips.allSatisfy { $0.unit == "s" && $0.ratio == nil })
    #expect(products.count == 3)
    #expect(products.allSatisfy { $0.unit == "GFLOP/s" && $0.ratio != nil })
  }

  @Test func `a folder without clips is refused`() async throws {
    let result = try await bench(["--clips", "migrations"])
    #expect(!result.status)
    #expect(result.said.contains("migrations has no folder with a video.mp4"))
  }

  @Test func `the sentence metrics are measured, and a peer that is absent is named`() async throws
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let result = try await Subprocess.run(
      .path(FilePath(Self.program)),
      arguments: [
        "captions", "--sentences", "50", "--runs", "1", "--python", "/no/such/python", "--output",
        folder.path,
      ], workingDirectory: FilePath(Program.checkout), output: .string(limit: 1 << 20),
      error: .combinedWithOutput)
    #expect(result.terminationStatus.isSuccess, "\(result.standardOutput)")
    #expect(result.standardOutput.contains("Absent: pycocoevalcap: not installed"))
    let report = try String(contentsOf: folder.appending(path: "captions.json"), encoding: .utf8)
    #expect(report.contains("\"name\" : \"50 sentences\"") && report.contains("\"unit\" : \"s\""))
  }

  @Test func `the queue is measured on a server of its own, which is gone in the end`() async throws
  {
    struct Report: Decodable {
      struct Row: Decodable {
        struct Statistic: Decodable { let median: Double }
        let name: String
        let better: String
        let goal: Double?
        let ours: Statistic
      }
      let rows: [Row]
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let result = try await Subprocess.run(
      .path(FilePath(Self.program)),
      arguments: [
        "queue", "--backlog", "2000", "--largest", "1000", "--runs", "1", "--subject", "done",
        "--subject", "snapshot", "--subject", "bulk", "--subject", "claim", "--python",
        "/no/such/python", "--output", folder.path,
      ], workingDirectory: FilePath(Program.checkout), output: .string(limit: 1 << 20),
      error: .combinedWithOutput)
    #expect(result.terminationStatus.isSuccess, "\(result.standardOutput)")
    #expect(result.standardOutput.contains("Absent: pgqueuer: not installed"))
    let report = try JSONDecoder().decode(
      Report.self, from: Data(contentsOf: folder.appending(path: "queue.json")))
    #expect(report.rows.count == 5)
    #expect(report.rows[0].name == "done" && report.rows[0].goal == 60_000)
    #expect(report.rows.allSatisfy { $0.ours.median > 0 })
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["queue.json"])
  }
}
