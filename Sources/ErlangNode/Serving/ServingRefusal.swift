import ErlangTerms
import OutsideText

/// Why a call of another node is not begun here.
enum ServingRefusal: Sendable, Equatable {
  /// As many run as may.
  case full
  /// The node takes no calls any more: it is about to go.
  case drains

  /// To `erpc`. A node that is about to go is as good as not reached: whoever has others asks one of them.
  var ofSpawn: Term { .atom(self == .full ? "system_limit" : "noconnection") }

  /// To `rpc`.
  var ofRPC: Term { .tuple([.atom("badrpc"), .atom(self == .full ? "system_limit" : "nodedown")]) }

  /// To `gen_server:call`.
  var ofServer: Term { .atom(self == .full ? "system_limit" : "nodedown") }
}
