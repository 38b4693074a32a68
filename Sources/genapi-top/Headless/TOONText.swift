import GenAPIValue
import TOON

/// What is printed as JSON, as TOON.
enum TOONText {
  /// One document, and the end of its last line. What older readers understand too is enough here.
  ///
  /// - Parameter json: as the program itself writes it.
  static func document(_ json: [UInt8]) throws -> [UInt8] {
    try Value(json: json).toonBytes(TOONWriter.Options(version: .v3)) + [UInt8(ascii: "\n")]
  }
}
