import GenAPIValue
import Logging

/// The settings of a gateway.
public struct GatewayConfiguration: Sendable {
  /// The gateway's own name among the nodes.
  public var node: ByteText
  /// A client sends requests and pushes configs to other gateways: it holds no functions, pulls nothing and
  /// runs nothing.
  public var isClient = false
  /// Shows clients the cause behind "Internal Server Error". What it is at the start: `Gateway.showsErrorDetail`
  /// tells and changes what it is now.
  public var showsErrorDetail = false
  /// Bytes of a request's payload as received.
  public var maxPayloadBytes = 1_000_000
  /// The bounds of arguments whose declarations name none.
  public var argumentLimits = ArgumentLimits()
  /// The rate limits, and how many keys they follow.
  public var rateLimiter = RateLimiterConfiguration()
  /// The workers of asynchronous functions.
  public var asyncPool = WorkerPoolConfiguration(workers: 1_000)
  /// The workers of functions that stream.
  public var streamPool = WorkerPoolConfiguration(workers: 500)
  /// The threads of functions that block.
  public var offload = OffloadConfiguration()
  /// The bounds of relay groups.
  public var relay = RelayLimits()
  /// Users that are counted of each function, for each of requests, failures and refusals: those who have more than that part of
  /// them are told in `GatewayState.topUsers`. 0 counts none; at most 256.
  public var topUsers = 32
  /// Functions the config store holds at most.
  public var maxFunctions = 50_000
  /// `Module` or `Module.function` that configs may name; nil allows what is not denied. Endpoints are `Swift.SERVICE`, all of a service, or
  /// `Swift.SERVICE.REQUEST_TYPE`; a `.` inside of a name is written `%2E`.
  public var allowedFunctions: Set<ByteText>?
  /// Refuses functions of which nothing says who may call, by whatever door they come: in code that is `.permission(…)` on an
  /// endpoint or its service, in a file or a service's push `check_permission` or `permission_callback`. What is for anybody
  /// then says so: `.permission(.open)`.
  public var requiresPermission = false
  /// Whose choice of a node `hash` and `sticky` make: another gateway's while clients move from it to this one.
  public var nodeChoice = NodeChoiceCompatibility.own
  /// What `Gateway.admin` may be asked for; nothing unless listed.
  public var adminActions: Set<AdminAction> = []
  /// Which services are pulled, and how often.
  public var pull = PullConfiguration()
  /// What a push must carry; nil takes any.
  public var pushToken: ByteText?
  /// Others that are good too, while services change theirs.
  public var otherPushTokens: [ByteText] = []
  /// All that are good.
  public var pushTokens: [ByteText] { pushToken.map { [$0] + otherPushTokens } ?? otherPushTokens }
  /// Where the gateway logs.
  public var logger = Logger(label: "genapi.gateway")

  public init(node: ByteText) { self.node = node }
}
