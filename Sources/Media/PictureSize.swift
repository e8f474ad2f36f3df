import CLibAV

/// How large a video's picture is when it is shown.
struct PictureSize: Hashable {
  let width: Int
  let height: Int

  /// The size of a stream's picture: its pixels made square by stretching, then turned upright.
  init(of stream: UnsafeMutablePointer<AVStream>, in file: MediaFile) {
    let parameters = stream.pointee.codecpar.pointee
    var width = Int(parameters.width)
    var height = Int(parameters.height)
    let aspect = av_q2d(av_guess_sample_aspect_ratio(file.context, stream, nil))
    if aspect.isFinite, aspect > 0.1, aspect < 10 {
      let wide = aspect > 1 ? Int((Double(width) * aspect).rounded()) : width
      let high = aspect < 1 ? Int((Double(height) / aspect).rounded()) : height
      if MediaLimits.allow(width: wide, height: high) { (width, height) = (wide, high) }
    }
    if Orientation(of: stream).isTransposed { swap(&width, &height) }
    self.width = width
    self.height = height
  }
}
