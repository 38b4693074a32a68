import GenAPIGateway

/// Which of several nodes is asked first.
public enum RemoteNodeChoice: Sendable, Hashable {
  /// Any of them, each as likely.
  case random
  /// One after the other.
  case roundRobin
  /// By all arguments.
  case hash
  /// By one argument, counted from 0.
  case hashArgument(Int)
  /// By one argument, counted from 0: the same node for an hour, as long as it is among the nodes.
  case sticky(argument: Int)

  /// The gateway's name for it; arguments go by their number.
  var nodeChoice: NodeChoice {
    switch self {
    case .random: .random
    case .roundRobin: .roundRobin
    case .hash: .hash
    case .hashArgument(let index): .hashKey("\(index)")
    case .sticky(let index): .sticky(.argument("\(index)"))
    }
  }
}
