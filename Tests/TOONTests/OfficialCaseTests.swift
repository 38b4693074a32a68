import Foundation
import GenAPIValue
import TOON
import Testing

/// The cases of the specification's repository: every file below `encode` and `decode` of the folder that
/// `TOON_FIXTURES` names.
@Suite("The specification's cases")
struct OfficialCaseTests {
  /// One of a file's `tests`.
  struct Case {
    let name: String
    let input: Value
    let expected: Value
    let options: Value
    let shouldError: Bool

    init?(_ value: Value) {
      guard let name = value["name"]?.string, let input = value["input"], let expected = value["expected"]
      else { return nil }
      self.name = "\(name)"
      self.input = input
      self.expected = expected
      options = value["options"] ?? [:]
      shouldError = value["shouldError"]?.bool ?? false
    }

    var indentSize: Int { Int(options["indentSize"]?.int ?? 2) }
  }

  static func files(_ kind: String) throws -> [URL] {
    guard let folder = ProcessInfo.processInfo.environment["TOON_FIXTURES"] else {
      print("skipped: TOON_FIXTURES names no folder with the specification's cases")
      return []
    }
    let url = URL(fileURLWithPath: folder).appendingPathComponent(kind)
    guard FileManager.default.fileExists(atPath: url.path) else {
      print("skipped: there is no \(url.path)")
      return []
    }
    let files = try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
    return files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
  }

  static func cases(_ file: URL) throws -> [Case] {
    let document = try Value(json: Array(Data(contentsOf: file)))
    let tests = try #require(document["tests"]?.array, "\(file.lastPathComponent) has no tests")
    return try tests.map {
      try #require(Case($0), "\(file.lastPathComponent): a case of another form: \($0.json)")
    }
  }

  @Test("every text of the specification's decoding cases is read as it says", arguments: try files("decode"))
  func decode(file: URL) throws {
    for test in try Self.cases(file) {
      let options = TOONReader.Options(
        indentSize: test.indentSize, isStrict: test.options["strict"]?.bool ?? true)
      let text = try #require(test.input.string)
      let result = Result { () throws(TOONError) in try Value(toon: Array(text.utf8), options: options) }
      switch result {
      case .success(let value):
        #expect(!test.shouldError, "\(test.name): read as \(value.json)")
        #expect(value.compared == test.expected.compared, "\(test.name): read as \(value.json)")
      case .failure(let error): #expect(test.shouldError, "\(test.name): \(error)")
      }
    }
  }

  @Test(
    "every value of the specification's encoding cases is written as it says", arguments: try files("encode"))
  func encode(file: URL) throws {
    for test in try Self.cases(file) {
      let name = test.options["delimiter"]?.string ?? ","
      let delimiter = try #require(name.utf8.first.flatMap(TOONDelimiter.init), "\(test.name)")
      let text = try test.input.toon(.init(indentSize: test.indentSize, delimiter: delimiter))
      #expect(Value.string(.init(text)) == test.expected, "\(test.name)")
      // What is written for older readers is read as the same.
      let older = try test.input.toonBytes(
        .init(indentSize: test.indentSize, delimiter: delimiter, version: .v3))
      let value = try Value(toon: older, options: .init(indentSize: test.indentSize))
      #expect(value.compared == test.input.compared, "\(test.name)")
    }
  }
}
