import GenAPIChannels
import GenAPIGateway
import GenAPIStream
import Logging

/// Everything a configuration file says.
public struct ServerConfiguration: Sendable {
  /// Who is let in.
  public enum Authentication: String, Sendable, CaseIterable {
    case anonymous
    case jwt
    case phoenixToken = "phoenix_token"
  }

  public var logLevel = Logger.Level.info
  /// Every telemetry event is a debug line of the log.
  public var logsEvents = false
  public var gateway = GatewayConfiguration(node: "gateway")
  public var websocket = ChannelServerConfiguration()
  public var authentication = Authentication.jwt
  public var authenticator: any Authenticator = AnonymousAuthenticator()
  public var telemetry = StreamExporterConfiguration()
  /// A listener of its own for health and metrics; nil answers them where the sockets are.
  public var health: (host: String, port: Int)?
  /// The gateway as a node of an Erlang cluster; nil when it is on its own.
  public var cluster: ClusterConfiguration?
  public var functions: [FunctionConfig] = []
  /// Every setting in the order of the sections, with its origin.
  public var settings: [Setting] = []
  /// Files of it that others can get at, in words.
  public var warnings: [String] = []

  init() {}
}
