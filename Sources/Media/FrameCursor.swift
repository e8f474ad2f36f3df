import CLibAV

/// Which frame is shown at a time, for times that ascend.
final class FrameCursor {
  /// Times that differ by less are the same: half of the finest usual unit, 1/90000 s, is more.
  static let tolerance = 1e-6

  private let path: String
  private let threads: Int
  private var sequence: FrameSequence
  private var mayJump = true

  /// How many frames were decoded so far.
  private(set) var decodedFrames = 0

  private let current: UnsafeMutablePointer<AVFrame>
  private let ahead: UnsafeMutablePointer<AVFrame>
  private var currentTime: Double?
  private var aheadTime: Double?

  init(path: String, threads: Int) throws(MediaError) {
    self.path = path
    self.threads = threads
    sequence = try FrameSequence(path: path, threads: threads)
    var first = av_frame_alloc()
    var second = av_frame_alloc()
    guard let current = first, let ahead = second else {
      av_frame_free(&first)
      av_frame_free(&second)
      throw .outOfMemory
    }
    self.current = current
    self.ahead = ahead
    try begin()
  }

  deinit {
    for frame in [current, ahead] {
      var freed: UnsafeMutablePointer<AVFrame>? = frame
      av_frame_free(&freed)
    }
  }

  /// The stream of the picture.
  var stream: UnsafeMutablePointer<AVStream> { sequence.stream }

  /// The file of the picture.
  var file: MediaFile { sequence.file }

  private func begin() throws(MediaError) {
    guard let first = try decode(into: current) else {
      throw .damaged(path: path, reason: "no frame of it can be decoded")
    }
    currentTime = first
    aheadTime = try decode(into: ahead)
  }

  /// Moves to the last frame whose time is not above `time`, or to the first frame.
  ///
  /// - Parameter time: Seconds on the clip's clock; not below that of the call before.
  /// - Returns: The frame, which is valid until the next call, and whether it is another one.
  /// - Throws: ``MediaError``.
  func move(
    to time: Double
  ) throws(MediaError) -> (frame: UnsafeMutablePointer<AVFrame>, isNew: Bool) {
    let before = currentTime
    let limit = time + Self.tolerance
    sequence.want(lastUntil: limit)
    try jump(to: limit)
    while let next = aheadTime, next <= limit { try step() }
    return (current, currentTime != before)
  }

  private func decode(
    into frame: UnsafeMutablePointer<AVFrame>
  ) throws(MediaError) -> Double? {
    decodedFrames += 1
    return try sequence.next(into: frame)
  }

  private func step() throws(MediaError) {
    av_frame_unref(current)
    av_frame_move_ref(current, ahead)
    currentTime = aheadTime
    aheadTime = try decode(into: ahead)
  }

  private func jump(to limit: Double) throws(MediaError) {
    guard mayJump, let reached = aheadTime, reached <= limit else { return }
    switch try sequence.jump(to: limit, from: reached) {
    case .none: return
    case .jumped:
      av_frame_unref(ahead)
      if let time = try decode(into: ahead), time <= limit {
        aheadTime = time
        return
      }
    case .lost: break
    }
    // The index lied: decode from the beginning instead.
    mayJump = false
    sequence = try FrameSequence(path: path, threads: threads)
    av_frame_unref(current)
    av_frame_unref(ahead)
    try begin()
  }
}
