import ArgumentParser
import OutsideText
import TOMLFile

/// What is given to a command through a pipe.
enum StandardInput {
  /// Reads all of it.
  ///
  /// - Throws: an exit code, after having told why it cannot be read: closed, a folder, too long.
  static func read(atMost most: Int) throws -> [UInt8] {
    do throws(TextFile.Failure) {
      return try TextFile.read(descriptor: 0, atMost: most, called: "standard input")
    } catch {
      StandardOutput.reportError("standard input \(error)")
      throw ExitCode(1)
    }
  }
}
