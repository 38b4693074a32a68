import GenAPIGateway
import GenAPIValue

/// Users: read often, written seldom. The gateways pull its functions.
enum UserService {
  static let name: ByteText = "user_service"
  static let nodes: [ByteText] = ["users1@demo", "users2@demo"]
  static let version: ByteText = "3.2.0"

  static func register(on registry: FunctionRegistry, faults: ServiceFaultLog) {
    registry.register("Users.Api.get_user") { call in
      try await Work.milliseconds(0.4...2.5)
      let id = call.arguments[0]
      return .ok(["id": id, "name": .string("User \(id.string ?? "")")])
    }
    registry.register("Users.Api.update_user") { call in
      try await Work.milliseconds(2...8)
      return .ok(["id": call.arguments[0], "name": call.arguments[1]])
    }
    registry.register("Users.Api.search_users") { call in
      try await Work.milliseconds(4...15)
      if faults.now.brokenSearch { throw ServiceFault("search index shard 3 is corrupt") }
      return .ok(["query": call.arguments[0], "hits": .int(.random(in: 0...50))])
    }
    registry.register("Users.Config.functions") { _ in .ok(.array(configs.map(\.value))) }
    registry.register("Users.Config.version") { _ in .ok(.string(version)) }
  }

  static let source = PullSource(
    service: name, nodes: .list(nodes), function: FunctionReference("Users.Config", "functions"),
    versionFunction: FunctionReference("Users.Config", "version"))

  private static let configs = [
    FunctionConfig(
      service: name, requestType: "get_user", nodes: .list(nodes), chooseNode: .roundRobin,
      timeout: .seconds(1),
      function: FunctionReference("Users.Api", "get_user"),
      arguments: ["user_id": ArgumentSpec(.string, maxBytes: 64)],
      permission: .anyAuthenticated, version: version),
    FunctionConfig(
      service: name, requestType: "update_user", nodes: .list(nodes), chooseNode: .hashKey("user_id"),
      timeout: .seconds(2), function: FunctionReference("Users.Api", "update_user"),
      arguments: ["user_id": ArgumentSpec(.string), "name": ArgumentSpec(.string, maxBytes: 200)],
      argumentOrder: .names(["user_id", "name"]), permission: .argument("user_id"), version: version,
      beforeExecute: FunctionReference("Demo.Hooks", "audit"), hookTimeout: .milliseconds(60)),
    FunctionConfig(
      service: name, requestType: "search_users", nodes: .list(nodes), timeout: .seconds(2),
      function: FunctionReference("Users.Api", "search_users"), arguments: ["query": ArgumentSpec(.string)],
      version: version),
  ]
}
