import Foundation
import GenAPIValue
import OutsideText
import ProgramOutput
import TopScreen

extension Dashboard {
  /// Writes the screen to three files for the user alone, in the folder the program was started in.
  ///
  /// - Returns: for the clipboard: the picture's path, and the command that shows the same again; nil when the files could not be
  ///   written, which the footer says.
  func share() -> String? {
    screen.message = nil
    let command = commandAgain
    let base = Self.freeName(Self.fileName(at: Date()), endings: ["svg", "ansi", "txt"])
    do throws(OutputError) {
      for end in ["svg", "ansi", "txt"] {
        let text = drawing(end) + (end == "txt" ? "\n\(command)\n" : "")
        try PrivateFile.write(text.utf8, to: "\(base).\(end)")
      }
    } catch {
      screen.message = .init("\(error)", .warning)
      return nil
    }
    let path = FileManager.default.currentDirectoryPath + "/\(base).svg"
    let said = "wrote \(base).svg, .ansi and .txt"
    wrote = said
    screen.message = .init(said)
    return "\(path)\n\(command)"
  }

  /// In the form that a file of this ending has.
  func drawing(_ end: String) -> String {
    switch end {
    case "svg": SVGWriter(theme: theme).write(frame())
    case "ansi": ANSIWriter(colors: isColorless ? .none : .full).write(frame())
    default: TextWriter.write(frame())
    }
  }

  /// `genapi-top --replay day.jsonl --from 754123ms --filter 'service:x' --press 'T 1 2 : 0 4 : 3 1 Z enter 5 enter'`: of a recording,
  /// or one that is being written, the same moment; else what the gateways show then.
  var commandAgain: String {
    let content = currentContent()
    var words = ["genapi-top"]
    let recording: (path: String, beginsAt: Int64)? =
      if let replay = feed as? ReplayFeed {
        (replay.path, replay.beginsAt)
      } else if let live = (feed as? LiveFeed)?.recording {
        (live.path, recordingBeganAt ?? content.header.at)
      } else {
        nil
      }
    if let recording {
      let from = max(0, (content.header.at - recording.beginsAt) / 1_000)
      words += ["--replay", recording.path, "--from", "\(from)ms"]
    } else {
      words += feed.targets.map(\.string)
    }
    let filter = screen.settings.filter.text
    if !filter.isEmpty { words += ["--filter", filter] }
    let keys = KeysAgain(keyMap: controller.keyMap, start: startScreen)
      .keys(to: screen, content, isOfMoment: recording != nil)
    if !keys.isEmpty {
      words += ["--press", keys.prefix(PressedKeys.most).map(\.name).joined(separator: " ")]
    }
    return words.map { Self.quoted($0) }.joined(separator: " ")
  }

  /// As a shell reads it back.
  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:@=,+".contains($0)) }
    return isPlain ? word : "'" + word.shown.replacing("'", with: "'\\''") + "'"
  }

  /// With a number behind it where there is a file of that name: two of one second are two.
  static func freeName(_ name: String, endings: [String]) -> String {
    func isTaken(_ name: String) -> Bool {
      endings.contains { FileManager.default.fileExists(atPath: "\(name).\($0)") }
    }
    guard isTaken(name) else { return name }
    return (2...999).lazy.map { "\(name)-\($0)" }.first { !isTaken($0) } ?? name
  }

  private static func fileName(at date: Date) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = "yyyyMMdd-HHmmss"
    return "genapi-top-\(format.string(from: date))"
  }
}
