import GenAPITelemetry
import GenAPIValue

/// The paths of the catalogue's events by their bytes: however many events carry one, it is in memory once.
enum KnownPaths {
  /// By length: a handful each.
  private static let byLength: [[(bytes: [UInt8], path: ByteText)]] = {
    let paths = EventName.allCases.map { (bytes: Array($0.path.utf8), path: $0.path) }
    let longest = paths.reduce(0) { max($0, $1.bytes.count) }
    return (0...longest).map { length in paths.filter { $0.bytes.count == length } }
  }()

  static func path(_ bytes: UnsafeRawBufferPointer) -> ByteText {
    if bytes.count < byLength.count {
      for known in byLength[bytes.count] where isEqual(known.bytes, bytes) { return known.path }
    }
    return ByteText(decoding: bytes)
  }

  /// From the end: all begin alike.
  private static func isEqual(_ a: [UInt8], _ b: UnsafeRawBufferPointer) -> Bool {
    var index = b.count
    while index > 0 {
      index -= 1
      if a[index] != b[index] { return false }
    }
    return true
  }
}
