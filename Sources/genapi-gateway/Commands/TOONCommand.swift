import ArgumentParser
import Foundation
import GenAPIValue
import OutsideText
import TOON

/// JSON to TOON and back, from standard input to standard output.
struct TOONCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "toon",
    abstract: "Convert JSON from standard input to TOON, or TOON to JSON.",
    discussion: "genapi-gateway toon < value.json; genapi-gateway toon --decode < value.toon")

  /// The longest text that is read; far more than anybody hands to a language model.
  private static let maxBytes = 256 << 20

  @Flag(name: [.short, .long], help: "Read TOON and print JSON.")
  var decode = false

  @Option(help: "Spaces a level of indentation, 1 to 16.")
  var indent = 2

  @Option(help: "What separates values: comma, tab or pipe. Default: comma.")
  var delimiter: Delimiter?

  @Option(help: "Write what readers of this version understand: 3.0 or 4.0. Default: 3.0.")
  var toonVersion: TOONVersion?

  @Flag(help: "Write the keys of objects in the order of their bytes.")
  var sortKeys = false

  @Flag(help: "With --decode: let wrong counts, widths, indentation and repeated keys through.")
  var lenient = false

  enum Delimiter: String, ExpressibleByArgument {
    case comma
    case tab
    case pipe

    var value: TOONDelimiter {
      switch self {
      case .comma: .comma
      case .tab: .tab
      case .pipe: .pipe
      }
    }
  }

  func validate() throws {
    guard (1...16).contains(indent) else { throw ValidationError("--indent must be 1 to 16.") }
    if decode, delimiter != nil || toonVersion != nil || sortKeys {
      throw ValidationError(
        "--delimiter, --toon-version and --sort-keys are for writing TOON; leave out --decode.")
    }
    if lenient, !decode { throw ValidationError("--lenient goes with --decode.") }
  }

  func run() throws {
    EarlySignals.restore()
    let output: [UInt8]
    let input = try StandardInput.read(atMost: Self.maxBytes)
    do {
      output = try decode ? json(input) : toon(input)
    } catch {
      StandardOutput.reportError("toon: \(error)")
      throw ExitCode(1)
    }
    try StandardOutput.line(output)
  }

  private func toon(_ input: [UInt8]) throws -> [UInt8] {
    try Value(written: input, maxDepth: JSONReader.deepestMaxDepth).toonBytes(
      TOONWriter.Options(
        indentSize: indent, delimiter: delimiter?.value ?? .comma, version: toonVersion ?? .v3,
        keyOrder: sortKeys ? .sorted : .encountered))
  }

  private func json(_ input: [UInt8]) throws -> [UInt8] {
    let value = try Value(
      toon: input,
      options: TOONReader.Options(
        indentSize: indent, isStrict: !lenient, maxDepth: TOONReader.deepestMaxDepth,
        maxRepeatedBytes: Self.maxBytes))
    return JSONShown.escaping(value.jsonBytes)
  }

}

extension TOONVersion: ExpressibleByArgument {}
