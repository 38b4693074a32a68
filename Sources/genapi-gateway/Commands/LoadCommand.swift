import ArgumentParser
import GenAPIChannels
import GenAPIServer
import GenAPIValue
import OutsideText

/// Calls a gateway and measures.
struct LoadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load", abstract: "Call a gateway over real sockets and measure how long the answers take.",
    discussion: """
      Without --rate each connection sends its next request when one is answered. The result of an async request \
      and the end of a stream are their answers, that they were taken is none. With --rate requests come at \
      fixed times whatever the server does, and latency counts from those times. Lost connections are made again.

      It calls for a second, --warm-up, before it measures. The gateway counts those requests too; the result only \
      says how many they were.

      genapi-gateway load ws://127.0.0.1:4700 --connections 16 --request demo/echo='{"message":"hi"}'

      It ends with 0 when a request succeeded, 1 when none did.
      """)

  @Argument(
    help: "ws://HOST:PORT or wss://HOST:PORT, [IPv6]:PORT, with the path of the socket if it is another.")
  var url: String

  @Option(name: [.short, .long], help: "Sockets: 1 to 10000.")
  var connections = 16

  @Option(
    name: [.short, .long], parsing: .unconditional,
    help: "Requests that each socket has under way at one time: 1 to 1000.")
  var depth = 1

  @Option(
    name: [.short, .long], parsing: .unconditional,
    help: "Requests a second over all sockets: 0.001 to 10000000.",
    transform: DecimalOption.read)
  var rate: Double?

  @Option(
    name: [.short, .long], parsing: .unconditional, help: "How long to measure, in seconds: up to a week.",
    transform: DecimalOption.read)
  var seconds = 10.0

  @Option(
    parsing: .unconditional,
    help: "How long to call before measuring, in seconds: up to an hour. These requests are not counted.",
    transform: DecimalOption.read)
  var warmUp = 1.0

  @Option(
    parsing: .unconditional,
    help: "How long a socket waits after an answer, in milliseconds; only without --rate.")
  var think: Int64 = 0

  @Option(
    help: ArgumentHelp(
      "What to call: SERVICE/REQUEST_TYPE, with arguments as JSON and a weight: demo/echo='{\"message\":\"x\"}'*3. "
        + "May be given several times.", valueName: "call"))
  var request = ["demo/echo={\"message\":\"hello\"}"]

  @Flag(help: "Take a request as done when the gateway has taken it, for functions that never answer.")
  var noWait = false

  @OptionGroup var client: ClientOptions

  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws { _ = try plan() }

  func run() async throws {
    EarlySignals.restore()
    let report: LoadReport
    do {
      report = try await LoadGenerator(try plan()).run()
    } catch {
      StandardOutput.reportError("load: \("\(error)".shown)")
      throw ExitCode(1)
    }
    try StandardOutput.line(json ? JSONShown.escaping(report.value.jsonBytes) : Array(report.text.utf8))
    guard report.ok > 0 else { throw ExitCode(1) }
  }

  private func plan() throws -> LoadPlan {
    do {
      var plan = LoadPlan(
        client: try client.configuration(url), mix: try request.map { try LoadPlan.Kind(parsing: $0) })
      plan.topic = ByteText(client.topic)
      plan.event = ByteText(client.event)
      plan.connections = connections
      plan.depth = depth
      plan.rate = rate
      plan.thinkMs = think
      plan.seconds = seconds
      plan.waitsForAnswer = !noWait
      plan.warmUpSeconds = warmUp
      try plan.validate()
      return plan
    } catch let error as LoadError {
      throw ValidationError("\(error)")
    } catch let error as CalledFunctionError {
      throw ValidationError("--request: \(error)")
    }
  }
}
