import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Two endpoints never share a function")
struct EndpointCollisionTests {
  private typealias Name = (service: ByteText, type: ByteText, version: ByteText?)

  /// Names that read alike once they are joined.
  private static let pairs: [(Name, Name)] = [
    (("shop.users", "list", nil), ("shop", "users.list", nil)),
    (("shop", "x", "1.0.0"), ("shop", "x@1.0.0", nil)),
    (("shop", "x#before", nil), ("shop", "x", nil)),
    (("shop", "a.b", nil), ("shop", "a%2Eb", nil)),
    (("shop@1", "x", nil), ("shop", "1.x", nil)),
    (("a.b", "c@2.0.0", "1.0.0"), ("a", "b.c", "2.0.0@1.0.0")),
    (("s", "x", "1#after"), ("s", "x@1", nil)),
    (("s", "x", "1%2E0"), ("s", "x", "1.0")),
  ]

  private func endpoint(_ name: Name, _ answer: String) -> Endpoint {
    let endpoint = Endpoint(name.type) { answer }.before { .proceed($0) }.after { $1 }
    return name.version.map { endpoint.version($0) } ?? endpoint
  }

  @Test(
    "who may call one does not get at the other, whichever is registered first", arguments: [false, true])
  func permission(isTurned: Bool) async throws {
    let gateway = try GatewayFixture().gateway
    let open = {
      try gateway.register(Endpoint("list") { "public" }.permission(.open), service: "shop.users")
    }
    let closed = {
      try gateway.register(
        Endpoint("users.list") { "secret" }.permission(.role(["admin"])), service: "shop")
    }
    if isTurned { _ = (try open(), try closed()) } else { _ = (try closed(), try open()) }
    #expect(await gateway.response("shop.users", "list").result == "public")
    #expect(await gateway.response("shop", "users.list").error == "Permission denied")
  }

  @Test("each answers for itself, and when one is deleted the other stays", arguments: pairs.indices)
  func apart(_ index: Int) async throws {
    let (one, other) = Self.pairs[index]
    let gateway = try GatewayFixture().gateway
    try gateway.register(endpoint(one, "one"), service: one.service)
    try gateway.register(endpoint(other, "other"), service: other.service)
    func answer(_ name: Name) async -> Value? {
      await gateway.execute(
        Request(service: name.service, requestType: name.type, requestID: "r", version: name.version))?.result
    }
    #expect(await answer(one) == "one")
    #expect(await answer(other) == "other")
    try gateway.configs.delete(one.service, one.type, version: one.version)
    #expect(await answer(other) == "other")
  }

  @Test("no two names of any bytes have one function, and each reads back as what it is")
  func generated() throws {
    let parts: [ByteText] = [
      "a", "a.", ".a", "a.b", "a@b", "@", "a#b", "%", "%2E", "a%40b", "1.0", "a@1.0", "é",
    ]
    var seen: [ByteText: String] = [:]
    for service in parts {
      for type in parts {
        for version in [nil] + parts.map(Optional.some) {
          for kind in ["", "#before", "#permission"] as [ByteText] {
            let reference = EndpointName.reference(service: service, type, version: version, kind: kind)
            let name = "\([service, type, version ?? "-", kind])"
            #expect(seen.updateValue(name, forKey: reference.name) == nil, "\(name)")
            #expect(FunctionReference(parsing: reference.name) == reference, "\(name)")
          }
        }
      }
    }
  }

  @Test("an entry of an allow list admits a service or a function, never both")
  func allowed() throws {
    let service = try GatewayFixture { $0.allowedFunctions = ["Swift.svc%2Eusers"] }.gateway
    try service.register(Endpoint("get") { 1 }, service: "svc.users")
    #expect(throws: ConfigStoreError.self) { try service.register(Endpoint("users") { 1 }, service: "svc") }
    let function = try GatewayFixture { $0.allowedFunctions = ["Swift.svc.users"] }.gateway
    try function.register(Endpoint("users") { 1 }, service: "svc")
    #expect(throws: ConfigStoreError.self) {
      try function.register(Endpoint("get") { 1 }, service: "svc.users")
    }
  }

  @Test("examples whose titles read alike are all there")
  func examples() throws {
    let gateway = try GatewayFixture().gateway
    for (service, type) in [("a", "x"), ("b", "x"), ("c", "y")] as [(ByteText, ByteText)] {
      try gateway.register(Endpoint(type) { 1 }, service: service)
    }
    let twin = FunctionConfig(
      service: "z", requestType: "a/x - x", function: FunctionReference("M", "f"), description: "x")
    try gateway.configs.add(twin)
    let odd = FunctionConfig(
      service: "z", requestType: "a/x", function: FunctionReference("M", "f"), description: "x")
    try gateway.configs.add(odd)
    #expect(gateway.configs.exampleCatalogue().object?.count == 5)
  }
}
