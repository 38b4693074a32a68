import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("JSON Schemas of what can be called")
struct SchemaTests {
  private func schema(_ spec: ArgumentSpec) -> Value { spec.schema(ArgumentLimits()) }

  @Test("every type has a schema, bounded where the gateway bounds it")
  func types() {
    let items: Value = ["type": "string", "maxLength": 3_000]
    let nested: Value = [
      "type": "object", "maxProperties": 1_000, "additionalProperties": ["$ref": "#/$defs/nested"],
    ]
    let expected: [ArgumentType: Value] = [
      .string: items, .num: ["type": "number"], .boolean: ["type": "boolean"],
      .any: [
        "type": ["boolean", "number", "string", "array", "object"], "maxLength": 3_000, "maxItems": 1_000,
        "items": ["$ref": "#/$defs/nested"], "maxProperties": 1_000,
        "additionalProperties": ["$ref": "#/$defs/nested"],
      ],
      .map: nested,
      .list: [
        "type": "array", "maxItems": 1_000,
        "items": ["type": ["boolean", "number", "string"], "maxLength": 3_000],
      ],
      .listString: ["type": "array", "maxItems": 1_000, "items": items],
      .listNum: ["type": "array", "maxItems": 1_000, "items": ["type": "number"]],
      .listMap: ["type": "array", "maxItems": 1_000, "items": nested],
    ]
    let formats: [ArgumentType: Value] = [
      .datetime: "date-time", .date: "date", .uuid: "uuid", .naiveDatetime: .null,
    ]
    for (type, schema) in expected { #expect(self.schema(ArgumentSpec(type)) == schema, "\(type)") }
    for (type, format) in formats {
      let schema = schema(ArgumentSpec(type))
      #expect(schema["format"] ?? .null == format && schema["pattern"] != nil, "\(type)")
    }
    #expect(expected.count + formats.count == ArgumentType.allCases.count - 1)
  }

  @Test("what is declared is in the schema")
  func declared() {
    #expect(schema(ArgumentSpec(.string, maxBytes: 10)) == ["type": "string", "maxLength": 10])
    #expect(
      schema(ArgumentSpec(.num, max: 9, isWhole: true)) == [
        "type": "integer", "minimum": .int(.min), "maximum": 9,
      ])
    #expect(
      schema(ArgumentSpec(.num, min: 0.5, max: 7)) == ["type": "number", "minimum": 0.5, "maximum": 7])
    #expect(schema(ArgumentSpec(.boolean, allowsNil: true)) == ["type": ["boolean", "null"]])
    #expect(schema(ArgumentSpec(.num, defaultValue: 3)) == ["type": ["number", "null"], "default": 3])
    #expect(
      schema(ArgumentSpec(.map, maxItems: 2, required: ["a"], accept: ["a", "b"])) == [
        "type": "object", "maxProperties": 2, "required": ["a"],
        "properties": ["a": ["$ref": "#/$defs/flat"], "b": ["$ref": "#/$defs/flat"]],
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
              "loud": ["type": ["boolean", "null"], "default": false],
              "text": ["type": "string", "maxLength": 9],
              "to": [
                "type": "string", "format": "uuid",
                "pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
              ],
            ],
            "required": ["text", "to"], "additionalProperties": false,
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
