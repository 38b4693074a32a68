import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("JSON Schemas of what can be called")
struct SchemaTests {
  private func schema(_ spec: ArgumentSpec) -> Value { spec.schema(ArgumentLimits()) }

  @Test("every type has a schema, bounded where the gateway bounds it")
  func types() {
    let items: Value = ["type": "string", "maxLength": 3_000]
    let expected: [ArgumentType: Value] = [
      .string: ["type": "string", "maxLength": 3_000], .num: ["type": "number"],
      .boolean: ["type": "boolean"], .datetime: ["type": "string", "format": "date-time"],
      .naiveDatetime: ["type": "string", "pattern": "^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}[T ]"],
      .date: ["type": "string", "format": "date"], .uuid: ["type": "string", "format": "uuid"], .any: [:],
      .map: ["type": "object", "maxProperties": 1_000],
      .list: ["type": "array", "maxItems": 1_000, "items": [:]],
      .listString: ["type": "array", "maxItems": 1_000, "items": items],
      .listNum: ["type": "array", "maxItems": 1_000, "items": ["type": "number"]],
      .listUUID: ["type": "array", "maxItems": 1_000, "items": ["type": "string", "format": "uuid"]],
      .listMap: ["type": "array", "maxItems": 1_000, "items": ["type": "object"]],
    ]
    for type in ArgumentType.allCases { #expect(schema(ArgumentSpec(type)) == expected[type], "\(type)") }
  }

  @Test("what is declared is in the schema")
  func declared() {
    #expect(schema(ArgumentSpec(.string, maxBytes: 10)) == ["type": "string", "maxLength": 10])
    #expect(schema(ArgumentSpec(.num, isWhole: true)) == ["type": "integer"])
    #expect(
      schema(ArgumentSpec(.num, min: 0.5, max: 7)) == ["type": "number", "minimum": 0.5, "maximum": 7])
    #expect(schema(ArgumentSpec(.boolean, allowsNil: true)) == ["type": ["boolean", "null"]])
    #expect(schema(ArgumentSpec(.num, defaultValue: 3)) == ["type": "number", "default": 3])
    #expect(
      schema(ArgumentSpec(.map, maxItems: 2, required: ["a"], accept: ["a", "b"])) == [
        "type": "object", "maxProperties": 2, "required": ["a"], "properties": ["a": [:], "b": [:]],
        "additionalProperties": false,
      ])
  }

  @Test(
    "the functions that can be called, each with its description, in their order, and none that is switched off"
  )
  func functions() throws {
    let fixture = try GatewayFixture()
    try fixture.add("send") {
      $0.version = "1.0.0"
      $0.description = "Sends a message."
      $0.arguments = [
        "to": ArgumentSpec(.uuid), "text": ArgumentSpec(.string, maxBytes: 9),
        "loud": ArgumentSpec(.boolean, defaultValue: false),
      ]
    }
    try fixture.add("off") { $0.disabled = true }
    try fixture.add("later") { $0.responseType = .async }
    let schemas = fixture.gateway.configs.schemas(of: "test")
    let expected: Value = [
      "schema": "https://json-schema.org/draft/2020-12/schema",
      "functions": [
        [
          "service": "test", "request_type": "later", "response_type": "async",
          "arguments": ["type": "object", "properties": [:], "required": []],
        ],
        [
          "service": "test", "request_type": "send", "response_type": "sync", "version": "1.0.0",
          "description": "Sends a message.",
          "arguments": [
            "type": "object",
            "properties": [
              "loud": ["type": "boolean", "default": false], "text": ["type": "string", "maxLength": 9],
              "to": ["type": "string", "format": "uuid"],
            ],
            "required": ["text", "to"],
          ],
        ],
      ],
    ]
    #expect(schemas == expected)
    #expect(fixture.gateway.configs.schemas(of: "other")["functions"] == [])
    // An example is titled by it, too.
    #expect(fixture.gateway.configs.examples().map(\.title).contains("send - Sends a message."))
  }

  @Test("a description goes the way of its config, by value and by endpoint, and has a bound")
  func description() throws {
    var config = Endpoint("e") { "x" }.description("Says x.").config(service: "s")
    #expect(config.description == "Says x.")
    #expect(try FunctionConfig(config.value).description == "Says x.")
    config.description = ByteText(String(repeating: "x", count: 1_025))
    #expect(config.validate() == ["description has 1025 bytes, allowed are 1024"])
  }
}
