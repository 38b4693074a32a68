import Foundation
import Testing
import TopScreen

@testable import genapi_top

@Suite struct CommandLineTests {
  @Test(
    "a time is read with its unit, in seconds without one",
    arguments: [
      ("500ms", 500), ("2s", 2_000), ("0.5", 500), ("1m", 60_000), ("1", 1_000), ("0m30s", 30_000),
      ("1s500ms", 1_500),
    ])
  func interval(text: String, milliseconds: Int) throws {
    #expect(try Interval(parsing: text, allowed: 100...60_000).milliseconds == milliseconds)
  }

  @Test("long times are written in hours")
  func hours() throws {
    #expect(try Interval(parsing: "1h", allowed: 0...7_200_000).milliseconds == 3_600_000)
    #expect(try Interval(parsing: "1h2m30s", allowed: 0...7_200_000).milliseconds == 3_750_000)
  }

  @Test(
    "a time that is none or out of bounds is refused",
    arguments: [
      "", "s", "1h", "nan", "99ms", "2m", "-1s", "1e99", "0x1s", "1e3ms", "+1s", " 1s", "1_0s", "infs",
      "1s1m", "1s1s", "1m5",
      "1sms", "m1s",
    ])
  func noInterval(text: String) {
    #expect(throws: (any Error).self) { try Interval(parsing: text, allowed: 100...60_000) }
  }

  @Test("the bounds of a time are told as the manual writes them")
  func bounds() {
    func told(_ allowed: ClosedRange<Int>) -> String {
      do {
        _ = try Interval(parsing: "9999h", allowed: allowed)
        return "taken"
      } catch { return "\(error)" }
    }
    #expect(told(0...900_000).contains("from 0s to 15m is allowed"), "\(told(0...900_000))")
    #expect(told(100...60_000).contains("from 100ms to 60s is allowed"))
    #expect(
      told(0...3_600_000).contains("to 1h is allowed") && told(0...604_800_000).contains("to 7d is allowed"))
  }

  @Test("a factor is digits with a point or none")
  func factor() throws {
    #expect(try WatchCommand.parse(["--replay", "f", "--speed", "0.5"]).speed == 0.5)
    for text in ["0x2", "1e1", "+2", "inf", ""] {
      #expect(throws: (any Error).self) { try WatchCommand.parse(["--replay", "f", "--speed", text]) }
    }
  }

  @Test("a size is columns and rows")
  func size() throws {
    #expect(try ScreenSize(parsing: "200x60") == ScreenSize(width: 200, height: 60))
  }

  @Test(
    "a size that is none or out of bounds is refused",
    arguments: ["", "120", "x", "120x36x2", "19x36", "120x301", "-1x-1", "+80x+24", "0x50x24"])
  func noSize(text: String) {
    #expect(throws: (any Error).self) { try ScreenSize(parsing: text) }
  }

  @Test("without targets the gateway on this machine is watched, with a token from the environment")
  func defaultTarget() throws {
    let targets = try TargetOptions.parse([]).resolved(environment: ["GENAPI_TOKEN": "secret"])
    #expect(targets.map(\.description) == ["127.0.0.1:4710"])
    #expect(targets[0].token == "secret")
  }

  @Test("a target named twice is watched once")
  func twice() throws {
    let targets = try TargetOptions.parse(["gw1", "gw1:4710", "gw2"]).resolved(environment: [:])
    #expect(targets.map(\.description) == ["gw1:4710", "gw2:4710"])
  }

  @Test("256 gateways are watched at once, by the command line and by a file, and no more")
  func mostTargets() throws {
    func names(_ count: Int) -> [String] { (1...count).map { "gw\($0)" } }
    #expect(try TargetOptions.parse(names(256)).resolved(environment: [:]).count == 256)
    #expect(throws: (any Error).self) { try TargetOptions.parse(names(257)) }
    let read = try Configuration(toml: "targets = \(names(256))", file: "c.toml")
    #expect(try TargetOptions.parse([]).resolved(read, environment: [:]).count == 256)
    do {
      _ = try Configuration(toml: "targets = \(names(257))", file: "c.toml")
      Issue.record("257 targets are taken")
    } catch {
      #expect("\(error)".contains("257 are too many; at most 256 are watched"))
    }
  }

  @Test(
    "options that exclude each other are refused",
    arguments: [
      ["--demo", "gw1"], ["--json"], ["--speed", "2"], ["--once", "--batch", "2"],
      ["--replay", "a", "--record", "b"],
      ["--screenshot", "a.png"], ["--batch", "0"], ["--token", "a", "--token-file", "b"],
    ])
  func excluded(arguments: [String]) {
    #expect(throws: (any Error).self) { try WatchCommand.parse(arguments) }
  }

  @Test("themes are looked for at the user's, beside the program and in the package")
  func themeFolders() {
    let folders = ThemeCatalogue.folders(
      environment: ["HOME": "/home/ada"], program: "/opt/genapi/bin/genapi-top")
    #expect(
      folders.prefix(2) == ["/home/ada/.config/genapi-top/themes", "/opt/genapi/share/genapi-top/themes"])
  }

  @Test("a mark of byte order before a configuration, a saved layout or a theme is no part of it")
  func byteOrderMark() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "genapi-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func write(_ name: String, _ text: String) throws -> String {
      try Data(("\u{FEFF}" + text).utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
      return folder + "/" + name
    }
    let themes = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../themes")
      .standardized
    let file = try #require(
      try FileManager.default.contentsOfDirectory(atPath: themes.path()).sorted().first {
        $0.hasSuffix(".toml")
      })
    let text = try String(contentsOf: themes.appending(path: file), encoding: .utf8)
    _ = try ThemeCatalogue(folders: []).theme(try write("own.toml", text))
    let path = try write("config.toml", "targets = [\"127.0.0.1:4711\"]\n")
    #expect(try ConfigurationFile.load(path, environment: [:]).targets == ["127.0.0.1:4711"])
    let layout = try write("layout", "")
    try LayoutFile.save("", to: layout)
  }

  @Test("a theme that does not exist is refused with those that do")
  func noTheme() {
    let catalogue = ThemeCatalogue(folders: ["/does/not/exist"])
    #expect(catalogue.themes == [.standard])
    #expect(throws: ThemeError.self) { try catalogue.theme("nonesuch") }
  }
}
