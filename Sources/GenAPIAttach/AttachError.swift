import ErlangNode
import OutsideText

/// Why a gateway of the Elixir library cannot be watched now.
public enum AttachError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No connection came about, and why.
  case unreachable(String)
  /// All names that this program uses are taken by others that watch.
  case namesTaken(Int)
  /// The node lets in only others, as `net_kernel:allow` names them.
  case notAllowed(node: String)
  /// This application does not run on the node.
  case notRunning(application: String)
  /// The library is older than what is supported.
  case tooOld(version: String)
  /// The library runs as a client: there is no gateway in this node.
  case clientMode
  /// Erlang is older than what is supported.
  case oldErlang(release: String)
  /// The node refused the agent: what was asked of it, and what it said.
  case agent(step: String, reason: String)
  /// The node has too little left of something that is bounded, and what.
  case noRoom(String)
  /// As many watch this gateway as may.
  case tooManyWatchers
  /// The agent or the connection to it ended.
  case lost(String)

  public var description: String {
    switch self {
    case .unreachable(let reason): reason
    case .namesTaken(let count):
      "all \(count) names of genapi-top are in use there: as many watch this gateway as may"
    case .notAllowed(let node):
      "it does not let \(node) in: its net_kernel:allow names other nodes"
    case .notRunning(let application): "the application \(application) does not run there"
    case .tooOld(let version): "phoenix_gen_api \(version) is too old; 2.18 and newer can be watched"
    case .clientMode: "phoenix_gen_api runs in client mode there: it is no gateway"
    case .oldErlang(let release): "Erlang/OTP \(release) is too old; 25 and newer can be watched"
    case .agent(let step, let reason): "\(step): \(reason)"
    case .noRoom(let what): "nothing was put there: \(what)"
    case .tooManyWatchers: "as many watch this gateway as may"
    case .lost(let reason): reason
    }
  }

  /// Why there was no answer in time.
  static let busy =
    "no answer in time: the node is busy, or others begin to watch it at the same time; try again"

  /// What refused every name that this program uses: the statuses that the node answered, one a name.
  static func refusal(_ statuses: [String], lastName: String) -> AttachError {
    statuses.contains { $0 != "not_allowed" } || statuses.isEmpty
      ? .namesTaken(statuses.count) : .notAllowed(node: lastName)
  }

  init(_ error: CallError, _ step: String) {
    switch error {
    case .unreachable(let reason): self = .unreachable(reason.string)
    case .connectionLost: self = .lost("the node is gone")
    case .timeout: self = .agent(step: step, reason: Self.busy)
    default: self = .agent(step: step, reason: error.description)
    }
  }
}
