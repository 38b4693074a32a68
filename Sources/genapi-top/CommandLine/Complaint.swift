import ArgumentParser
import Foundation

/// What the user is told on standard error before the program ends.
enum Complaint {
  /// Something was wrong with what the user asked for.
  static let usage: Int32 = 2
  /// It could not be done.
  static let failure: Int32 = 1

  static func say(_ text: String) {
    FileHandle.standardError.write(Data("genapi-top: \(text)\n".utf8))
  }

  /// To be thrown.
  static func end(_ text: String, code: Int32 = failure) -> ExitCode {
    say(text)
    return ExitCode(code)
  }
}
