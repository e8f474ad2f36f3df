/// Numbers with a fixed number of decimals, rounded as `printf` does: to the nearest, and where two
/// are as near, to the even one. A page has hundreds of them, and `String(format:)` took a tenth of
/// a site's time.
enum FixedDecimals {
  private static let powers: [UInt64] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]

  /// Most decimals.
  static var most: Int { powers.count - 1 }

  /// The text of a number.
  ///
  /// - Parameters:
  ///   - value: A number below 2⁴⁰.
  ///   - decimals: How many decimals, at most ``most``.
  /// - Returns: The text; nil for a number that is too large or none.
  static func text(_ value: Double, _ decimals: Int) -> String? {
    guard value.isFinite, value.magnitude < 0x1p40, (0...most).contains(decimals) else {
      return nil
    }
    let rounded = scaled(value.magnitude, by: powers[decimals])
    let (whole, part) = rounded.quotientAndRemainder(dividingBy: powers[decimals])
    let text = (value.sign == .minus ? "-" : "") + String(whole)
    return decimals == 0 ? text : text + "." + padded(part, decimals)
  }

  /// A whole number with zeros before it.
  static func padded(_ value: some BinaryInteger, _ digits: Int) -> String {
    let text = String(value)
    return text.utf8.count >= digits
      ? text : String(repeating: "0", count: digits - text.utf8.count) + text
  }

  /// The product, rounded: a double is a whole number times a power of two, so nothing is lost on
  /// the way.
  private static func scaled(_ value: Double, by factor: UInt64) -> UInt64 {
    guard value > 0x1p-64 else { return 0 }
    let shift = 52 - Int(value.exponent)
    let product = UInt128(value.significandBitPattern | 1 << 52) * UInt128(factor)
    if shift <= 0 { return UInt64(product << UInt128(-shift)) }
    let whole = product >> UInt128(shift)
    let rest = product & (1 << UInt128(shift) - 1)
    let half = UInt128(1) << UInt128(shift - 1)
    return UInt64(whole + (rest > half || (rest == half && whole & 1 == 1) ? 1 : 0))
  }
}
