import GenAPIValue
import TopModel

/// The names there are, each once and sorted. Gathered when a line or a dialog that offers them opens, not for every key
/// or frame.
package struct ScreenNames: Equatable, Sendable {
  package struct Function: Hashable, Sendable {
    package var service: ByteText
    package var requestType: ByteText
  }

  package var services: [ByteText] = []
  package var functions: [Function] = []
  package var versions: [ByteText] = []
  package var nodes: [ByteText] = []
  /// Who was refused most first.
  package var users: [ByteText] = []

  package init() {}

  init(model: ClusterModel, settings: ViewSettings) {
    let known = model.knownFunctions
    functions = Set(known.map { Function(service: $0.service, requestType: $0.requestType) })
      .sorted { ($0.service, $0.requestType) < ($1.service, $1.requestType) }
    services = Set(known.map(\.service)).sorted()
    versions = Set(known.compactMap(\.version)).sorted()
    nodes = model.knownNodes(settings).sorted { $0.precedesNaturally($1) }
    users = model.knownUsers(settings)
  }

  package init(requests: [RequestRow], nodes: [NodeRow]) {
    functions = Set(requests.map { Function(service: $0.service, requestType: $0.requestType) })
      .sorted { ($0.service, $0.requestType) < ($1.service, $1.requestType) }
    services = Set(requests.map(\.service)).sorted()
    versions = Set(requests.compactMap(\.version)).sorted()
    self.nodes = Set(nodes.map(\.name)).sorted()
  }
}
