import GenAPIGateway
import GenAPIValue
import Testing

@testable import GenAPIFiles

@Suite("Function configs in files")
struct FunctionConfigFileTests {
  private static let toml = """
    # what user_service offers
    [[functions]]
    service = "user_service"
    request_type = "get_user"
    mfa = "MyApp.Api.get_user"
    nodes = ["a@host", "b@host"]
    choose_node_mode = { hash = "user_id" }
    timeout = 3000
    arg_types = { user_id = { string = 64 }, full = { type = "boolean", default_value = false }, limit = { type = "num", min = 1, max = 9.5 } }
    arg_orders = ["user_id", "full", "limit"]
    check_permission = { arg = "user_id" }
    retry = { same_node = 2 }
    version = "1.2.0"

    [[functions]]
    service = "user_service"
    request_type = "list_users"
    mfa = { function = "MyApp.Api.list", args = ["all", 7] }
    response_type = "stream"
    timeout = "infinity"
    """

  @Test("TOML and JSON give the same configs, and both come back as they were written")
  func roundTrip() throws {
    let read = try FunctionConfigFile.read(Self.toml, .toml, file: "f.toml")
    #expect(read.map(\.requestType) == ["get_user", "list_users"])
    #expect(read[0].arguments["user_id"] == ArgumentSpec(.string, maxBytes: 64))
    #expect(read[0].arguments["limit"] == ArgumentSpec(.num, min: 1, max: 9.5))
    #expect(read[0].permission == .argument("user_id") && read[0].retry == .sameNode(2))
    #expect(read[1].function == FunctionReference("MyApp.Api", "list", ["all", 7]))
    #expect(read[1].timeout == nil && read[1].responseType == .stream)
    for format in FunctionConfigFile.Format.allCases {
      let text = try FunctionConfigFile.write(read, format)
      #expect(try FunctionConfigFile.read(text, format, file: "again") == read)
    }
  }

  @Test("every fault of every config is told with its line, place, field and what is allowed")
  func faults() {
    let text = """
      [[functions]]
      service = "s"
      request_type = "a"
      mfa = "M.f"
      timeout = 7

      [[functions]]
      service = "s"
      request_type = "b"
      mfa = "M.f"
      respons_type = "sync"
      check_permission = "anybody"
      """
    #expect {
      _ = try FunctionConfigFile.read(text, .toml, file: "f.toml")
    } throws: { error in
      let lines = "\(error)".split(separator: "\n")
      return lines.count == 3
        && lines[0].hasPrefix("f.toml:5: functions[0] (a): timeout must be between 100 and 300000")
        && lines[1].hasPrefix(
          "f.toml:12: functions[1] (b): check_permission must be false, any_authenticated")
        && lines[2].hasPrefix(
          "f.toml:11: functions[1] (b): respons_type is no field of a config; allowed: after_")
    }
  }

  @Test("a fault of a config in JSON has its line, as one in TOML has, whether the list stands alone or not")
  func linesOfJSON() {
    let list = #"""
      [
        {"service": "s", "request_type": "a", "mfa": "M.f", "check_permission": "any_authenticated",
          "timeout": 1},
        {
          "service": "s", "request_type": "b", "mfa": "M.f",
          "arg_types": {
            "m": {"type": "number",
              "min": "x"}
          },
          "respons_type": "sync",
          "check_permission": "anybody"
        }
      ]
      """#
    for (text, more) in [(list, 0), ("{\n\n\"functions\":\n" + list + "}", 3)] {
      do {
        _ = try FunctionConfigFile.read(text, .json, file: "f.json")
        Issue.record("it was read")
      } catch {
        let places = error.faults.map { "\(($0.line ?? 0) - more) \($0.index ?? -1) \($0.reason.prefix(12))" }
        #expect(places.contains("3 0 timeout must"), "\(error)")
        #expect(places.contains("10 1 respons_type"), "\(error)")
        #expect(
          places.contains { $0.hasPrefix("8 1 arg_types") || $0.hasPrefix("11 1 check_permis") }, "\(error)")
        #expect(!error.faults.contains { $0.line == nil }, "\(error)")
      }
    }
  }

  @Test(
    "text that is no list of configs is refused with its place",
    arguments: [
      ("[[functions", FunctionConfigFile.Format.toml, "f: line"),
      ("{\"functions\": 3}", .json, "has no list"),
      ("{\"functions\": [],\n \"more\": 1}", .json, "\"more\" is not known"),
      ("{", .json, "f:1: is not JSON"),
      (
        "[\n{\"service\": \"s\",\n\"mfa\": 1,\n\"service\": \"s\"}]", .json,
        "f:4: is not taken: the key service stands twice in one object, lines 2 and 4"
      ),
      (
        "[[functions]]\nservice = \"s\"\nmfa = 1\nservice = \"t\"", .toml,
        "f:4: Error while parsing key-value pair: cannot redefine existing string 'service', which is first on line 2"
      ),
      ("[[#", .toml, ":1: a name is expected"), ("functions = [3]", .toml, "is an object, not a number"),
    ])
  func malformed(_ text: String, _ format: FunctionConfigFile.Format, _ expected: String) {
    do {
      _ = try FunctionConfigFile.read(text, format, file: "f")
      Issue.record("it was read")
    } catch {
      #expect(error.description.contains(expected) || expected == "f: line", "\(error)")
      #expect(error.description.hasPrefix("f:"), "\(error)")
    }
  }

  @Test("what TOML cannot say is refused by name, not lost")
  func null() throws {
    let config = FunctionConfig(
      service: "s", requestType: "a", function: FunctionReference("M", "f", [.null]))
    #expect(throws: FunctionConfigFileError.self) { try FunctionConfigFile.write([config], .toml) }
    let json = try FunctionConfigFile.write([config], .json)
    #expect(try FunctionConfigFile.read(json, .json, file: "f") == [config])
  }

  @Test("the form is known by the end of the file's name")
  func format() {
    #expect(FunctionConfigFile.Format(fileName: "a/b.TOML") == .toml)
    #expect(FunctionConfigFile.Format(fileName: "b.json") == .json)
    #expect(FunctionConfigFile.Format(fileName: "b.yaml") == nil)
  }
}
