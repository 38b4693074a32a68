import GenAPIValue
import OutsideText
import TOON

/// What is printed as JSON, as TOON.
enum TOONText {
  /// One document, and the end of its last line. What older readers understand too is enough here.
  ///
  /// A text without quotes has no escapes, so what is hidden in it becomes `�`: it acts on no terminal, and tells a language
  /// model nothing that people do not see.
  ///
  /// - Parameter json: as the program itself writes it.
  static func document(_ json: [UInt8]) throws -> [UInt8] {
    let document = try Value(json: json).toonBytes(TOONWriter.Options(version: .v3))
    return Array((String(decoding: document, as: UTF8.self).shownLines + "\n").utf8)
  }
}
