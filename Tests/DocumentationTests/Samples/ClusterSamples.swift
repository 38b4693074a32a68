import ErlangNode
import GenAPICluster
import GenAPIGateway
import GenAPIValue
import TestExtremes
import Testing

@Suite("Samples of the pages: a cluster from code")
struct ClusterSamples {
  private struct User: Codable, Sendable {
    var id: String
    var name: String
  }

  @Test("a service node")
  func service() async throws {
    // sample: a service node
    let service = try ServiceNode(
      LocalNodeConfiguration(name: "users@127.0.0.1", cookie: Cookie("a cookie that nobody guesses")),
      ServiceEndpoints("user_service") {
        Endpoint("get_user", Argument("user_id", String.self)) { id in User(id: id, name: "Alice") }
      },
      version: "1.0.0", gateways: ["gateway@127.0.0.1"])
    // end
    #expect(service.endpoints.endpoints.map(\.requestType) == ["get_user"])
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    try gateway.register(service.endpoints)
    await gateway.callWithExtremes()
  }

  private actor Users {
    func find(_ id: String) throws -> User? { User(id: id, name: "Alice") }
  }

  /// Compiled alone: the cookie is the reader's, and the service runs as long as its program.
  private func serve(_ users: Users) async throws {
    // sample: a Swift service, in docs/cluster.md
    let service = try ServiceNode(
      LocalNodeConfiguration(name: "users@127.0.0.1", cookie: .fromHome()),
      ServiceEndpoints("user_service") {
        Endpoint("get_user", Argument("user_id", String.self)) { id in try await users.find(id) }
      },
      version: "1.0.0", gateways: ["gateway@127.0.0.1"])
    try await service.run()
    // end
  }

  @Test("a gateway in a cluster")
  func gateway() async throws {
    // sample: a gateway in a cluster
    let node = try LocalNode(
      LocalNodeConfiguration(name: "gateway@127.0.0.1", cookie: Cookie("a cookie that nobody guesses")))
    let cluster = ErlangCluster(node: node)
    let gateway = try Gateway(
      configuration: GatewayConfiguration(node: "gateway@127.0.0.1"), remote: cluster)
    ConfigService(gateway: gateway).serve(on: node)
    let discovery = try NodeDiscovery(
      node: node, sources: [.nodes(["app@127.0.0.1"]), .file("nodes.txt")], interval: .seconds(10))
    discovery.serve(on: gateway)
    // end
    // sample: a function elsewhere
    let findUser = RemoteFunction<User>(
      cluster, "MyApp.Users.find", on: .list(["app@host1", "app@host2"]), choice: .sticky(argument: 0),
      retry: .allNodes(2))
    // end
    // sample: a module elsewhere
    struct Users: Sendable {
      let find: @Sendable (_ id: String) async throws -> User
      let rename: @Sendable (_ id: String, _ name: String) async throws -> User

      init(_ cluster: ErlangCluster) {
        let module = RemoteModule(
          cluster, "MyApp.Users", on: .list(["app@host1", "app@host2"]), choice: .sticky(argument: 0),
          timeout: .seconds(2), retry: .allNodes(2), pause: .fixed(.milliseconds(200)))
        find = module.function("find", String.self)
        rename = module.function("change_name", String.self, String.self) { $0.retry = nil }
      }
    }
    // end
    await #expect(throws: RemoteCallError.self) { try await Users(cluster).rename("1", "Ann") }
    #expect(findUser?.choice == .sticky(argument: 0) && gateway.configuration.node == "gateway@127.0.0.1")
  }
}
