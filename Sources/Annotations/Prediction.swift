/// What the model says of one clip: the content of `prediction.json`.
///
/// Unknown keys are ignored on reading; ``format`` grows when a meaning changes.
public struct Prediction: Codable, Hashable, Sendable {
  /// The version of the format that this program writes.
  public static let currentFormat = 1

  /// The version of the format of this document.
  public var format: Int = Prediction.currentFormat

  /// The clip that was looked at.
  public var clip: Clip

  /// The model that looked.
  public var model: Model

  /// One entry for each looked-at moment, in order of time.
  public var frames: [Frame]

  /// What it took.
  public var timings: Timings

  /// How it was made; nil where that was not noted.
  public var run: Run?

  /// Puts a prediction together.
  ///
  /// - Parameters:
  ///   - clip: The clip that was looked at.
  ///   - model: The model that looked.
  ///   - frames: One entry for each looked-at moment, in order of time.
  ///   - timings: What it took.
  public init(clip: Clip, model: Model, frames: [Frame], timings: Timings) {
    self.clip = clip
    self.model = model
    self.frames = frames
    self.timings = timings
  }
}

extension Prediction {
  /// A video file as it was found.
  public struct Clip: Codable, Hashable, Sendable {
    /// The clip's id.
    public var id: ClipID

    /// SHA-256 of the file, 64 hexadecimal digits.
    public var sha256: String

    /// Length in seconds.
    public var duration: Double

    /// Frames per second (the average, for a variable rate); 0 without a picture.
    public var fps: Double

    /// Pixels in a row, after rotation; 0 without a picture.
    public var width: Int

    /// Rows, after rotation; 0 without a picture.
    public var height: Int

    /// Container and codecs, for example `mp4, h264, aac`; nil where that was not noted.
    public var format: String?

    /// Seconds at the end that the file's header tells of and the file does not hold, because it was cut off; nil
    /// for a whole file.
    public var missing: Double?

    /// Describes a video file.
    public init(
      id: ClipID, sha256: String, duration: Double, fps: Double, width: Int, height: Int
    ) {
      self.id = id
      self.sha256 = sha256
      self.duration = duration
      self.fps = fps
      self.width = width
      self.height = height
    }
  }

  /// Which weights made a prediction.
  public struct Model: Codable, Hashable, Sendable {
    /// The model's name, for example `avuformer-lite`.
    public var name: String

    /// SHA-256 of the weights file, 64 hexadecimal digits; of its hash and the options, where the model was
    /// asked for something else than its own settings, which its name then ends with.
    public var sha256: String

    /// The variant: `ssu`, `ssu-s`, `ssu-d`, `sss` or `avc`.
    public var task: String

    /// Names a model.
    public init(name: String, sha256: String, task: String) {
      self.name = name
      self.sha256 = sha256
      self.task = task
    }
  }

  /// One looked-at moment.
  public struct Frame: Codable, Hashable, Sendable {
    /// Position in the list, from 0.
    public var index: Int

    /// When, in seconds from the start of the clip.
    public var time: Double

    /// Whether something visible sounds.
    public var sounding: Bool

    /// How sure the model is that something visible sounds, 0 to 1.
    public var score: Double

    /// The sounding objects, at the frame's own size; empty when nothing sounds.
    public var mask: RunLengthMask

    /// One sentence that names what sounds; empty when nothing sounds.
    public var caption: String

    /// The most likely sounding category, or nil when nothing sounds.
    public var category: String?

    /// The sounding objects apart, where the model separates them.
    public var objects: [SoundingObject]

    /// How sure the model is of each place, also where nothing sounds; nil where it was not kept.
    public var certainty: CoarseMap?

    /// Which places the sound asked: what the audio stream took from each place of the picture in the model's
    /// last exchange of the two streams, 1 for the place it took most from; nil where it was not kept, and
    /// from a model whose streams do not meet.
    public var attention: CoarseMap?

    /// Describes one moment.
    public init(
      index: Int, time: Double, sounding: Bool, score: Double, mask: RunLengthMask,
      caption: String, category: String?, objects: [SoundingObject] = []
    ) {
      self.index = index
      self.time = time
      self.sounding = sounding
      self.score = score
      self.mask = mask
      self.caption = caption
      self.category = category
      self.objects = objects
    }
  }

  /// One of several sounding objects of a frame.
  public struct SoundingObject: Codable, Hashable, Sendable {
    /// What it is.
    public var category: String

    /// How sure the model is, 0 to 1.
    public var score: Double

    /// Where it is, at the frame's own size.
    public var mask: RunLengthMask

    /// Describes one object.
    public init(category: String, score: Double, mask: RunLengthMask) {
      self.category = category
      self.score = score
      self.mask = mask
    }
  }

  /// What made a prediction, and with which settings.
  public struct Run: Codable, Hashable, Sendable {
    /// Name and version of the program, with the commit of its checkout where it ran in one; empty
    /// where that is not known.
    public var software: String

    /// Looked-at moments in each second of the clip.
    public var frameRate: Double

    /// Threads for the numeric work.
    public var threads: Int

    /// What the model computes on and in which numbers, for example `CPU, float32`.
    public var device: String?

    /// Columns and rows of the picture that the model sees; frames are stretched to it.
    public var picture: [Int]?

    /// SHA-256 of the model's `config.json`, 64 hexadecimal digits.
    public var configuration: String?

    /// The most memory in bytes that the process had held by the end, earlier clips included.
    public var peakMemory: Int?

    /// The libraries that read the file, with their versions, for example `libavcodec 59.37.100`.
    public var libraries: String?

    /// How sentences were chosen; nil where that was not noted, and without sentences.
    public var sentences: Sentences?

    /// Notes a run.
    public init(software: String, frameRate: Double, threads: Int) {
      self.software = software
      self.frameRate = frameRate
      self.threads = threads
    }

    private enum CodingKeys: String, CodingKey {
      case software, threads, device, picture, configuration, libraries, sentences
      case frameRate = "frame_rate"
      case peakMemory = "peak_memory_bytes"
    }
  }

  /// How sentences were chosen.
  public struct Sentences: Codable, Hashable, Sendable {
    /// Unfinished sentences that were kept at a time; with one, each word was the likeliest.
    public var beam: Int

    /// Words about a frame at most, full stops among them; nil for as many as the model could say.
    public var maxWords: Int?

    /// So many words in a row were not said twice in a sentence; 0 for no such rule.
    public var noRepeatNGram: Int

    /// Notes how.
    public init(beam: Int, maxWords: Int?, noRepeatNGram: Int) {
      self.beam = beam
      self.maxWords = maxWords
      self.noRepeatNGram = noRepeatNGram
    }

    private enum CodingKeys: String, CodingKey {
      case beam
      case maxWords = "max_words"
      case noRepeatNGram = "no_repeat_ngram"
    }
  }

  /// Wall-clock seconds of the parts of one run.
  public struct Timings: Codable, Hashable, Sendable {
    /// Reading the file: frames and sound.
    public var decodeSeconds: Double

    /// The model.
    public var modelSeconds: Double

    /// Everything.
    public var totalSeconds: Double

    /// Notes what a run took.
    public init(decodeSeconds: Double, modelSeconds: Double, totalSeconds: Double) {
      self.decodeSeconds = decodeSeconds
      self.modelSeconds = modelSeconds
      self.totalSeconds = totalSeconds
    }

    private enum CodingKeys: String, CodingKey {
      case decodeSeconds = "decode_s"
      case modelSeconds = "model_s"
      case totalSeconds = "total_s"
    }
  }
}
