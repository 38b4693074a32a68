import ErlangNode
import Foundation
import GenAPIValue
import Testing

/// A push as an Elixir service made it with the library's own code, and what the library's own gateway did with it.
///
/// The comments of the files in `Fixtures` say which version of what put them out.
struct PushFixture: Sendable, CustomTestStringConvertible {
  let file: String
  let name: String
  /// `{:ok, :accepted}`
  let answer: String
  /// The functions that the library's gateway had of it then.
  let taken: [ByteText]
  let bytes: [UInt8]

  var testDescription: String { "\(name) of \(file)" }

  static let all: [PushFixture] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures")
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.sorted().flatMap { file -> [PushFixture] in
      let text = (try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)) ?? ""
      let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
      return stride(from: 0, to: lines.count - 1, by: 2).map { PushFixture(file, lines[$0], lines[$0 + 1]) }
    }
  }()

  private init(_ file: String, _ head: Substring, _ data: Substring) {
    self.file = file
    let end = head.lastIndex(of: "}") ?? head.startIndex
    let start = head.firstIndex(of: " ") ?? head.startIndex
    name = String(head[..<start])
    answer = String(head[start...end].dropFirst())
    taken = head[end...].split(separator: " ").dropFirst().map { ByteText($0) }
    bytes = [UInt8](Data(base64Encoded: String(data)) ?? Data())
  }

  /// `[push_config, [force: force]]`
  func arguments() throws -> [Term] { try #require(try TermDecoder().decode(bytes).listElements) }

  /// The `%PushConfig{}`.
  func push() throws -> TermMap { try #require(try arguments().first?.map) }

  /// Its `%FunConfig{}`s.
  func configs() throws -> [TermMap] {
    try #require(try push()[atom: "fun_configs"]?.listElements).map { try #require($0.map) }
  }
}
