import CNCurses
import Foundation

/// The colours that a terminal takes beyond what its description says.
enum ColorOffer: Equatable {
  case asDescribed
  /// GNU screen, which is described with 8 and knows nothing of 24 bits, whatever the terminal around it takes.
  case palette256
  /// 24 bits: the terminal says so in COLORTERM. tmux always takes them, and turns them into what lies below it.
  case direct

  init(environment: [String: String]) {
    func isSet(_ name: String) -> Bool { environment[name]?.isEmpty == false }
    let answer = environment["COLORTERM"]?.lowercased() ?? ""
    if isSet("STY"), environment["TERM"]?.hasPrefix("screen") == true {
      self = .palette256
    } else if answer == "truecolor" || answer == "24bit" || isSet("TMUX") {
      self = .direct
    } else {
      self = .asDescribed
    }
  }

  /// Runs `open` while ncurses finds the description with these colours; plainly when there is none to change.
  ///
  /// The changed description lives in a folder of its own, and TERMINFO names it, only for as long as `open` runs.
  /// No other thread of this program reads the environment then.
  func withDescription<Result>(
    of name: String, environment: [String: String], _ open: () throws -> Result
  ) rethrows -> Result {
    guard self != .asDescribed, let bytes = Self.description(of: name, environment: environment),
      var description = TerminalDescription(bytes)
    else { return try open() }
    switch self {
    case .direct: description.useDirectColor()
    case .palette256 where description.colors < 256: description.usePalette256()
    case .palette256, .asDescribed: return try open()
    }
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "genapi-top-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: folder) }
    for initial in [String(name.prefix(1)), String(name.utf8.first ?? 0, radix: 16)] {
      let place = folder.appending(path: initial, directoryHint: .isDirectory)
      try? FileManager.default.createDirectory(
        at: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try? Data(description.encoded()).write(to: place.appending(path: name))
    }
    let old = environment["TERMINFO"]
    setenv("TERMINFO", folder.path, 1)
    defer {
      if let old { setenv("TERMINFO", old, 1) } else { unsetenv("TERMINFO") }
    }
    return try open()
  }

  /// Where `terminfo(5)` says descriptions are; at most a megabyte is read.
  private static func description(of name: String, environment: [String: String]) -> [UInt8]? {
    guard !name.contains("/"), let first = name.utf8.first else { return nil }
    var folders = [environment["TERMINFO"], environment["HOME"].map { $0 + "/.terminfo" }].compactMap { $0 }
    folders += (environment["TERMINFO_DIRS"] ?? "").split(separator: ":").map(String.init)
    folders += ["/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo"]
    folders += ["/usr/local/share/terminfo", "/opt/homebrew/share/terminfo"]
    for folder in folders {
      for initial in [String(name.prefix(1)), String(first, radix: 16)] {
        let path = "\(folder)/\(initial)/\(name)"
        guard let file = FileHandle(forReadingAtPath: path) else { continue }
        if let data = try? file.read(upToCount: 1 << 20) { return [UInt8](data) }
      }
    }
    return nil
  }
}
