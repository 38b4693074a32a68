import GenAPIGateway
import GenAPIValue

/// Billing runs asynchronously, on one node: when that is gone, the async pool's breakers open.
enum BillingService {
  static let name: ByteText = "billing_service"
  static let nodes: [ByteText] = ["billing1@demo"]

  static func register(on registry: FunctionRegistry) {
    registry.register("Billing.Api.charge") { call in
      try await Work.milliseconds(8...30)
      return .ok(["charged": call.arguments[0]])
    }
    registry.register("Billing.Api.export_report") { call in
      try await Work.milliseconds(60...180)
      return .ok(["month": call.arguments[0], "rows": .int(.random(in: 100...900))])
    }
  }

  static let push = PushConfig(
    service: name, nodes: nodes, configVersion: "0.9.2",
    functions: [
      FunctionConfig(
        service: name, requestType: "charge", nodes: .list(nodes), timeout: .seconds(1),
        function: FunctionReference("Billing.Api", "charge"), arguments: ["amount": ArgumentSpec(.num)],
        responseType: .async, permission: .anyAuthenticated, version: "0.9.2", retry: .sameNode(1)),
      FunctionConfig(
        service: name, requestType: "export_report", nodes: .list(nodes), timeout: .seconds(5),
        function: FunctionReference("Billing.Api", "export_report"),
        arguments: ["month": ArgumentSpec(.string)],
        responseType: .async, permission: .anyAuthenticated, version: "0.9.2"),
    ])
}
