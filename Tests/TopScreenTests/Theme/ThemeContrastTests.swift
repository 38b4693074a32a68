import Foundation
import Testing

@testable import TopScreen

@Suite("Contrast of the themes")
struct ThemeContrastTests {
  static let names = [
    "default", "light", "high-contrast", "colour-blind", "solarized", "gruvbox", "nord",
  ]
  static let onBackground: [ThemeKey] = [
    .text, .muted, .title, .accent, .ok, .warn, .critical, .key, .p50, .p95, .p99, .headerText,
  ]

  @Test("there are at least eight themes, and each is checked")
  func count() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: ThemeTests.folder.path)
      .filter { $0.hasSuffix(".toml") }.map { String($0.dropLast(5)) }
    // The terminal's own colours, which mono uses, cannot be computed with.
    #expect(Set(files) == Set(Self.names + ["mono"]))
    #expect(files.count >= 8)
  }

  @Test("text can be read on the panes' and the header's ground: 4.5 to 1 and more", arguments: names)
  func text(_ name: String) throws {
    let theme = try Self.theme(name)
    for ground in [ThemeKey.background, .header] {
      for key in Self.onBackground {
        let ratio = try Self.ratio(theme, key, ground)
        #expect(ratio >= 4.5, "\(name): \(key.rawValue) on \(ground.rawValue) has \(ratio)")
      }
    }
    #expect(try Self.ratio(theme, .selectionText, .selection) >= 4.5)
  }

  @Test("what is in focus, and what a graph draws, stands out: 3 to 1 and more", arguments: names)
  func graphics(_ name: String) throws {
    let theme = try Self.theme(name)
    for key in [ThemeKey.borderFocused, .graphLow, .graphMiddle, .graphHigh, .heatMiddle, .heatHigh] {
      let ratio = try Self.ratio(theme, key, .background)
      #expect(ratio >= 3, "\(name): \(key.rawValue) has \(ratio)")
    }
  }

  @Test("the high contrast theme has 7 to 1")
  func highContrast() throws {
    let theme = try Self.theme("high-contrast")
    for key in Self.onBackground { #expect(try Self.ratio(theme, key, .background) >= 7) }
  }

  @Test("the header of firing alerts can be read", arguments: names)
  func alerting(_ name: String) throws {
    let theme = try Self.theme(name)
    var content = Sample.content
    content.header.firingAlerts = 2
    content.header.lost = 12
    var renderer = ScreenRenderer()
    renderer.theme = theme
    let grid = renderer.render(content, state: ScreenState())
    for column in 0..<60 where grid[column, 0].text != " " {
      let style = grid[column, 0].style
      let ratio = Self.ratio(try #require(style.foreground), try #require(style.background))
      #expect(ratio >= 4.5, "\(name): \(grid[column, 0].text) has \(ratio)")
    }
  }

  private static func theme(_ name: String) throws -> Theme {
    let file = ThemeTests.folder.appendingPathComponent(name + ".toml")
    return try Theme(toml: String(contentsOf: file, encoding: .utf8), file: name + ".toml")
  }

  private static func ratio(_ theme: Theme, _ key: ThemeKey, _ ground: ThemeKey) throws -> Double {
    ratio(try #require(theme[key]), try #require(theme[ground]))
  }

  /// As WCAG 2.1 defines it.
  private static func ratio(_ one: Color, _ other: Color) -> Double {
    let luminances = [luminance(one), luminance(other)].sorted()
    return (luminances[1] + 0.05) / (luminances[0] + 0.05)
  }

  private static func luminance(_ color: Color) -> Double {
    func linear(_ channel: UInt8) -> Double {
      let value = Double(channel) / 255
      return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
  }
}
