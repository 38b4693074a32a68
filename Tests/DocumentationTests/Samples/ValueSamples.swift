import GenAPIFiles
import GenAPIGateway
import GenAPIValue
import TOON
import Testing

@Suite("Samples of the pages: values, TOON, files")
struct ValueSamples {
  private struct User: Codable, Equatable {
    var id: String
    var name: String
  }

  @Test("values")
  func values() throws {
    // sample: a value
    let user: Value = ["id": "u_1", "age": 41, "tags": ["a", "b"]]
    let text = user.json
    let same = try Value(json: text)
    let age = same["age"]?.int
    // end
    #expect(same == user && age == 41)
    // sample: a codable type
    let value = try ValueEncoder().encode(User(id: "u_1", name: "Alice"))
    let alice = try ValueDecoder().decode(User.self, from: value)
    // end
    #expect(value == ["id": "u_1", "name": "Alice"] && alice == User(id: "u_1", name: "Alice"))
  }

  @Test("TOON")
  func toon() throws {
    // sample: a table
    let team: Value = ["users": [["id": 1, "name": "Ada"], ["id": 2, "name": "Bob"]]]
    let text = try team.toon()
    // users[2]{id,name}:
    //   1,Ada
    //   2,Bob
    let same = try Value(toon: text)
    // end
    #expect(same == team && text == "users[2]{id,name}:\n  1,Ada\n  2,Bob")
  }

  @Test("any value in TOON, as docs/toon.md shows")
  func anyValue() throws {
    let value: Value = ["id": 7]
    // sample: there and back
    let text = try value.toon()
    let same = try Value(toon: text)
    // end
    #expect(same == value)
  }

  @Test("files")
  func files() throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    // sample: a file
    let configs = try FunctionConfigFile.read(
      """
      [[functions]]
      service = "user_service"
      request_type = "get_user"
      mfa = "MyApp.Api.get_user"
      arg_types = { user_id = "string" }
      """, .toml, file: "functions.toml")
    for config in configs { try gateway.configs.add(config) }
    // end
    #expect(gateway.configs.services == ["user_service"])
  }
}
