import ArgumentParser
import Foundation
import GenAPIChannels
import GenAPIServer
import GenAPIValue
import OutsideText
import TOMLFile

/// Calls one function once.
struct CallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call", abstract: "Call one function of a gateway and print what it answers.",
    discussion: """
      genapi-gateway call demo/echo '{"message":"hi"}'

      Prints the result as JSON on one line; the parts of a stream as a line each, as they come. It ends with 0 \
      when the result came, 1 when the gateway answered with an error, 2 when there was no answer.
      """)

  @Argument(
    help: ArgumentHelp(
      "What to call: SERVICE/REQUEST_TYPE; a / in the service's name is written \\/.", valueName: "function"))
  var function: String

  @Argument(
    help: ArgumentHelp("The arguments, a JSON object; - reads them from standard input.", valueName: "json"))
  var args = "{}"

  @Option(help: "Where: ws://HOST:PORT or wss://HOST:PORT, with the path of the socket if it is another.")
  var url = "ws://127.0.0.1:4700"

  @Option(help: ArgumentHelp("The function's version. Default: the newest.", valueName: "version"))
  var version: String?

  @OptionGroup var client: ClientOptions

  @Option(
    parsing: .unconditional,
    help: "How long to wait for the connection and for each answer, in seconds: up to an hour.",
    transform: DecimalOption.read)
  var timeout = 30.0

  @Flag(help: "End when the gateway has taken the request, for a function that never answers.")
  var noWait = false

  @Flag(help: "Print every answer as the gateway sent it, one JSON object a line.")
  var json = false

  func validate() throws {
    _ = try client.configuration(url)
    guard (0.01...3_600).contains(timeout) else {
      throw ValidationError("--timeout must be 0.01 to 3600 seconds, not \(timeout).")
    }
    do {
      _ = try CalledFunction(parsing: function)
      if args != "-" { _ = try CalledFunction.arguments(parsing: args) }
    } catch {
      throw ValidationError("\(error)")
    }
  }

  func run() async throws {
    EarlySignals.restore()
    var call = GatewayCall(
      client: try client.configuration(url), function: try CalledFunction(parsing: function),
      args: try arguments())
    call.timeoutMs = Int64(timeout * 1_000)
    call.client.connectTimeout = .milliseconds(call.timeoutMs)
    call.topic = ByteText(client.topic)
    call.event = ByteText(client.event)
    call.version = version.map { ByteText($0) }
    call.waitsForAnswer = !noWait
    do {
      try await call.run { [json] answer in
        if json {
          try StandardOutput.line(JSONShown.escaping(answer.response.jsonBytes))
        } else if let result = answer.result {
          try StandardOutput.line(JSONShown.escaping(result.jsonBytes))
        }
      }
    } catch let error as CallError {
      StandardOutput.reportError("call: \("\(error)".shown)")
      if case .failed = error { throw ExitCode(1) }
      throw ExitCode(2)
    }
  }

  private func arguments() throws -> ValueObject {
    guard args == "-" else { return try CalledFunction.arguments(parsing: args) }
    let text = String(decoding: try StandardInput.read(atMost: TextFile.mostBytes), as: UTF8.self)
    do {
      return try CalledFunction.arguments(parsing: text)
    } catch {
      throw ValidationError("\(error)")
    }
  }
}
