import Foundation
import GenAPIStream
import Testing

@testable import GenAPIServer

@Suite("The documentation of the settings")
struct SettingTableTests {
  @Test("docs/server.md has every key that is read, with its default and what is allowed")
  func table() throws {
    let read = try ServerConfiguration(
      toml: "auth.secret = \"sixteen bytes at least\"", file: "g.toml", environment: [:])
    // Set only because nothing works without it.
    let settings = read.settings.map { setting in
      var setting = setting
      if setting.key == "auth.secret" { setting.value = "(none)" }
      return setting
    }
    let keys = settings.map(\.key)
    #expect(Set(keys).count == keys.count)
    #expect(Set(keys) == Set(SettingTable.meanings.keys))
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/server.md")
    var text = try String(contentsOf: path, encoding: .utf8)
    let begin = try #require(text.firstRange(of: "<!-- settings -->\n"))
    let end = try #require(text.firstRange(of: "\n<!-- /settings -->"))
    let expected = SettingTable.markdown(settings)
    let written = text[begin.upperBound..<end.lowerBound] == expected
    if ProcessInfo.processInfo.environment["UPDATE_DOCS"] != nil {
      text.replaceSubrange(begin.upperBound..<end.lowerBound, with: expected)
      try text.write(to: path, atomically: true, encoding: .utf8)
    } else {
      #expect(written, "run the tests once with UPDATE_DOCS=1")
    }
  }

  @Test("an error that sends people to the configuration names a key that is read there")
  func advice() throws {
    let error = StreamExporterError.tokenRequired(.tcp(host: "0.0.0.0", port: 4_710))
    let advice = try #require(error.description.firstMatch(of: /(\w+) under \[(\w+)\]/))
    let read = try ServerConfiguration(
      toml: "auth.secret = \"sixteen bytes at least\"", file: "g.toml", environment: [:])
    #expect(read.settings.contains { $0.key == "\(advice.2).\(advice.1)" }, "\(advice.0)")
  }
}
