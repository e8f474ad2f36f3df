import Annotations
import Foundation

/// Builds the pages of a collection's clips, several at a time, and hands what it learnt of them on
/// in the collection's order.
struct CollectionBuild {
  /// Clips that are read and built together.
  private static let batch = 32

  let collection: CollectionSnapshot
  /// The collection's folder, from the site's.
  let path: String
  let builder: ClipBuilder
  let source: any ClipReportSource
  let threads: BuildThreads
  let progress: @Sendable (ClipID) -> Void

  /// A clip whose files are there.
  struct Built {
    let entry: ClipEntry
    /// Its line of the manifest; empty when nothing is known to take it over by.
    let line: [UInt8]
  }

  /// Builds all clips.
  ///
  /// - Parameter take: Gets the clips in order, some at a time.
  /// - Throws: ``SiteError``; what the source or `take` throws.
  func run(_ take: ([Built]) throws -> Void) async throws {
    let names = addresses()
    try SiteFile.makeFolder(builder.folder.newPath(path + "/clips"))
    let shared = sharedInputs()
    var finished: [Int: Batch] = [:]
    var next = 0
    try await withThrowingTaskGroup(of: (Int, Batch).self) { group in
      func collect() async throws {
        guard let (number, batch) = try await group.next() else { return }
        finished[number] = batch
        while let batch = finished.removeValue(forKey: next) {
          try take(batch)
          next += 1
        }
      }
      for (number, first) in stride(from: 0, to: names.count, by: Self.batch).enumerated() {
        if number > builder.options.jobs { try await collect() }
        let places = (first..<min(names.count, first + Self.batch)).map {
          place($0, names, shared)
        }
        group.addTask(executorPreference: threads) { (number, try await build(places)) }
      }
      while !group.isEmpty { try await collect() }
    }
    if builder.folder.isResumed { try removeOthers(than: Set(names)) }
  }

  private typealias Batch = [Built]

  private func build(_ places: [ClipPlace]) async throws -> Batch {
    var batch = try places.map { place in
      try Task.checkCancellation()
      return try builder.takenOver(place)
    }
    let missing = places.indices.filter { batch[$0] == nil }
    for index in places.indices where batch[index] != nil { progress(places[index].clip) }
    guard !missing.isEmpty else { return batch.compactMap(\.self) }
    let reports = try await source.reports(
      of: missing.map { places[$0].clip }, in: collection.name)
    for (index, report) in zip(missing, reports) {
      try Task.checkCancellation()
      batch[index] = try builder.built(report, at: places[index])
      progress(places[index].clip)
    }
    return batch.compactMap(\.self)
  }

  // MARK: Places

  private func addresses() -> [String] {
    var addresses = PageAddress()
    return collection.clips.map { addresses.name(for: $0.text) }
  }

  /// A hash of what the pages of all clips depend on.
  private func sharedInputs() -> String {
    Digest.text(
      of: ["\(ClipBuilder.version)", builder.templates.digest, collection.name, path]
        + builder.options.inputs + builder.frames.inputs)
  }

  private func place(_ index: Int, _ names: [String], _ shared: String) -> ClipPlace {
    let link = { (near: Int) in
      names.indices.contains(near)
        ? ClipPage.Link(
          id: collection.clips[near].text, address: "../\(names[near])/index.html") : nil
    }
    let (previous, next) = (link(index - 1), link(index + 1))
    let clip = collection.clips[index]
    let inputs = collection.revisions.map {
      Digest.text(of: [
        shared, $0[index], previous?.id ?? "", previous?.address ?? "", next?.id ?? "",
        next?.address ?? "", names[index],
      ])
    }
    return ClipPlace(
      clip: clip, collection: collection.name, folder: "\(path)/clips/\(names[index])",
      address: "clips/" + names[index], neighbours: (previous, next),
      key: Digest.text(of: [collection.name, clip.text]), inputs: inputs)
  }

  /// Removes what an interrupted build made of clips that are gone since.
  private func removeOthers(than names: Set<String>) throws {
    let folder = builder.folder.newPath(path + "/clips")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where !names.contains(name) {
      try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}
