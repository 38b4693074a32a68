import Dispatch
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import MeasuredDashboard

/// A state in a gateway with 10 000 functions, until its lines are written: what it costs by what changed.
enum StatePaths {
  static let all = [quiet, busy]

  private static let quiet = HotPath(
    "a state of a gateway with 10 000 functions, nothing changed", calls: 20, warmUp: 3
  ) {
    let gateway = try makeGateway()
    var states = MeasuredStates(of: gateway)
    return { _ in _ = states.next() }
  }

  private static let busy = HotPath(
    "a state of a gateway with 10 000 functions, 100 changed", calls: 20, warmUp: 3
  ) {
    let gateway = try makeGateway()
    var states = MeasuredStates(of: gateway)
    return { index in
      call(gateway, (0..<100).map { (index * 100 + $0 * 37) % 10_000 })
      _ = states.next()
    }
  }

  /// On other threads: what requests allocate is measured by itself.
  private static func call(_ gateway: Gateway, _ functions: [Int]) {
    let ended = DispatchSemaphore(value: 0)
    Task.detached {
      for function in functions {
        _ = await gateway.execute(
          Request(
            service: "service_\(function / 10)", requestType: "call_\(function % 10)", requestID: "req_1",
            args: ["user_id": "u_1"]))
      }
      ended.signal()
    }
    ended.wait()
  }

  private static func makeGateway() throws -> Gateway {
    var configuration = GatewayConfiguration(node: "guard")
    configuration.topUsers = 0
    let gateway = try Gateway(configuration: configuration, clock: SlowTime())
    gateway.functions.register("Users.get") { .ok($0.arguments[0]) }
    for number in 0..<10_000 {
      try gateway.configs.add(
        FunctionConfig(
          service: "service_\(number / 10)", requestType: "call_\(number % 10)",
          function: FunctionReference("Users", "get"), arguments: ["user_id": ArgumentSpec(.string)],
          permission: .open))
    }
    return gateway
  }
}
