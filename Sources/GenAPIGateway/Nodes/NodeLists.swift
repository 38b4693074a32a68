import GenAPITelemetry
import GenAPIValue
import Locking
import Logging

/// Finds the nodes of functions and services: those that are listed, and those that a function lists.
///
/// A function that is registered here is called each time. Any other is asked on a node of the service, as Elixir services name
/// functions of their own (`{ClusterHelper, :get_nodes, [:chat]}`): its answer is kept for `freshMs`, one request asks for all
/// that need it, and what was known is used while it cannot be asked anew, up to `staleMs`.
package final class NodeLists: Sendable {
  /// How long an answer from another node counts, in milliseconds.
  package static let freshMs: Int64 = 5_000
  /// How long the last answer is used while there is no newer one, in milliseconds.
  package static let staleMs: Int64 = 600_000
  /// Functions whose answers are kept.
  static let mostEntries = 1_000
  /// Nodes that are asked before it is given up.
  static let mostAsked = 5

  private struct Key: Hashable {
    var service: ByteText
    var reference: FunctionReference
  }

  private struct Entry {
    var names: [ByteText] = []
    /// When `names` were told, on the monotonic clock; nil before the first answer.
    var toldAtNs: Int64?
    /// When it is asked again.
    var nextNs: Int64 = .min
    var asking: Task<[ByteText], any Error>?
  }

  private let registry: FunctionRegistry
  private let remote: any RemoteCaller
  private let clock: any GatewayClock
  private let logger: Logger
  private let entries = Mutex<[Key: Entry]>([:])
  /// The nodes on which a service is known to be.
  private let nodesOf: @Sendable (ByteText) -> [ByteText]

  init(
    registry: FunctionRegistry, remote: any RemoteCaller, clock: any GatewayClock, logger: Logger,
    nodesOf: @escaping @Sendable (ByteText) -> [ByteText]
  ) {
    self.registry = registry
    self.remote = remote
    self.clock = clock
    self.logger = logger
    self.nodesOf = nodesOf
  }

  /// Whether a function that is not registered here can be asked anywhere.
  var canAsk: Bool { remote.reachesNodes }

  /// The names that a function lists, which are none when it lists none.
  ///
  /// - Parameter timeoutMs: how long one call may take; nil is 5 s.
  /// - Throws: `FunctionError` when nobody could be asked, or the answer was no list of names.
  nonisolated(nonsending) func names(
    _ reference: FunctionReference, of service: ByteText, timeoutMs: Int64?
  ) async throws(FunctionError) -> [ByteText] {
    let timeoutMs = timeoutMs ?? 5_000
    if let list = registry.nodeList(reference) {
      do {
        return try await withDeadline(milliseconds: timeoutMs, on: clock) {
          try await list(reference.arguments)
        }
      } catch {
        throw FunctionError("\(reference.name) failed: \(error)")
      }
    }
    guard canAsk else { throw FunctionError("no node list is registered as \(reference.name)") }
    let key = Key(service: service, reference: reference)
    let now = clock.monotonicNanoseconds()
    let (known, asking) = entries.withLock { entries -> ([ByteText]?, Task<[ByteText], any Error>?) in
      var entry = entries[key] ?? Entry()
      let isKnown = entry.toldAtNs.map { now - $0 < Self.staleMs * 1_000_000 } ?? false
      let known = isKnown ? entry.names : nil
      if entry.asking == nil, now >= entry.nextNs {
        if entries[key] == nil, entries.count >= Self.mostEntries { Self.makeRoom(&entries) }
        entry.nextNs = now + Self.freshMs * 1_000_000
        entry.asking = Task { try await self.ask(key, timeoutMs, isKnown: isKnown) }
        entries[key] = entry
      }
      return (known, entry.asking)
    }
    // What is known serves while one asks.
    if let known { return known }
    guard let asking else { throw FunctionError("\(reference.name) could not be asked a moment ago") }
    do {
      return try await asking.value
    } catch {
      throw error as? FunctionError ?? FunctionError("\(reference.name) failed: \(error)")
    }
  }

  private static func makeRoom(_ entries: inout [Key: Entry]) {
    guard
      let oldest = entries.filter({ $0.value.asking == nil }).min(by: { $0.value.nextNs < $1.value.nextNs })
    else { return }
    entries[oldest.key] = nil
  }

  private func ask(_ key: Key, _ timeoutMs: Int64, isKnown: Bool) async throws -> [ByteText] {
    let answer = await answer(key, timeoutMs)
    let now = clock.monotonicNanoseconds()
    entries.withLock { entries in
      entries[key]?.asking = nil
      if case .success(let names) = answer {
        entries[key]?.names = names
        entries[key]?.toldAtNs = now
        entries[key]?.nextNs = now + Self.freshMs * 1_000_000
      } else if !isKnown {
        // Nobody can be served until it is asked again.
        entries[key]?.nextNs = now + 500_000_000
      }
    }
    if case .failure(let error) = answer {
      logger.warning(
        "the nodes of a service could not be asked for",
        metadata: [
          "service": "\(key.service)", "function": "\(key.reference.name)", "error": "\(error.reason)",
          "used": isKnown ? "the last answer" : "none",
        ])
    }
    return try answer.get()
  }

  private func answer(_ key: Key, _ timeoutMs: Int64) async -> Result<[ByteText], FunctionError> {
    let told = entries.withLock { $0[key]?.names } ?? []
    var candidates = nodesOf(key.service)
    candidates += told.filter { !candidates.contains($0) }
    let name = key.reference.name
    var last = FunctionError("\(name) is not registered, and no node of \(key.service) is known to ask")
    let budget = NodeBudget(.milliseconds(timeoutMs), on: clock)
    candidates = Array(candidates.prefix(Self.mostAsked))
    for (index, node) in candidates.enumerated() {
      guard case .left(let timeout) = budget.rest else { break }
      do {
        let call = FunctionCall(arguments: key.reference.arguments)
        switch try await remote.call(
          key.reference, call, on: node, timeout: timeout,
          connectingWithin: NodeBudget.connecting(of: timeout, isLast: index + 1 == candidates.count))
        {
        case .ok(let value):
          guard let names = Self.names(value) else {
            last = FunctionError(
              "\(name) on \(node) must answer a list of nodes, not \(value.json(cut: 80))")
            continue
          }
          return .success(names)
        case .error(let error): last = FunctionError("\(name) on \(node) answered an error: \(error.reason)")
        }
      } catch {
        last = FunctionError("\(name) on \(NodeReason.text(node, ByteText("\(error)")))")
      }
    }
    return .failure(last)
  }

  /// The names of a list of them; nil for anything else, and beyond the bounds of a config's list.
  private static func names(_ value: Value) -> [ByteText]? {
    guard let list = value.array, list.count <= ConfigBounds.nodes else { return nil }
    let names = list.compactMap(\.string)
    return names.count == list.count && ConfigBounds.faults(ofNodes: names).isEmpty ? names : nil
  }
}
