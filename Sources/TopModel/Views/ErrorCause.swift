import GenAPIValue

/// What errors have in common that differ only in how long something takes.
package enum ErrorCause {
  /// Longer than anybody reads: such a text stays as it is.
  private static let mostBytes = 1_000
  private static let units: Set<String> = [
    "h", "hour", "hours", "m", "min", "mins", "minute", "minutes", "s", "sec", "secs", "second", "seconds",
    "ms", "millisecond", "milliseconds", "us", "microsecond", "microseconds", "ns", "day", "days",
  ]

  /// An error without the numbers that only say how long: `retry after 4 seconds` and `after 5 seconds` are one cause. Other numbers, as
  /// of a status or a line, tell causes apart.
  package static func text(_ error: ByteText) -> ByteText {
    guard error.byteCount <= mostBytes else { return error }
    let bytes = Array(error.string.utf8)
    guard bytes.contains(where: isDigit) else { return error }
    var kept: [UInt8] = []
    var place = 0
    while place < bytes.count {
      guard isDigit(bytes[place]) else {
        kept.append(bytes[place])
        place += 1
        continue
      }
      let first = place
      while place < bytes.count, isDigit(bytes[place]) || isPoint(bytes, at: place) { place += 1 }
      let startsWord = first > 0 && isLetter(bytes[first - 1])
      kept +=
        !startsWord && isFollowedByUnit(bytes, from: place) ? Array("…".utf8) : Array(bytes[first..<place])
    }
    return ByteText(String(decoding: kept, as: UTF8.self))
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte) || byte == 95 || byte >= 128
  }

  /// Between two digits.
  private static func isPoint(_ bytes: [UInt8], at place: Int) -> Bool {
    bytes[place] == UInt8(ascii: ".") && place + 1 < bytes.count && isDigit(bytes[place + 1])
  }

  private static func isFollowedByUnit(_ bytes: [UInt8], from place: Int) -> Bool {
    var first = place
    if first < bytes.count, bytes[first] == UInt8(ascii: " ") { first += 1 }
    let word = bytes[first...].prefix { isLetter($0) || isDigit($0) }
    return units.contains(String(decoding: word, as: UTF8.self).lowercased())
  }
}
