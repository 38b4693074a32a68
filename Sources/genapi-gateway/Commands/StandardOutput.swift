import ArgumentParser
import OutsideText
import ProgramOutput

/// What a command has to say.
enum StandardOutput {
  /// Writes a line at once: whoever waits for it may not wait for a buffer to fill.
  ///
  /// - Throws: an exit code, after having told why it could not be written. A reader that is gone ends the program.
  static func line(_ text: String) throws { try line(text.utf8) }

  /// The same, of bytes.
  static func line(_ bytes: some Collection<UInt8>) throws {
    do throws(OutputError) {
      try Output.standard.write(Array(bytes) + [UInt8(ascii: "\n")])
    } catch .readerGone {
      OutputError.endWithoutReader()
    } catch {
      reportError("\(error)")
      throw ExitCode(1)
    }
  }

  /// Writes to standard error; much of it comes from files and from the other side. Where nobody reads it, nobody can be told.
  static func reportError(_ text: String) { try? Output.error.write("genapi-gateway: \(text.shownLines)\n") }
}
