import GenAPIValue
import TopModel

/// The names there are, each once and sorted. Gathered when a line or a dialog that offers them opens, not for every key
/// or frame.
package struct ScreenNames: Equatable, Sendable {
  package struct Function: Hashable, Sendable {
    package var service: ByteText
    package var requestType: ByteText

    fileprivate func precedes(_ other: Function) -> Bool {
      service == other.service
        ? requestType.precedesNaturally(other.requestType) : service.precedesNaturally(other.service)
    }
  }

  package var services: [ByteText] = []
  package var functions: [Function] = []
  package var versions: [ByteText] = []
  package var nodes: [ByteText] = []
  /// Who was refused most first.
  package var users: [ByteText] = []

  /// What happened, the latest first: moments to compare with.
  package var moments: [TimeMark] = []

  package init() {}

  init(model: ClusterModel, settings: ViewSettings) {
    let known = model.knownFunctions
    functions = Set(known.map { Function(service: $0.service, requestType: $0.requestType) })
      .sorted { $0.precedes($1) }
    services = Set(known.map(\.service)).sortedNaturally()
    versions = Set(known.compactMap(\.version)).sortedNaturally()
    nodes = model.knownNodes(settings).sortedNaturally()
    users = model.knownUsers(settings)
    moments = model.timeMarks(settings)
  }

  package init(requests: [RequestRow], nodes: [NodeRow]) {
    functions = Set(requests.map { Function(service: $0.service, requestType: $0.requestType) })
      .sorted { $0.precedes($1) }
    services = Set(requests.map(\.service)).sortedNaturally()
    versions = Set(requests.compactMap(\.version)).sortedNaturally()
    self.nodes = Set(nodes.map(\.name)).sortedNaturally()
  }
}
