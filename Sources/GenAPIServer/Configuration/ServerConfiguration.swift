import GenAPIChannels
import GenAPIGateway
import GenAPIStream
import GenAPITokens
import GenAPIValue
import Logging

/// Everything a configuration file says.
package struct ServerConfiguration: Sendable {
  /// Where it was read.
  package var file = ""
  /// Nothing is set in the file.
  package var isEmpty = false
  package var logLevel = Logger.Level.info
  package var logFormat = LogFormat.text
  /// A line of the log for each request that ended.
  package var logsRequests = false
  /// Every telemetry event is a debug line of the log.
  package var logsEvents = false
  package var gateway = GatewayConfiguration(node: "gateway")
  package var websocket = PhoenixServerConfiguration()
  package var authentication = Authentication.jwt
  package var authenticator: any Authenticator = AnonymousAuthenticator()
  /// Claims of tokens that limits may count by.
  package var countedClaims: [ByteText] = []
  package var telemetry = StreamExporterConfiguration()
  /// A listener of its own for health and metrics; nil answers them where the sockets are.
  package var health: (host: String, port: Int)?
  /// Whether the functions are told where the metrics are.
  package var tellsFunctions = false
  /// A socket for it that listens already.
  package var healthSocket: Int32?
  /// A Unix socket where operators of this machine ask, and `genapi-gateway ctl`; nil for none.
  package var controlPath: String?
  /// The gateway as a node of an Erlang cluster; nil when it is on its own.
  package var cluster: ClusterConfiguration?
  package var functions: [FunctionConfig] = []
  /// Every setting in the order of the sections, with its origin.
  package var settings: [Setting] = []
  /// Files with secrets and certificates.
  package var secretFiles: Set<String> = []
  /// Other files that belong to it, without the configuration itself.
  package var otherFiles: Set<String> = []
  /// What was read in these files and in the configuration itself, by path, as `FileWatch` tells contents apart.
  package var contents: [String: Int] = [:]
  /// Which files are looked at for changes.
  package var watch = FileWatch.Kind.secrets
  package var watchInterval = Duration.seconds(5)
  /// What the server shows, and until when.
  package var certificates: [CertificateUse] = []
  /// Files of it that others can get at, in words.
  package var warnings: [String] = []

  /// Reads the text of a file of public keys for tokens. The program has it from GenAPIJWKS, which one without such keys need not
  /// link.
  ///
  /// Throws what is wrong with the text, in words that go behind the file's name.
  package typealias WebKeyReader = @Sendable (String) throws -> any TokenKeys

  init() {}

  /// What a configuration without functions means for who is to be ready; nil for one that has some, or needs none.
  package var warningOfNoFunctions: String? {
    guard functions.isEmpty, !gateway.isClient else { return nil }
    return "0 functions: /readyz stays 503 until some are pushed or pulled"
  }

  /// Listens on sockets that are open already, where there are any, and warns of each that is elsewhere than the setting
  /// says it should be.
  package mutating func use(_ sockets: PassedSockets) {
    warnings += ["websocket", "health"].compactMap { name in
      let isHealth = name == "health"
      if isHealth, health == nil { return nil }
      return sockets.warning(
        name, host: isHealth ? health?.host ?? "" : websocket.host,
        port: isHealth ? health?.port ?? 0 : websocket.port)
    }
    websocket.listeningSocket = sockets.byName["websocket"]
    healthSocket = sockets.byName["health"]
    if healthSocket != nil, health == nil { health = (host: "localhost", port: 0) }
  }
}
