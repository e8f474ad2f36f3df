import Annotations
import Evaluation
import Foundation
import Glibc
import Inference
import Media
import Synchronization

/// The process that touches videos: it reads requests line by line from standard input, works, and
/// answers on standard output.
///
/// A video that makes a C library crash, hang or eat memory takes this process with it and nothing
/// else; the supervisor notes how it died. The process ends by itself when its standard input
/// closes, so it never outlives its supervisor.
package struct WorkerChild: Sendable {
  /// Where models are found: one folder a model.
  private let models: ModelLibrary

  /// Threads for the numeric work of this process.
  private let threads: Int
  private let software: String

  /// - Parameters:
  ///   - models: Where models are found.
  ///   - threads: Threads for the numeric work of this process.
  ///   - software: Name and version of the program, for the record.
  package init(models: ModelLibrary, threads: Int, software: String) {
    self.models = models
    self.threads = threads
    self.software = software
  }

  /// Works until standard input closes. Call it from the main thread of a process of its own.
  ///
  /// The main thread only reads, so that the end of the supervisor is noticed at once, in the
  /// middle of a job too; the work is done on a second thread.
  package func run() {
    let handler = RequestHandler(models: models, threads: threads, software: software)
    let requests = DispatchQueue(label: "avu.work")
    while let line = readLine(strippingNewline: true) {
      requests.async { handler.answer(line) }
    }
    // Nobody is left to take an answer.
    _exit(0)
  }
}

/// Turns request lines into answers. Used by one thread at a time.
private final class RequestHandler: Sendable {
  private let models: ModelLibrary
  private let threads: Int
  private let software: String

  /// The model that was used last stays loaded: a collection is analysed with one model.
  private let loaded = Mutex<(sha256: String, analyzer: ClipAnalyzer)?>(nil)

  init(models: ModelLibrary, threads: Int, software: String) {
    self.models = models
    self.threads = threads
    self.software = software
  }

  func answer(_ line: String) {
    // Says that the request is taken up: from here on a death counts against it.
    send(.progress(0))
    do {
      switch try MessageLine.decode(WorkRequest.self, from: line) {
      case .infer(let payload):
        send(.prediction(try infer(payload)))
      case .evaluate(let prediction, let truth):
        send(.score(try ClipScorer.score(prediction, against: truth)))
      }
    } catch let failure as ClipFailure {
      send(.failure(message: failure.message, permanent: failure.isPermanent))
    } catch let error as WorkerError {
      send(.failure(message: "\(error)", permanent: error.isPermanent))
    } catch let error as MediaError {
      if case .serverAway = error { return send(.away(message: "\(error)")) }
      send(.failure(message: "\(error)", permanent: error.isPermanent))
    } catch {
      send(.failure(message: "\(error)", permanent: true))
    }
  }

  private func infer(_ payload: InferencePayload) throws -> Prediction {
    guard let location = MediaLocation(text: payload.location) else {
      throw WorkerError.corruptPayload(kind: "inference", reason: payload.location)
    }
    let analyzer = try analyzer(for: payload)
    var prediction = try location.withOpenPath(waiting: { send(.progress(0)) }) { path in
      do throws(InferenceError) {
        return try analyzer.predict(
          path: path, id: payload.clip, frameRate: payload.frameRate,
          progress: { send(.progress($0)) })
      } catch {
        throw ClipFailure(error, openPath: path, shown: location.shown)
      }
    }
    guard prediction.clip.sha256 == payload.sha256 else {
      throw WorkerError.changedSinceSubmit(path: location.shown)
    }
    prediction.run?.software = software
    return prediction
  }

  private func analyzer(for payload: InferencePayload) throws -> ClipAnalyzer {
    try loaded.withLock { loaded in
      if let loaded, loaded.sha256 == payload.modelSHA256 { return loaded.analyzer }
      let entry = try models.entry(named: payload.model, sha256: payload.modelSHA256)
      let analyzer = try ClipAnalyzer(
        modelDirectory: entry.directory, threads: threads, options: entry.options)
      loaded = (payload.modelSHA256, analyzer)
      return analyzer
    }
  }

  private func send(_ reply: WorkReply) {
    do {
      write(try MessageLine.encode(reply))
    } catch {
      // JSON has no infinite numbers; silence would look like a process that hangs.
      let failure = WorkReply.failure(
        message: "The result cannot be written as JSON: \(error).", permanent: true)
      if let line = try? MessageLine.encode(failure) { write(line) }
    }
  }

  private func write(_ line: [UInt8]) {
    line.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Glibc.write(
          STDOUT_FILENO, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
        // Without a reader the supervisor is gone, and standard input is about to close.
        guard count > 0 || errno == EINTR else { return }
        sent += max(0, count)
      }
    }
  }
}
