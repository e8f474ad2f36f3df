import Foundation

extension ModelConfiguration {
  /// Reads and checks a configuration.
  ///
  /// - Parameter path: The file `config.json`.
  /// - Throws: ``ModelError`` when it cannot be read, has another format, or describes a model that
  ///   cannot be.
  public init(path: String) throws(ModelError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .unreadable(file: path)
    }
    try self.init(data, path: path)
  }

  /// Reads and checks the content of a configuration file.
  init(_ data: Data, path: String) throws(ModelError) {
    let file = try ConfigurationFile.read(data, file: path)
    if let reason = file.problem { throw .impossible(file: path, reason: reason) }
    guard let kind = ModelTask(rawValue: file.task) else {
      throw .impossible(file: path, reason: file.unknownTask)
    }
    name = file.name
    self.kind = kind
    imageWidth = file.image.width
    imageHeight = file.image.height
    sampleRate = file.audio.sampleRate
    presenceThreshold = file.thresholds.presence
    maskThreshold = file.thresholds.maskLogit
    categories = file.categories
    pixelMean = file.image.mean.values
    pixelScale = file.image.scale.values
    encoders = file.encoders ?? EncoderSizes()
    sizes = file.sizes
    batchEpsilon = file.normEps.batch
    layerEpsilon = file.normEps.layer
    masksReachSentences = file.switches.mcm
    experts = file.switches.mohe == true ? file.sizes.experts ?? 0 : 0
    decoding = file.decoding ?? DecodingSettings()
  }
}

extension ConfigurationFile {
  /// Why no such model can be, if so; the first reason found.
  var problem: String? {
    imageProblem ?? encoderProblem ?? audioProblem ?? countProblem ?? sizeProblem ?? switchProblem
      ?? taskProblem ?? decoding?.problem(places: sizes.maxTokens - 1)
  }

  private var imageProblem: String? {
    guard image.order == "RGB", image.resize == "stretch" else {
      return "pictures are \(image.order) and resized by “\(image.resize)”, "
        + "where only RGB and “stretch” are known"
    }
    let sizes = 32...4096
    guard sizes.contains(image.width), sizes.contains(image.height), image.width % 32 == 0,
      image.height % 32 == 0
    else {
      return "pictures of \(image.width)×\(image.height); both must be multiples of 32 up to 4096"
    }
    return image.scale.values.allSatisfy { $0 > 0 && $0.isFinite }
      && image.mean.values.allSatisfy(\.isFinite)
      ? nil : "image.scale must be above 0"
  }

  private var encoderProblem: String? {
    encoders?.problem(imageWidth: image.width, imageHeight: image.height)
  }

  private var audioProblem: String? {
    let known = Audio.ofThisVersion(vggish: encoders?.audio != nil)
    return audio == known
      ? nil : "the sound's front end has other numbers than this version's, \(known)"
  }

  /// Every count is at least 1 and small enough that a product of two is a number.
  private var countProblem: String? {
    let counts = [
      ("width", sizes.width), ("heads", sizes.heads), ("query_tokens", sizes.queryTokens),
      ("integration_layers", sizes.integrationLayers), ("pixel_width", sizes.pixelWidth),
      ("deep_pixel_width", sizes.deepPixelWidth), ("description_layers", sizes.descriptionLayers),
      ("max_tokens", sizes.maxTokens), ("vocabulary", sizes.vocabulary),
    ]
    if let (name, count) = counts.first(where: { !(1...65_536).contains($0.1) }) {
      return "sizes.\(name) is \(count)"
    }
    guard sizes.maxTokens >= 2 else { return "a sentence of sizes.max_tokens = 1 has no word" }
    guard sizes.embeddingScale.isFinite, normEps.batch > 0, normEps.layer > 0 else {
      return "embedding_scale must be a number and both norm_eps above 0"
    }
    return nil
  }

  private var sizeProblem: String? {
    guard sizes.width % sizes.heads == 0 else {
      return "width \(sizes.width) cannot be divided among \(sizes.heads) heads"
    }
    guard sizes.audioPatches == audio.patchOffsetsS.count else {
      return "audio_patches is \(sizes.audioPatches), but \(audio.patchOffsetsS.count) patches "
        + "have an offset"
    }
    let channels = encoders?.visual?.channels ?? VisualEncoder.pyramidChannels
    guard sizes.pyramidChannels == channels else {
      return "the visual encoder gives \(channels) channels, not \(sizes.pyramidChannels)"
    }
    guard !categories.isEmpty, Set(categories.map(\.name)).count == categories.count else {
      return "the categories are none, or two have the same name"
    }
    let features =
      encoders?.audio.map { $0.embedding + 1 } ?? AudioEncoder.embeddingWidth + categories.count + 2
    guard sizes.audioFeatures == features else {
      let reason =
        encoders?.audio == nil ? "\(categories.count) categories need" : "the audio encoder needs"
      return "audio_features is \(sizes.audioFeatures), where \(reason) \(features)"
    }
    return nil
  }

  private var switchProblem: String? {
    guard (0...1).contains(thresholds.presence) else {
      return "thresholds.presence is \(thresholds.presence), which is no probability"
    }
    if switches.mcm && !switches.mask { return "mcm describes masks, but mask is off" }
    if switches.mcm && !switches.description { return "mcm serves sentences, but they are off" }
    if switches.rcc == true && !switches.mcm {
      return "rcc compares masked regions with sentences, but mcm is off"
    }
    guard switches.mohe == true else { return nil }
    guard switches.description else { return "mohe is part of the sentences, but they are off" }
    guard let experts = sizes.experts, (2...64).contains(experts) else {
      return "mohe needs sizes.experts, from 2 to 64"
    }
    return categories.allSatisfy { $0.group != nil }
      ? nil : "mohe needs the group of each category"
  }

  fileprivate var unknownTask: String {
    "there is no task “\(task)”; the tasks are "
      + ModelTask.allCases.map(\.rawValue).joined(separator: ", ")
  }

  /// The switches are those of the task.
  private var taskProblem: String? {
    guard let kind = ModelTask(rawValue: task) else { return unknownTask }
    let wanted = [
      ("mask", switches.mask, kind.hasMasks),
      ("description", switches.description, kind.hasSentences),
      ("mmi", switches.mmi, kind.streamsMeet),
    ]
    return wanted.first { $0.1 != $0.2 }.map { name, _, wanted in
      "the task “\(task)” needs \(name) \(wanted ? "on" : "off")"
    }
  }
}

extension ConfigurationFile.Audio {
  /// The numbers that ``LogMelSpectrogram`` and ``SoundPatches`` are written for.
  ///
  /// - Parameter vggish: Whether VGGish listens.
  /// - Returns: The only front end that is known for it.
  static func ofThisVersion(vggish: Bool) -> ConfigurationFile.Audio {
    ConfigurationFile.Audio(
      sampleRate: SoundPatches.sampleRate, frame: LogMelSpectrogram.frame,
      hop: LogMelSpectrogram.hop, fft: LogMelSpectrogram.transformSize,
      melBins: LogMelSpectrogram.bins, melLowHz: LogMelSpectrogram.lowest,
      melHighHz: LogMelSpectrogram.highest,
      logOffset: vggish ? LogMelSpectrogram.vggishOffset : LogMelSpectrogram.yamnetOffset,
      patchFrames: SoundPatches.frames, patchOffsetsS: SoundPatches.offsets,
      levelWindowSamples: SoundPatches.levelSamples)
  }
}
