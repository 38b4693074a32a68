import Foundation
import OutsideText
import TopScreen

/// All themes there are: the user's own, those beside the program, and the built-in one.
struct ThemeCatalogue {
  /// More files than anybody steps through; the rest is left out.
  static let mostThemes = 200
  private static let largestFile = 1 << 16

  /// The built-in one first, then by name; of two with one name the user's own.
  private(set) var themes: [Theme] = [.standard]
  /// Why a file was left out.
  private(set) var problems: [String] = []

  init(folders: [String]) {
    var seen: Set<String> = []
    var found: [Theme] = []
    for folder in folders {
      let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
      for file in files where file.hasSuffix(".toml") && found.count < Self.mostThemes {
        do {
          // What lies there is waited for by nobody.
          let theme = try Self.load(folder + "/" + file, isPlain: true)
          if seen.insert(theme.name).inserted { found.append(theme) }
        } catch {
          problems.append("\(error)")
        }
      }
    }
    themes = found.sorted { $0.name < $1.name }
    if !seen.contains(Theme.standard.name) { themes.insert(.standard, at: 0) }
  }

  /// A theme by its name, or from a file when it looks like a path.
  ///
  /// - Throws: `ThemeError` that names what is wrong and what there is.
  func theme(_ wanted: String) throws -> Theme {
    if let theme = themes.first(where: { $0.name.lowercased() == wanted.lowercased() }) { return theme }
    if wanted.contains("/") || wanted.hasSuffix(".toml") { return try Self.load(wanted) }
    let names = themes.map(\.name).joined(separator: ", ")
    throw ThemeError(file: wanted, reason: "there is no such theme; there are \(names), or name a file")
  }

  private static func load(_ path: String, isPlain: Bool = false) throws -> Theme {
    let text: String
    do throws(TextFile.Failure) {
      text =
        isPlain
        ? try TextFile.readPlain(path, atMost: largestFile) : try TextFile.read(path, atMost: largestFile)
    } catch {
      throw ThemeError(file: path, reason: error.description)
    }
    return try Theme(toml: text, file: path)
  }

  /// The names that a shell completes; looked for only where a script for a shell is made.
  static let completed: [String] = {
    let arguments = CommandLine.arguments
    guard arguments.contains("--generate-completion-script") else { return [] }
    let places = ThemeCatalogue.folders(
      environment: ProcessInfo.processInfo.environment, program: arguments[0])
    return ThemeCatalogue(folders: places).themes.map(\.name)
  }()

  /// Where themes are looked for, first the user's own.
  static func folders(environment: [String: String], program: String) -> [String] {
    var folders: [String] = []
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
    let config =
      environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home.map { $0 + "/.config" }
    if let config { folders.append(config + "/genapi-top/themes") }
    // Symbolic links are followed, so that a link to the program in some bin folder finds them too.
    let folder = URL(fileURLWithPath: program).resolvingSymlinksInPath().deletingLastPathComponent()
    folders.append(folder.deletingLastPathComponent().path + "/share/genapi-top/themes")
    // Unpacked as one folder.
    folders.append(folder.path + "/themes")
    // Built in the package: .build/<platform>/<configuration>/genapi-top.
    var parent = folder
    for _ in 0..<5 {
      parent = parent.deletingLastPathComponent()
      let isPackage = FileManager.default.fileExists(atPath: parent.path + "/Package.swift")
      if isPackage { folders.append(parent.path + "/themes") }
    }
    return folders
  }

  /// The path this program was started from, also when found through PATH.
  static var program: String {
    #if os(Linux)
      if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
        return path
      }
    #endif
    return Bundle.main.executablePath ?? CommandLine.arguments[0]
  }
}
