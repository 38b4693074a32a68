import ErlangNode
import GenAPIGateway

/// A function that a service node answers with.
struct Served: Sendable {
  private let config: FunctionConfig
  let body: FunctionRegistry.Function

  init(_ config: FunctionConfig, _ body: @escaping FunctionRegistry.Function) {
    self.config = config
    self.body = body
  }

  /// A gateway adds the request info; other nodes of the cluster may give the arguments alone.
  func call(_ arguments: [Term]) -> FunctionCall {
    let declared = config.argumentOrder == .map ? 1 : config.arguments.count
    guard arguments.count == declared + 1, let info = arguments.last?.map, info[atom: "request_id"] != nil
    else {
      return FunctionCall(arguments: arguments.map(TermValue.value))
    }
    return FunctionCall(
      arguments: arguments.dropLast().map(TermValue.value),
      request: ServiceRequest.request(info: info, config))
  }
}
