import ArgumentParser
import Foundation
import GenAPIChannels
import GenAPIServer
import GenAPIValue
import NIOSSL

/// Calls a gateway and measures.
struct LoadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load", abstract: "Call a gateway over real sockets and measure how long the answers take.",
    discussion: """
      Without --rate each connection sends its next request when one is answered. With --rate requests come at \
      fixed times whatever the server does, and latency counts from those times.

      genapi-gateway load ws://127.0.0.1:4700 --connections 16 --request demo/echo='{"message":"hi"}'
      """)

  @Argument(help: "ws://HOST:PORT or wss://HOST:PORT, with the path of the socket if it is another.")
  var url: String

  @Option(name: [.short, .long], help: "Sockets: 1 to 10000.")
  var connections = 16

  @Option(name: [.short, .long], help: "Requests that each socket has under way at one time: 1 to 1000.")
  var depth = 1

  @Option(name: [.short, .long], help: "Requests a second over all sockets.")
  var rate: Double?

  @Option(name: [.short, .long], help: "How long to measure, in seconds.")
  var seconds = 10.0

  @Option(help: "How long to call before measuring, in seconds.")
  var warmUp = 1.0

  @Option(help: "How long a socket waits after an answer, in milliseconds; only without --rate.")
  var think: Int64 = 0

  @Option(
    help: ArgumentHelp(
      "What to call: SERVICE/REQUEST_TYPE, with arguments as JSON and a weight: demo/echo='{\"message\":\"x\"}'*3. "
        + "May be given several times.", valueName: "call"))
  var request = ["demo/echo={\"message\":\"hello\"}"]

  @Option(help: "The topic to join.")
  var topic = "api:lobby"

  @Option(help: "The event that carries requests.")
  var event = "api"

  @Option(help: "The client's token; by default the variable GENAPI_CLIENT_TOKEN.")
  var token: String?

  @Option(help: "The serializer's version: 2.0.0 or 1.0.0.")
  var vsn = "2.0.0"

  @Flag(help: "Speak TOON instead of JSON; without a path in the URL on /toon/websocket.")
  var toon = false

  @Flag(help: "Take any certificate.")
  var insecure = false

  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    _ = try client()
    _ = try request.map(Self.kind)
    guard (1...10_000).contains(connections) else {
      throw ValidationError("--connections must be 1 to 10000.")
    }
    guard (1...1_000).contains(depth) else { throw ValidationError("--depth must be 1 to 1000.") }
    guard rate.map({ $0 > 0 }) ?? true else { throw ValidationError("--rate must be above 0.") }
    guard seconds > 0, warmUp >= 0, think >= 0 else { throw ValidationError("Times must not be negative.") }
    if toon, SerializerVersion(vsn: ByteText(vsn)) != .two {
      throw ValidationError("--toon needs --vsn 2.x.")
    }
    guard SerializerVersion(vsn: ByteText(vsn)) != nil else {
      throw ValidationError("--vsn must be 1.x or 2.x.")
    }
  }

  func run() async throws {
    var plan = LoadPlan(client: try client(), mix: try request.map(Self.kind))
    plan.topic = topic
    plan.event = ByteText(event)
    plan.connections = connections
    plan.depth = depth
    plan.rate = rate
    plan.thinkMs = think
    plan.seconds = seconds
    plan.warmUpSeconds = warmUp
    do {
      let report = try await LoadGenerator(plan).run()
      print(json ? report.value.json : report.text)
    } catch {
      FileHandle.standardError.write(Data("genapi-gateway load: \(error)\n".utf8))
      throw ExitCode(1)
    }
  }

  private func client() throws -> ChannelClientConfiguration {
    guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
      parts.scheme == "ws" || parts.scheme == "wss"
    else { throw ValidationError("\"\(url)\" must be ws://HOST:PORT or wss://HOST:PORT.") }
    let isSecure = parts.scheme == "wss"
    var configuration = ChannelClientConfiguration(host: host, port: parts.port ?? (isSecure ? 443 : 4_700))
    if toon {
      configuration.toon = .v3
      configuration.path = "/toon/websocket"
    }
    if !parts.path.isEmpty, parts.path != "/" { configuration.path = parts.path }
    configuration.vsn = vsn
    if let token = token ?? ProcessInfo.processInfo.environment["GENAPI_CLIENT_TOKEN"] {
      configuration.parameters["token"] = token
    }
    if isSecure {
      var tls = TLSConfiguration.makeClientConfiguration()
      if insecure { tls.certificateVerification = .none }
      configuration.tls = tls
    }
    return configuration
  }

  private static func kind(_ text: String) throws -> LoadPlan.Kind {
    var rest = text[...]
    var weight = 1
    if let star = rest.lastIndex(of: "*"), let number = Int(rest[rest.index(after: star)...]) {
      guard (1...1_000).contains(number) else { throw ValidationError("A weight must be 1 to 1000.") }
      weight = number
      rest = rest[..<star]
    }
    let parts = rest.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let names = parts[0].split(separator: "/", omittingEmptySubsequences: false)
    guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else {
      throw ValidationError("--request must be SERVICE/REQUEST_TYPE, not \"\(text)\".")
    }
    var args: ValueObject = [:]
    if parts.count > 1 {
      guard let object = (try? Value(json: String(parts[1])))?.object else {
        throw ValidationError("The arguments in \"\(text)\" must be a JSON object.")
      }
      args = object
    }
    return LoadPlan.Kind(service: String(names[0]), requestType: String(names[1]), args: args, weight: weight)
  }
}
