import ArgumentParser
import Datasets
import Evaluation
import Foundation

extension DatasetCommand {
  /// Turns other formats into clip folders and predictions.
  struct Import: ParsableCommand {
    /// What can be imported.
    enum Format: String, CaseIterable, ExpressibleByArgument {
      case avsbenchS4 = "avsbench-s4"
      case avsbenchMS3 = "avsbench-ms3"
      case avsbenchAVSS = "avsbench-avss"
      case cocoResults = "coco-results"
    }

    static let configuration = CommandConfiguration(
      commandName: "import", abstract: "Turn other formats into clip folders or predictions.",
      discussion: """
        avsbench-s4 and avsbench-ms3 take the folder with s4_meta_data.csv or ms3_meta_data.csv and \
        write clip folders; masks keep their size, which dataset.json notes. avsbench-avss \
        (AVSBench-semantic) takes the folder with metadata.csv and label2idx.json: each class of a \
        label map becomes an object, and there are no videos. coco-results takes \
        files of results (masks as run lengths, sentences, or both) and writes predictions; --images \
        is the instances.json or captions.json that the numbers of pictures are from. Entries that \
        cannot be taken are listed, and the exit status is 3. What is there already stays.

        EXAMPLES:
          avu dataset import avsbench-s4 avsbench_data/Single-source --output s4
          avu dataset import avsbench-avss AVSBench_semantic --output avss
          avu dataset export coco data --output coco
          avu dataset import coco-results masks.json --images instances.json --output predictions
        """)

    @Argument(
      help: "The format: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format: Format

    @Argument(help: ArgumentHelp("The folder, or files of results.", valueName: "path"))
    var paths: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write.", valueName: "dir"))
    var output: String

    @Option(help: ArgumentHelp("The list of pictures of coco-results.", valueName: "file"))
    var images: String?

    @Option(help: ArgumentHelp("From which score a mask of coco-results counts.", valueName: "s"))
    var threshold: Double?

    @Option(help: ArgumentHelp("Who made the coco-results.", valueName: "name"))
    var model: String?

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    func validate() throws {
      if format == .cocoResults {
        if images == nil { throw ValidationError("coco-results needs --images.") }
        return
      }
      if paths.count > 1 {
        throw ValidationError("\(format.rawValue) is imported from one folder.")
      }
      if images != nil || threshold != nil || model != nil {
        throw ValidationError("--images, --threshold and --model belong to coco-results.")
      }
    }

    func run() throws {
      var progress = ProgressLine("Importing")
      defer { progress.end() }
      let outcome: ConversionOutcome
      if let layout = AVSBenchLayout(rawValue: format.rawValue) {
        outcome = try AVSBenchImport(layout, from: paths[0], to: output).run {
          progress.update(done: Double($0), of: $1)
        }
      } else if format == .avsbenchAVSS {
        outcome = try AVSSImport(from: paths[0], to: output).run {
          progress.update(done: Double($0), of: $1)
        }
      } else {
        outcome = try COCOResultsImport(images: images ?? "", threshold: threshold ?? 0.5).run(
          paths, model: model ?? "imported", to: output)
      }
      progress.end()
      try outcome.give(json: json)
    }
  }

  /// Turns clip folders into other formats.
  struct Export: ParsableCommand {
    /// What can be written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
      case avsbenchS4 = "avsbench-s4"
      case avsbenchMS3 = "avsbench-ms3"
      case avsbenchAVSS = "avsbench-avss"
      case coco
    }

    static let configuration = CommandConfiguration(
      commandName: "export", abstract: "Turn clip folders into other formats.",
      discussion: """
        avsbench-s4, avsbench-ms3 and avsbench-avss write what AVSBench's own loaders read, the last \
        as label maps in the colours of the classes that dataset.json lists; coco writes \
        instances.json and captions.json for pycocotools and pycocoevalcap, a picture for each \
        annotated moment. Clips that do not fit are listed, and the exit status is 3. \
        AVSBench has five moments a clip (one in the training split of avsbench-s4): of clips with \
        more the first ones are taken, and the others counted.

        EXAMPLES:
          avu dataset export coco data --output coco
          avu dataset export avsbench-ms3 data --output avsbench_data/Multi-sources
        """)

    @Argument(
      help: "The format: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format: Format

    @Argument(help: ArgumentHelp("The data set's folder.", valueName: "dir"))
    var folder: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write.", valueName: "dir"))
    var output: String

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    func run() throws {
      var progress = ProgressLine("Exporting")
      defer { progress.end() }
      let dataset = try DatasetFolder(path: folder)
      let outcome: ConversionOutcome
      if let layout = AVSBenchLayout(rawValue: format.rawValue) {
        outcome = try AVSBenchExport(layout, to: output).run(dataset) {
          progress.update(done: Double($0), of: $1)
        }
      } else if format == .avsbenchAVSS {
        outcome = try AVSSExport(to: output).run(dataset) {
          progress.update(done: Double($0), of: $1)
        }
      } else {
        outcome = try COCOExport(to: output).run(dataset) {
          progress.update(done: Double($0), of: $1)
        }
      }
      progress.end()
      try outcome.give(json: json)
    }
  }
}

extension ConversionOutcome {
  /// Says what was done, lists what was left out, and ends with 3 where something was.
  fileprivate func give(json: Bool) throws {
    if json {
      try Console.print(json: self)
    } else {
      let earlier = present > 0 ? ", \(present) there already" : ""
      Console.print("\(counted(written, "clip")) written\(earlier).")
    }
    if droppedMoments > 0 {
      Console.error(
        "avu: \(counted(droppedMoments, "moment")) of \(counted(cutClips, "clip")) left out: the format "
          + "has fewer seconds for a clip, and the first ones are taken.")
    }
    for problem in problems { Console.error("avu: \(problem.printable)") }
    if written + present == 0, !problems.isEmpty { throw ExitStatus.usage.exitCode }
    if !problems.isEmpty { throw ExitStatus.partial.exitCode }
  }
}
