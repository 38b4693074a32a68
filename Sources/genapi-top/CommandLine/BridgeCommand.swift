import ArgumentParser
import Foundation
import GenAPIAttach
import GenAPIStream
import GenAPIValue
import Locking

/// A gateway of the Elixir library as a telemetry stream, for other programs.
struct BridgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bridge",
    abstract: "Export a gateway of the Elixir library as a telemetry stream, until interrupted.",
    usage: "genapi-top bridge erlang:<name@host> [--listen <address>] [--token-file <path>]",
    discussion: """
      While it is attached the stream is open: for nc, other dashboards, check, events and recordings. Without a token it \
      listens on loopback addresses and Unix sockets only.
      """)

  @Argument(help: ArgumentHelp("The gateway: erlang:name@host.", valueName: "target"))
  var target: String

  @Option(
    help: ArgumentHelp(
      "Where the stream is open: host:port, [IPv6]:port or unix:/path. Default: 127.0.0.1:4710.",
      valueName: "address"))
  var listen: String?

  @Option(
    help: ArgumentHelp(
      "A file whose first line is the token that clients must send. Default: the variable GENAPI_TOKEN, or none.",
      valueName: "path"))
  var tokenFile: String?

  @OptionGroup var attach: AttachOptions

  func validate() throws {
    do { _ = try AttachTarget(parsing: target) } catch { throw ValidationError("\(error)") }
    do { _ = try listen.map { try StreamTarget(parsing: $0) } } catch {
      throw ValidationError("--listen: \(error)")
    }
  }

  func run() throws {
    let watched = try TargetOptions.target(parsing: target, token: nil)
    guard let settings = try attach.settings(for: [watched]) else { return }
    let token = try TargetOptions.token(
      nil, files: [(tokenFile, "--token-file")], environment: ProcessInfo.processInfo.environment)
    let address: ListenAddress =
      switch try listen.map({ try StreamTarget(parsing: $0).address }) {
      case .tcp(let host, let port)?: .tcp(host: host, port: port)
      case .unix(let path)?: .unix(path: path)
      case nil: .tcp(host: StreamProtocol.defaultHost, port: StreamProtocol.defaultPort)
      }
    if !address.isLocal, token == nil {
      throw UsageError.end(
        "\(address) can be reached from other machines, so that clients need a token; give --token-file",
        code: UsageError.usage)
    }
    let attached = AttachedTarget(
      try AttachTarget(parsing: target), settings: settings,
      exporter: StreamExporterConfiguration(addresses: [address], token: token.map { ByteText($0) }))
    do { try Blocking.wait { try await attached.checkAddresses() } } catch {
      throw UsageError.end("\(error)", code: UsageError.failure)
    }
    let last = Mutex<String?>(nil)
    let what =
      attach.noAgent
      ? "It is read as it is, nothing is loaded there; --dry-run shows how"
      : "A module, \(AgentProgram.module), is there as long as it is watched; --dry-run shows it"
    attached.onChange { [target] in
      let text =
        attached.problem.map { "\($0.string); trying again" }
        ?? "attached; the stream is open at \(address). \(what)"
      // It is tried for as long as this runs: the same is said once.
      let isNew = last.withLock { last in
        defer { last = text }
        return last != text
      }
      if isNew { UsageError.say("\(target): \(text)") }
    }
    let signals = EndSignals()
    attached.start()
    signals.wait()
    Blocking.wait(atMost: .seconds(2)) { await attached.stop() }
  }
}
