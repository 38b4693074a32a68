import ErlangNode
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import Locking
import Logging

/// Looks for a cluster's nodes again and again, and keeps connected to those it finds.
///
/// As `nodes` functions of configs: `Cluster.discovered`, all that the sources list; `Cluster.connected`, all nodes
/// connected now, however they came.
public final class NodeDiscovery: Sendable {
  private struct State {
    /// What each source listed last, in the order of the sources.
    var found: [[ByteText]]
    var connecting: [ByteText: Task<Void, Never>] = [:]
    var problems: [ByteText] = []
  }

  private let node: LocalNode
  private let sources: [DiscoverySource]
  private let intervalMs: Int64
  private let clock: any GatewayClock
  private let logger: Logger
  private let state: Mutex<State>

  /// Makes a discovery that looks again and again, and connects to what it finds.
  ///
  /// - Parameter interval: from one look to the next: 100 ms … 24 h.
  /// - Throws: `LocalNodeError.invalidSetting`, or `invalidName` for a node that is none.
  public init(
    node: LocalNode, sources: [DiscoverySource], interval: Duration = .seconds(10),
    clock: any GatewayClock = SystemTime(), logger: Logger = Logger(label: "genapi.cluster")
  ) throws(LocalNodeError) {
    try LocalNodeError.check("interval", interval, .milliseconds(100) ... .seconds(86_400))
    for source in sources {
      let names: [ByteText] =
        switch source {
        case .nodes(let names): names
        case .dns(let name): [name]
        case .file: []
        }
      if let wrong = names.first(where: { NodeName($0) == nil }) { throw .invalidName(wrong) }
    }
    self.node = node
    self.sources = sources
    intervalMs = interval.wholeMilliseconds
    self.clock = clock
    self.logger = logger
    state = Mutex(State(found: sources.map { _ in [] }))
  }

  /// The nodes the sources listed last, this one left out.
  public var nodes: [ByteText] {
    var seen: Set<ByteText> = [node.name]
    return state.withLock { $0.found.flatMap { $0 } }.filter { seen.insert($0).inserted }
  }

  /// What is wrong with sources now; a source that fails keeps what it listed before.
  public var problems: [ByteText] { state.withLock { $0.problems } }

  /// Looks until the task is cancelled.
  public func run() async {
    while !Task.isCancelled {
      await look()
      do { try await clock.sleep(milliseconds: intervalMs) } catch { break }
    }
    for task in state.withLock({ $0.connecting.values }) { task.cancel() }
  }

  /// Asks every source once, connects to what is new and forgets what is gone: its connection stays while it lives.
  public func look() async {
    var problems: [ByteText] = []
    for (index, source) in sources.enumerated() {
      do throws(DiscoveryError) {
        let found = try await source.list()
        state.withLock { $0.found[index] = found }
      } catch {
        problems.append(ByteText(error.description))
      }
    }
    let isNew = state.withLock { state in
      defer { state.problems = problems }
      return state.problems != problems
    }
    if isNew {
      for problem in problems {
        logger.warning("a source of nodes fails", metadata: ["reason": "\(problem)"])
      }
    }
    let wanted = Set(nodes)
    let gone = state.withLock { state in
      for name in wanted where state.connecting[name] == nil {
        state.connecting[name] = Task { [node] in await node.keepConnected(to: [name]) }
      }
      let gone = state.connecting.filter { !wanted.contains($0.key) }
      for name in gone.keys { state.connecting[name] = nil }
      return gone.values
    }
    for task in gone { task.cancel() }
  }

  /// Lets configs name the nodes that were found.
  public func serve(on gateway: Gateway) {
    gateway.keepNodes { [weak self] in self?.nodes ?? [] }
    gateway.functions.registerNodeList("Cluster.discovered") { [weak self] _ in self?.nodes ?? [] }
    gateway.functions.registerNodeList("Cluster.connected") { [weak node] _ in node?.nodes ?? [] }
  }
}
