import GenAPIValue
import Locking

/// Remembers which node a key was sent to: for an hour after it was last used, at most
/// 100 000 keys, least recently used out first.
package final class StickyNodes: Sendable {
  struct Key: Hashable, Sendable {
    var service: ByteText
    var requestType: ByteText
    var key: RequestKey
    var value: ByteText
  }

  private struct Entry {
    var node: ByteText
    var expires: Int64
    /// When it was used last, by a counter.
    var use: UInt64
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    /// Uses in their order; an entry that was used again since is stale here and skipped.
    var uses: [(key: Key, use: UInt64)] = []
    var oldest = 0
    var clock: UInt64 = 0
  }

  static let lifetimeNanoseconds: Int64 = 3_600 * 1_000_000_000

  let capacity: Int
  private let state = Mutex(State())

  package init(capacity: Int = 100_000) { self.capacity = capacity }

  /// - Parameter first: the node of a key that has none, or whose node is gone; nil for any.
  func node(
    for key: Key, among nodes: [ByteText], now: Int64, first: @autoclosure () -> ByteText? = nil
  ) -> ByteText {
    state.withLock { state in
      state.clock += 1
      let use = state.clock
      state.uses.append((key, use))
      defer { trim(&state) }
      if let entry = state.entries[key], entry.expires > now, nodes.contains(entry.node) {
        state.entries[key]?.use = use
        state.entries[key]?.expires = now + Self.lifetimeNanoseconds
        return entry.node
      }
      let node = first() ?? nodes.randomElement() ?? ""
      state.entries[key] = Entry(node: node, expires: now + Self.lifetimeNanoseconds, use: use)
      return node
    }
  }

  var count: Int { state.withLock { $0.entries.count } }

  /// Amortised constant: every use is appended once and dropped once.
  private func trim(_ state: inout State) {
    while state.entries.count > capacity, state.oldest < state.uses.count {
      let (key, use) = state.uses[state.oldest]
      state.oldest += 1
      if state.entries[key]?.use == use { state.entries[key] = nil }
    }
    if state.uses.count - state.oldest > 2 * capacity + 1_024 {
      let entries = state.entries
      state.uses = state.uses[state.oldest...].filter { entries[$0.key]?.use == $0.use }
      state.oldest = 0
    } else if state.oldest > capacity {
      state.uses.removeFirst(state.oldest)
      state.oldest = 0
    }
  }
}
