#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How a program ends with something to say, as with its help.
public enum ProgramEnd {
  /// What could not be done.
  private static let failure: Int32 = 1

  /// Ends the program. With 0 the message is what was asked for, and goes to standard output: where it cannot be written, the program ends
  /// with 1 and says why. With another code it goes to standard error.
  ///
  /// - Parameter program: what the message of a fault begins with.
  public static func say(_ message: String, code: Int32, program: String) -> Never {
    guard !message.isEmpty else { exit(code) }
    guard code == 0 else {
      try? Output.error.write(message + "\n")
      exit(code)
    }
    do throws(OutputError) {
      try Output.standard.write(message + "\n")
    } catch .readerGone {
      OutputError.endWithoutReader()
    } catch {
      try? Output.error.write("\(program): \(error)\n")
      exit(failure)
    }
    exit(code)
  }
}
