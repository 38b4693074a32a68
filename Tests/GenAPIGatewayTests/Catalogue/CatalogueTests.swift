import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Catalogue of callable examples")
struct CatalogueTests {
  @Test("every example of a service is a request that its own gateway accepts")
  func accepted() async throws {
    let fixture = try GatewayFixture()
    var types: [ByteText: ArgumentSpec] = [:]
    for type in ArgumentType.allCases { types[ByteText(type.rawValue)] = ArgumentSpec(type) }
    types["defaulted"] = ArgumentSpec(.string, defaultValue: "x")
    types["bounded"] = ArgumentSpec(.map, required: ["a"], accept: ["a", "b"])
    let all = types
    try fixture.add("all") { $0.arguments = all }
    try fixture.add("mine") {
      $0.arguments = ["owner": ArgumentSpec(.string)]
      $0.permission = .argument("owner")
    }
    let examples = fixture.gateway.configs.examples()
    #expect(examples.map(\.title) == ["all - all", "mine - mine"])
    for example in examples {
      #expect(await fixture.gateway.execute(example.request)?.error == nil, "\(example.title)")
    }
  }

  @Test("the version is the highest enabled one; disabled functions are left out")
  func versions() throws {
    let fixture = try GatewayFixture()
    for version in ["1.9.0", "1.10.0"] { try fixture.add { $0.version = ByteText(version) } }
    try fixture.add("off") { $0.disabled = true }
    let examples = fixture.gateway.configs.examples(of: "test")
    #expect(examples.map(\.request.version) == ["1.10.0"])
    #expect(fixture.gateway.configs.examples(of: "other").isEmpty)
  }

  @Test("the catalogue has the form that a channel takes, with descriptions and values of one's own")
  func form() throws {
    let fixture = try GatewayFixture()
    try fixture.add { $0.arguments = ["message": ArgumentSpec(.string)] }
    var options = CatalogueOptions()
    options.descriptions = ["echo": "says it again"]
    options.argumentValues = ["echo": ["message": "hello"]]
    options.event = "api"
    let catalogue = fixture.gateway.configs.exampleCatalogue(of: "test", options)
    let expected: Value = [
      "echo - says it again": [
        "event": "api",
        "data": [
          "user_id": "user_1", "device_id": "device_1", "request_type": "echo", "request_id": "request_1",
          "service": "test", "version": nil, "args": ["message": "hello"],
        ],
      ]
    ]
    #expect(catalogue == expected)
  }
}
