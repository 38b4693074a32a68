import GenAPIGateway
import GenAPIValue
import Logging
import OutsideText

/// A line of the log: one, whatever is in its parts, and of 8 kB at most.
///
/// Parts from outside pass the place that escapes them for terminals and logs; in JSON what is hidden becomes an escape
/// that can be read back.
struct LogLine {
  /// With its end. Where more would come a part is cut, or left out, and the line says so.
  static let mostBytes = 8_192
  private static let mostMessage = 4_096
  private static let mostValue = 2_048
  private static let mostKey = 64
  /// For what tells of fields that had no room, and the end.
  private static let reserve = 64

  /// Microseconds since the Unix epoch.
  var time: Int64
  var level: Logger.Level
  var label: String
  var message: String
  var fields: [(key: String, value: Logger.MetadataValue)] = []

  /// - Parameter showsTime: false where whoever reads has a time of its own.
  func bytes(_ format: LogFormat, showsTime: Bool = true) -> [UInt8] {
    switch format {
    case .text:
      text(showsTime ? "\(ISO8601Timestamp.string(microseconds: time)) \(level.rawValue)" : level.rawValue)
    case .journald: text("<\(level.priority)>\(level.rawValue)")
    case .json: json
    }
  }

  // MARK: Text

  private func text(_ head: String) -> [UInt8] {
    var line = Array(
      "\(head) \(Self.shown(label, Self.mostKey)): \(Self.shown(message, Self.mostMessage))".utf8)
    var leftOut = 0
    for (key, value) in fields {
      let field = Array(" \(Self.word(key, Self.mostKey))=\(Self.word(value.text, Self.mostValue))".utf8)
      if line.count + field.count <= Self.mostBytes - Self.reserve {
        line += field
      } else {
        leftOut += 1
      }
    }
    if leftOut > 0 { line += Array(" … (cut, \(leftOut) fields)".utf8) }
    line.append(UInt8(ascii: "\n"))
    return line
  }

  private static func shown(_ text: String, _ most: Int) -> String {
    text.cut(bytes: most).shown.cut(bytes: most)
  }

  /// As it is where nothing else could be meant by it, else in quotes.
  private static func word(_ text: String, _ most: Int) -> String {
    let shown = shown(text, most)
    let isPlain = shown.utf8.allSatisfy {
      $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=")
    }
    if isPlain, !shown.isEmpty { return shown }
    var quoted: [UInt8] = [UInt8(ascii: "\"")]
    for byte in shown.utf8 {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { quoted.append(UInt8(ascii: "\\")) }
      quoted.append(byte)
    }
    quoted.append(UInt8(ascii: "\""))
    return String(decoding: quoted, as: UTF8.self)
  }

  // MARK: JSON

  private static let ownKeys: Set<ByteText> = ["time", "level", "logger", "message", "cut_fields"]

  private var json: [UInt8] {
    var line = Array(
      "{\"time\":\"\(ISO8601Timestamp.string(microseconds: time))\",\"level\":\"\(level.rawValue)\"".utf8)
    line += Array(",\"logger\":".utf8) + Self.string(label, Self.mostKey)
    line += Array(",\"message\":".utf8) + Self.string(message, Self.mostMessage)
    var leftOut = 0
    var used = Self.ownKeys
    for (key, value) in fields {
      // No key is there twice: readers disagree about which they take.
      var name = ByteText(key.cut(bytes: Self.mostKey))
      while !used.insert(name).inserted { name = name + "_" }
      let field =
        [UInt8(ascii: ",")] + Self.string(name.string, Self.mostKey * 2) + [UInt8(ascii: ":")]
        + (value.number.map { Array($0.utf8) } ?? Self.string(value.text, Self.mostValue))
      if line.count + field.count <= Self.mostBytes - Self.reserve {
        line += field
      } else {
        leftOut += 1
      }
    }
    if leftOut > 0 { line += Array(",\"cut_fields\":\(leftOut)".utf8) }
    line += Array("}\n".utf8)
    return line
  }

  /// A JSON string of at most `most` bytes. An escape takes six bytes, so a text full of them is cut shorter.
  private static func string(_ text: String, _ most: Int) -> [UInt8] {
    let escaped = escaped(text.cut(bytes: most))
    return escaped.count <= most + 2 ? escaped : self.escaped(text.cut(bytes: most / 6))
  }

  private static func escaped(_ text: String) -> [UInt8] {
    JSONShown.escaping(Value.string(ByteText(text)).jsonBytes)
  }
}

extension Logger.Level {
  /// Syslog's: RFC 5424, section 6.2.1.
  fileprivate var priority: Int {
    switch self {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}

extension Logger.MetadataValue {
  fileprivate var text: String { "\(self)" }

  /// A number that JSON can say as one.
  fileprivate var number: String? {
    guard case .stringConvertible(let value) = self else { return nil }
    switch value {
    case let number as any FixedWidthInteger: return "\(number)"
    case let number as Double where number.isFinite: return "\(number)"
    case let flag as Bool: return "\(flag)"
    default: return nil
    }
  }
}
