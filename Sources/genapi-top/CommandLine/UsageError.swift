import ArgumentParser
import Foundation
import OutsideText
import ProgramOutput

/// What the user is told on standard error before the program ends.
enum UsageError {
  /// Something was wrong with what the user asked for.
  static let usage: Int32 = 2
  /// It could not be done.
  static let failure: Int32 = 1

  /// - Parameter more: lines below it.
  static func say(_ text: String, _ more: [String] = []) {
    // Much of it comes from gateways and files. Where nobody reads it, nobody can be told.
    let lines = ["genapi-top: \(text.shown)"] + more.map(\.shown)
    try? Output.error.write(lines.map { $0 + "\n" }.joined())
  }

  /// Writes to standard output.
  ///
  /// - Throws: an exit code, after having told why it could not be written. A reader that is gone ends the program.
  static func print(_ bytes: some Collection<UInt8>, code: Int32 = failure) throws {
    do throws(OutputError) {
      try Output.standard.write(bytes)
    } catch .readerGone {
      OutputError.endWithoutReader()
    } catch {
      throw end("\(error)", code: code)
    }
  }

  /// To be thrown.
  static func end(_ text: String, _ more: [String] = [], code: Int32 = failure) -> ExitCode {
    say(text, more)
    return ExitCode(code)
  }
}
