import GenAPIValue
import Logging
import Testing

@testable import GenAPIServer

@Suite("Log lines")
struct LogLineTests {
  private static let forged = "a\n2026-01-01 error : all is lost\u{1B}[2J\u{9B}\u{202E}\""

  private struct Told: CustomStringConvertible {
    var description: String
  }

  private static func line(
    _ message: String, _ fields: [(String, Logger.MetadataValue)] = [], label: String = "genapi.test"
  ) -> LogLine {
    LogLine(
      time: 1_772_355_900_000_123, level: .warning, label: label, message: message,
      fields: fields.map { (key: $0.0, value: $0.1) })
  }

  private static func text(_ line: LogLine, _ format: LogFormat) -> String {
    String(decoding: line.bytes(format), as: UTF8.self)
  }

  @Test("text has time, level, logger, message and fields; what could be misread is in quotes")
  func text() {
    let line = Self.line(
      "a client was refused",
      [
        ("address", "10.0.0.1"), ("reason", "no token"), ("empty", ""), ("pair", "a=b"),
        ("says", "\"yes\\\""),
      ])
    #expect(
      Self.text(line, .text)
        == "2026-03-01T09:05:00.000123Z warning genapi.test: a client was refused address=10.0.0.1 "
        + "reason=\"no token\" empty=\"\" pair=\"a=b\" says=\"\\\"yes\\\\\\\"\"\n")
    #expect(String(decoding: line.bytes(.text, showsTime: false), as: UTF8.self).hasPrefix("warning genapi"))
  }

  @Test("for the journal every level has syslog's priority, and no time")
  func journald() {
    let priorities: [Logger.Level: Int] = [
      .trace: 7, .debug: 7, .info: 6, .notice: 5, .warning: 4, .error: 3, .critical: 2,
    ]
    for level in Logger.Level.allCases {
      var line = Self.line("x")
      line.level = level
      #expect(Self.text(line, .journald) == "<\(priorities[level]!)>\(level.rawValue) genapi.test: x\n")
    }
  }

  @Test("JSON is one object a line, keeps what was said, and numbers are numbers")
  func json() throws {
    let line = Self.line(
      Self.forged,
      [
        ("count", .stringConvertible(3)), ("ms", .stringConvertible(1.5)), ("user", "jos\u{e9}"),
        ("nan", .stringConvertible(Double.nan)), ("level", "mine"), ("level_", "too"),
      ])
    let bytes = line.bytes(.json)
    let value = try Value(json: bytes.dropLast())
    #expect(value["message"] == .string(ByteText(Self.forged)))
    #expect(value["time"] == "2026-03-01T09:05:00.000123Z")
    #expect(value["level"] == "warning" && value["logger"] == "genapi.test")
    #expect(value["count"] == 3 && value["ms"] == .double(1.5) && value["nan"] == "nan")
    #expect(value["user"] == "jos\u{e9}")
    // No key is there twice.
    #expect(value["level_"] == "mine" && value["level__"] == "too")
  }

  @Test(
    "a newline or an escape sequence from outside cannot forge a line, in no part of it and no format",
    arguments: LogFormat.allCases)
  func forged(format: LogFormat) {
    let forged = Self.forged
    let line = Self.line(
      "name \(forged)",
      [
        ("text", .string(forged)), ("value", .stringConvertible(Told(description: forged))), ("key\n", "x"),
        ("list", .array([.string(forged), .dictionary(["in\n": .string(forged)])])),
      ], label: "l\n")
    let bytes = line.bytes(format)
    #expect(bytes.last == 10)
    for scalar in String(decoding: bytes.dropLast(), as: UTF8.self).unicodeScalars {
      #expect(scalar.value >= 0x20 && scalar.value != 0x9B && scalar.value != 0x202E)
    }
  }

  @Test(
    "no line is longer than 8 kB, whatever is in it, and it says that it was cut",
    arguments: LogFormat.allCases)
  func long(format: LogFormat) throws {
    let texts = [
      String(repeating: "x", count: 100_000), String(repeating: "\u{1}", count: 100_000),
      String(repeating: "\"", count: 100_000), "a" + String(repeating: "\u{301}", count: 100_000),
      String(repeating: "\u{1F468}\u{200D}", count: 100_000), String(repeating: "\u{202E}", count: 50_000),
    ]
    for text in texts {
      for fields in [0, 1, 3, 200] {
        let line = Self.line(
          text, (0..<fields).map { ("\($0)\(text)", .string(text)) }, label: text)
        let bytes = line.bytes(format)
        #expect(bytes.count <= LogLine.mostBytes && bytes.last == 10)
        let shown = String(decoding: bytes, as: UTF8.self)
        #expect(shown.contains("cut"))
        if format == .json { _ = try Value(json: bytes.dropLast()) }
      }
    }
  }
}
