import ArgumentParser
import ErlangNode
import GenAPICluster
import GenAPIGateway
import GenAPIValue
import Logging
import ServiceLifecycle

/// A service node in Swift, in one file: it joins the cluster, pushes its functions to a gateway, and is called by it.
///
///     swift run order-service --name orders@127.0.0.1 --cookie demo --gateway gateway@127.0.0.1
@main
struct OrderService: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "order-service", abstract: "An example of a service node: orders, in Swift.")

  @Option(help: "This node, as name@host.")
  var name = "orders@127.0.0.1"

  @Option(help: "The cluster's cookie; by default that of ~/.erlang.cookie.")
  var cookie: String?

  @Option(help: "The gateways to push the functions to, as name@host.")
  var gateway = ["gateway@127.0.0.1"]

  @Option(help: "Other nodes that run this service too, as name@host.")
  var alsoOn: [String] = []

  @Option(help: "The gateways' push token, when they have one.")
  var pushToken: String?

  struct Order: Codable, Sendable {
    var id: String
    var user: String
    var amount: Int
    var node: String
  }

  func run() async throws {
    var logger = Logger(label: "order-service")
    logger.logLevel = .notice
    var settings = LocalNodeConfiguration(
      name: ByteText(name), cookie: try cookie.map { Cookie($0) } ?? Cookie.fromHome())
    settings.logger = logger
    let service = try ServiceNode(
      settings, endpoints, version: "1.0.0", alsoOn: alsoOn.map { ByteText($0) },
      gateways: gateway.map { ByteText($0) }, token: pushToken.map { ByteText($0) },
      verifyInterval: .seconds(2))
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [service], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
  }

  private var endpoints: ServiceEndpoints {
    let node = name
    return ServiceEndpoints("order_service") {
      Endpoint("get_order", Argument("order_id", String.self)) { id in
        try await Task.sleep(for: .milliseconds(Int.random(in: 1...6)))
        return Order(id: id, user: "u_1", amount: 100, node: node)
      }
      Endpoint(
        "create_order", Argument("user_id", String.self), Argument("amount", Int.self, min: 1, max: 1_000_000)
      ) {
        user, amount in
        try await Task.sleep(for: .milliseconds(Int.random(in: 5...25)))
        return Order(id: "o_\(Int.random(in: 1...99_999))", user: user, amount: amount, node: node)
      }
      // A part for every step, until the order has arrived or nobody listens.
      Endpoint(streaming: "track_order", Argument("order_id", String.self)) { stream, id in
        for step in ["packed", "on its way", "at the door"] {
          await stream.send(["order": .string(ByteText(id)), "step": .string(ByteText(step))])
          try await Task.sleep(for: .milliseconds(200))
        }
        stream.last(["order": .string(ByteText(id)), "step": "delivered"])
      }
      .timeout(.seconds(10))
    }
  }
}
