import Foundation
import GenAPIChannels
import GenAPIStream
import GenAPIValue

/// Runs a program, and ends it with exit code 1 and one line on standard error when it throws: an address that is taken, a setting that
/// is out of range.
///
/// ```swift
/// await runProgram {
///   try await serve(makeGateway(users), secret: secret)
/// }
/// ```
///
/// What is thrown at the top of a program, or by a `main()` that throws, is told by Swift as a crash, with its stack.
///
/// - Parameter body: what the program does; the process goes on when it returns.
nonisolated(nonsending) public func runProgram(_ body: () async throws -> Void) async {
  do {
    try await body()
  } catch {
    let name = CommandLine.arguments.first.map { URL(fileURLWithPath: $0).lastPathComponent } ?? "program"
    FileHandle.standardError.write(Data((programFault(error, of: name) + "\n").utf8))
    exit(1)
  }
}

/// What the user of a program reads of an error that ended it, on one line.
package func programFault(_ error: any Error, of program: String) -> String {
  // An address is in the texts of these, and not what was to listen there.
  let part: String
  switch error {
  case is StreamExporterError: part = "the telemetry stream: "
  case is PhoenixServerError: part = "the server for clients: "
  default: part = ""
  }
  return "\(program): \(part)\(ByteText("\(error)").shown)"
}
