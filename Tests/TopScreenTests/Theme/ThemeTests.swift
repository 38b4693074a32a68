import Foundation
import Testing

@testable import TopScreen

@Suite("Themes")
struct ThemeTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("themes")

  @Test("the file of the default theme is the built-in one")
  func standard() throws {
    let text = try String(contentsOf: Self.folder.appendingPathComponent("default.toml"), encoding: .utf8)
    #expect(try Theme(toml: text, file: "default.toml") == Theme.standard)
    #expect(Theme.standard.colors.count == ThemeKey.allCases.count)
  }

  @Test(
    "every theme file can be read and names itself",
    arguments: ["default", "light", "high-contrast", "colour-blind", "solarized", "gruvbox", "nord", "mono"])
  func files(_ name: String) throws {
    let text = try String(contentsOf: Self.folder.appendingPathComponent(name + ".toml"), encoding: .utf8)
    let theme = try Theme(toml: text, file: name + ".toml")
    #expect(theme.name == name)
    for key in ThemeKey.allCases {
      #expect(text.contains("\n\(key.rawValue) = "), "\(name) has no \(key.rawValue)")
    }
  }

  @Test("every form of a colour is understood")
  func forms() throws {
    let theme = try Theme(
      toml: "[colors]\ntext = \"#0a0B0c\"\nok = 208\nwarn = \"208\"\ncritical = \"bright_red\"\nmuted = \"\"",
      file: "mine.toml")
    #expect(theme.name == "mine")
    #expect(theme[.text] == Color(10, 11, 12))
    #expect(theme[.ok] == Color(255, 135, 0))
    #expect(theme[.warn] == theme[.ok])
    #expect(theme[.critical] == Color(255, 0, 0))
    #expect(theme[.muted] == nil)
    #expect(theme[.border] == Theme.standard[.border])
  }

  @Test(
    "a faulty theme says where and what is allowed",
    arguments: [
      ("[colors]\ntext = \"#12345\"\n", "mine.toml:2: key \"text\"", "#rrggbb"),
      ("[colors]\n\nok = 256\n", "mine.toml:3: key \"ok\"", "0 to 255"),
      ("[colors]\nokay = \"red\"\n", "mine.toml:2: key \"okay\"", "border_focused"),
      ("[colors]\nok = true\n", "mine.toml:2: key \"ok\"", "no colour"),
      ("name = 7\n[colors]\n", "mine.toml:1: key \"name\"", "must be text"),
      ("colour = 7\n[colors]\n", "mine.toml:1: key \"colour\"", "allowed are"),
      ("name = \"x\"\n", "mine.toml: key \"colors\"", "table"),
      ("[colors\nok = 1\n", "mine.toml:1: ", "expected"),
    ])
  func faults(_ text: String, start: String, part: String) {
    #expect {
      try Theme(toml: text, file: "mine.toml")
    } throws: { error in
      let message = "\(error)"
      return error is ThemeError && message.hasPrefix(start) && message.contains(part)
    }
  }

  @Test("without colours, attributes tell things apart")
  func mono() {
    let theme = Theme(name: "mono", colors: [:])
    #expect(theme.style(.selection).isReversed)
    #expect(theme.style(.muted).isDim)
    #expect(theme.style(.critical).isBold)
    #expect(theme.style(.text) == Style())
  }
}
