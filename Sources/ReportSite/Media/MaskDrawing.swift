package import Annotations
package import Media

/// Draws masks into a frame: tinted inside, a firm outline along the border.
package enum MaskDrawing {
  /// A colour of red, green and blue.
  package typealias Colour = (UInt8, UInt8, UInt8)

  /// What the model says: amber. With blue, a pair that colour-blind people tell apart.
  package static let prediction: Colour = (255, 176, 0)

  /// What a person says: blue.
  static let truth: Colour = (72, 148, 255)

  /// Draws a mask, scaled to the picture.
  ///
  /// - Parameters:
  ///   - mask: The mask; any size.
  ///   - picture: The frame; changed.
  ///   - colour: The tint and outline.
  ///   - fills: Whether the inside is tinted.
  package static func draw(
    _ mask: BinaryMask, into picture: inout RGBImage, colour: Colour, fills: Bool
  ) {
    let mask = mask.resized(toWidth: picture.width, height: picture.height)
    var pixels = picture.pixels
    let reach = max(1, picture.width / 320)
    for y in 0..<picture.height {
      for x in 0..<picture.width where mask[x, y] {
        let isEdge = touchesOutside(x, y, mask, reach)
        guard isEdge || fills else { continue }
        blend(colour, into: &pixels, at: 3 * (y * picture.width + x), parts: isEdge ? 8 : 3)
      }
    }
    picture = RGBImage(width: picture.width, height: picture.height, pixels: pixels)
  }

  /// A smaller picture, each pixel the mean of those it covers.
  static func reduced(_ picture: RGBImage, toWidth width: Int) -> RGBImage {
    guard width < picture.width else { return picture }
    let height = max(1, picture.height * width / picture.width)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(3 * width * height)
    for y in 0..<height {
      let rows = (y * picture.height / height)..<max(1, (y + 1) * picture.height / height)
      for x in 0..<width {
        let columns = (x * picture.width / width)..<max(1, (x + 1) * picture.width / width)
        for channel in 0..<3 {
          pixels.append(mean(of: picture, rows, columns, channel))
        }
      }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  private static func mean(
    of picture: RGBImage, _ rows: Range<Int>, _ columns: Range<Int>, _ channel: Int
  ) -> UInt8 {
    var sum = 0
    for y in rows {
      for x in columns { sum += Int(picture.pixels[3 * (y * picture.width + x) + channel]) }
    }
    return UInt8(sum / max(1, rows.count * columns.count))
  }

  private static func touchesOutside(_ x: Int, _ y: Int, _ mask: BinaryMask, _ reach: Int) -> Bool {
    for (column, row) in [(x - reach, y), (x + reach, y), (x, y - reach), (x, y + reach)] {
      guard (0..<mask.width).contains(column), (0..<mask.height).contains(row) else { continue }
      if !mask[column, row] { return true }
    }
    return false
  }

  private static func blend(
    _ colour: Colour, into pixels: inout [UInt8], at place: Int, parts: Int
  ) {
    let channels = [colour.0, colour.1, colour.2]
    for (offset, value) in channels.enumerated() {
      let old = Int(pixels[place + offset])
      pixels[place + offset] = UInt8((old * (8 - parts) + Int(value) * parts) / 8)
    }
  }
}
