import GenAPIValue
import Locking

/// The nodes that a hook was asked of; none where it runs here.
final class AskedNode: Sendable {
  private struct State {
    var name: ByteText?
    var order: [ByteText]?
  }

  private let state = Mutex(State())

  /// The one that was asked last.
  var name: ByteText? { state.withLock { $0.name } }

  /// The nodes that were chosen for the request, from the one that was asked last on; those before it cannot be reached.
  var order: [ByteText]? { state.withLock { $0.order } }

  /// The same with the one that was asked last at their end.
  var others: [ByteText]? { order.map { Array($0.dropFirst() + $0.prefix(1)) } }

  func asks(_ place: Int, of nodes: [ByteText]) {
    state.withLock { $0 = State(name: nodes[place], order: Array(nodes[place...] + nodes[..<place])) }
  }
}
