import GenAPIValue
import Locking

/// Knows on which nodes a service is, best first: where its functions came from, what it pushed, what is pulled; of a service of
/// which nothing is known, what is connected.
final class ServiceWhereabouts: Sendable {
  private struct Sources {
    weak var configs: ConfigStore?
    weak var puller: ConfigPuller?
    weak var receiver: ConfigReceiver?
    weak var nodes: NodeStatistics?
  }

  private let sources = Mutex(Sources())

  /// Those who know, which are made after those who ask.
  func look(
    in configs: ConfigStore, _ puller: ConfigPuller, _ receiver: ConfigReceiver, _ nodes: NodeStatistics
  ) {
    sources.withLock {
      $0 = Sources(configs: configs, puller: puller, receiver: receiver, nodes: nodes)
    }
  }

  func nodes(of service: ByteText) -> [ByteText] {
    let (configs, puller, receiver, statistics) = sources.withLock {
      ($0.configs, $0.puller, $0.receiver, $0.nodes)
    }
    let known =
      (configs?.origins(of: service) ?? []) + (receiver?.pushedConfig(service)?.nodes ?? [])
      + (puller?.listedNodes(of: service) ?? [])
    guard !known.isEmpty else { return statistics?.connected ?? [] }
    var seen = Set<ByteText>()
    return known.filter { seen.insert($0).inserted }
  }
}
