import GenAPIGateway
import GenAPIValue

/// Orders: slower, and slower still when its database is. It pushes its functions, a new version each time it
/// is deployed.
enum OrderService {
  static let name: ByteText = "order_service"
  static let nodes: [ByteText] = ["orders1@demo", "orders2@demo"]

  static func register(on registry: FunctionRegistry, faults: ServiceFaultLog) {
    registry.register("Orders.Api.create_order") { call in
      try await Work.milliseconds(faults.now.slowOrders ? 120...420 : 9...38)
      if Double.random(in: 0...1) < 0.01 { return .error(FunctionError("item out of stock", isFinal: true)) }
      return .ok(["order_id": .string("o_\(Int.random(in: 1_000...9_999))"), "item": call.arguments[0]])
    }
    registry.register("Orders.Api.get_order") { call in
      try await Work.milliseconds(faults.now.slowOrders ? 20...60 : 2...9)
      return .ok(["order_id": call.arguments[0], "state": "paid"])
    }
    registry.register("Orders.Api.list_orders") { _ in
      try await Work.milliseconds(6...22)
      return .ok([])
    }
    registry.register("Orders.Api.cancel_order") { call in
      try await Work.milliseconds(5...12)
      return .ok(["order_id": call.arguments[0], "state": "cancelled"])
    }
  }

  /// - Parameter isPatient: orders may take longer, which is what gateways that do not have it yet have differently.
  static func push(version: ByteText, isPatient: Bool = false) -> PushConfig {
    var configs = configs
    if isPatient { configs[0].timeout = .milliseconds(500) }
    return PushConfig(service: name, nodes: nodes, configVersion: version, functions: configs)
  }

  private static let configs: [FunctionConfig] =
    [
      FunctionConfig(
        service: name, requestType: "create_order", nodes: .list(nodes), chooseNode: .random,
        timeout: .milliseconds(350),
        function: FunctionReference("Orders.Api", "create_order"),
        arguments: ["item": ArgumentSpec(.string), "quantity": ArgumentSpec(.num)],
        argumentOrder: .names(["item", "quantity"]), permission: .anyAuthenticated, version: "1.0.0",
        retry: .allNodes(1)),
      FunctionConfig(
        service: name, requestType: "get_order", nodes: .list(nodes), chooseNode: .hashKey("order_id"),
        timeout: .seconds(1), function: FunctionReference("Orders.Api", "get_order"),
        arguments: ["order_id": ArgumentSpec(.string)], permission: .anyAuthenticated, version: "1.0.0",
        afterExecute: FunctionReference("Demo.Hooks", "enrich"), hookTimeout: .milliseconds(200)),
      FunctionConfig(
        service: name, requestType: "cancel_order", nodes: .list(nodes), timeout: .seconds(1),
        function: FunctionReference("Orders.Api", "cancel_order"),
        arguments: ["order_id": ArgumentSpec(.string)],
        permission: .role(["admin"]), version: "1.0.0"),
    ]
    + ["1.0.0", "2.0.0"].map { version in
      FunctionConfig(
        service: name, requestType: "list_orders", nodes: .list(nodes), chooseNode: .sticky("user_id"),
        timeout: .seconds(1), function: FunctionReference("Orders.Api", "list_orders"),
        permission: .anyAuthenticated, version: version)
    }
}
