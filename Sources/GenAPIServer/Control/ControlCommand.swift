import GenAPIGateway
import GenAPIValue

/// What `genapi-gateway ctl` does on a running gateway of the same machine.
///
/// All of them are in one table, `ControlCommand.all`: the program's arguments, the paths over the Unix socket, what needs
/// which admin action, and what docs/console.md lists are from there.
package struct ControlCommand: Sendable {
  package var name: String
  /// In the order in which they are typed.
  package var words: [ControlParameter] = []
  package var options: [ControlParameter] = []
  /// What `gateway.admin_actions` has to list; nil for what changes nothing.
  package var action: AdminAction?
  package var summary: String
  var run: @Sendable (ControlCall) async throws -> ControlAnswer

  package static let all: [ControlCommand] = reading + changing

  package static func named(_ name: String) -> ControlCommand? { all.first { $0.name == name } }

  /// Where it is over the socket.
  package var path: ByteText { ByteText("/control/\(name)") }

  /// `disable FUNCTION [--version V]`
  package var usage: String {
    ([name] + words.map(\.word) + options.map(\.option)).joined(separator: " ")
  }

  /// Its row of the table in docs/console.md.
  package var row: String {
    "| `\(usage.replacing("|", with: "\\|"))` | \(action.map { "`\($0.rawValue)`" } ?? "–") | \(summary) |"
  }

  /// Everything that an option is called.
  package static let optionNames: Set<String> = Set(all.flatMap(\.options).map(\.name))
}

/// Something that a command is told.
package struct ControlParameter: Sendable {
  package enum Kind: Sendable {
    case text
    /// `SERVICE/REQUEST_TYPE`
    case function
    case number
    /// Texts with commas between.
    case texts
    case object
  }

  /// Its field in what is sent.
  package var name: String
  package var kind: Kind
  package var isRequired: Bool
  /// How a usage shows it.
  package var placeholder: String

  static func word(
    _ name: String, _ kind: Kind = .text, _ placeholder: String, isRequired: Bool = true
  ) -> ControlParameter {
    ControlParameter(name: name, kind: kind, isRequired: isRequired, placeholder: placeholder)
  }

  static func option(_ name: String, _ kind: Kind = .text, _ placeholder: String, isRequired: Bool = false)
    -> ControlParameter
  {
    ControlParameter(name: name, kind: kind, isRequired: isRequired, placeholder: placeholder)
  }

  package var word: String { isRequired ? placeholder : "[\(placeholder)]" }

  package var option: String {
    let text = "--\(name.replacing("_", with: "-")) \(placeholder)"
    return isRequired ? text : "[\(text)]"
  }

  /// The value that a text means.
  ///
  /// - Throws: `ControlFault` saying what it should be.
  package func value(of text: String) throws(ControlFault) -> Value {
    switch kind {
    case .text, .function: return .string(ByteText(text))
    case .texts: return .array(ByteText(text).split(separator: UInt8(ascii: ",")).map(Value.string))
    case .number:
      guard let number = Int64(text) else {
        throw .arguments("\(placeholder) must be a whole number, not \"\(text.cut(bytes: 64))\"")
      }
      return .int(number)
    case .object:
      let value: Value
      do {
        value = try Value(written: text.utf8)
      } catch {
        throw .arguments("\(placeholder) must be a JSON object: \(error)")
      }
      guard value.object != nil else {
        throw .arguments("\(placeholder) must be a JSON object, not \(value.instead(of: "an object"))")
      }
      return value
    }
  }
}

/// What a command found out, for programs and for people.
struct ControlAnswer: Sendable {
  var value: Value
  var text: String

  init(_ value: Value, _ text: String) {
    self.value = value
    self.text = text
  }

  /// - Throws: when the report cannot be written.
  init(reporting report: some Encodable, _ text: String) throws {
    self.init(try ValueEncoder().encode(report), text)
  }

  /// Something was done.
  static func done(_ text: String) -> ControlAnswer {
    ControlAnswer(["done": .string(ByteText(text))], text.shown)
  }
}

/// Why a command did nothing.
package enum ControlFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// What it was told is wrong, and how.
  case arguments(String)
  /// The gateway's configuration does not list the action.
  case notAllowed(String)
  /// What was asked for is not there.
  case notFound(String)
  /// The gateway could not do it.
  case failed(String)

  package var description: String {
    switch self {
    case .arguments(let reason), .notAllowed(let reason), .notFound(let reason), .failed(let reason): reason
    }
  }

  var status: Int {
    switch self {
    case .arguments: 400
    case .notAllowed: 403
    case .notFound: 404
    case .failed: 409
    }
  }
}
