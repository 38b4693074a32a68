import GenAPITelemetry
import GenAPIValue

/// What states say of all functions together: made when configs change, so that a state costs nothing by functions which are as
/// they were. Its lists are the same memory from state to state until then.
struct FunctionOverview: Sendable {
  /// By service, request type and version.
  let stored: [StoredFunction]
  /// In the same order.
  let states: [FunctionState]
  /// What the functions alone tell of their services.
  private(set) var services: [ByteText: ServiceState] = [:]
  /// push, pull or local: where the functions of a service are from.
  private(set) var sources: [ByteText: Set<ByteText>] = [:]
  /// By what functions name as their nodes: the services placed there, sorted.
  let servicesOfNode: [ByteText: [ByteText]]

  init(_ table: ConfigTable) {
    let sorted = table.functions.values.map { (key: $0.state.entryKey, function: $0) }.sorted {
      $0.key < $1.key
    }
    stored = sorted.map(\.function)
    states = stored.map(\.state)
    var placed: [ByteText: Set<ByteText>] = [:]
    for function in states {
      var service = services[function.service] ?? ServiceState(service: function.service)
      service.functions += 1
      if !function.enabled { service.disabled += 1 }
      service.configVersion = function.configVersion ?? service.configVersion
      services[function.service] = service
      sources[function.service, default: []].insert(function.source)
      for node in function.nodes { placed[node, default: []].insert(function.service) }
    }
    servicesOfNode = placed.mapValues { $0.sorted() }
  }
}
