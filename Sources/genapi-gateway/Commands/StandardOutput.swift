import ArgumentParser
import Foundation

/// What a command has to say.
enum StandardOutput {
  /// Writes a line at once: whoever waits for it may not wait for a buffer to fill.
  ///
  /// - Throws: an exit code, after having told why it could not be written.
  static func line(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    } catch {
      complain("cannot write: \(error.localizedDescription)")
      throw ExitCode(1)
    }
  }

  /// On standard error.
  static func complain(_ text: String) {
    FileHandle.standardError.write(Data("genapi-gateway: \(text)\n".utf8))
  }
}
