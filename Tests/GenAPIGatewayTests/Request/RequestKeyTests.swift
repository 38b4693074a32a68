import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("What limits count by and sticky choice goes by")
struct RequestKeyTests {
  private func request(_ args: ValueObject = [:], isDeviceVerified: Bool = true) -> Request {
    var request = Request(
      service: "s", requestType: "t", requestID: "1", args: args, userID: "u", deviceID: "d",
      ipAddress: "192.0.2.1")
    request.isDeviceVerified = isDeviceVerified
    return request
  }

  @Test("each field has a value of the request, whatever the arguments are called")
  func fields() {
    var args = ValueObject()
    for field in RequestKey.Field.allCases { args[ByteText(field.rawValue)] = "forged" }
    let values = RequestKey.Field.allCases.map { RequestKey.field($0).value(of: request(args)) }
    #expect(values.allSatisfy { $0 != nil && $0 != "forged" })
    #expect(RequestKey("user_id").value(of: request(args)) == "u")
  }

  @Test("a device that only the client itself names has its own key")
  func claimed() {
    let request = request(isDeviceVerified: false)
    #expect(RequestKey("device_id").value(of: request) == nil)
    #expect(RequestKey("claimed_device_id").value(of: request) == "d")
  }

  @Test("an argument of any kind is a key; null and an empty text are none")
  func arguments() {
    let request = request(["text": "x", "number": 7, "list": [1, 2], "null": .null, "empty": ""])
    #expect(RequestKey("text").value(of: request) == "x")
    #expect(RequestKey("number").value(of: request) == "7")
    #expect(RequestKey("list").value(of: request) == "[1,2]")
    for name: ByteText in ["null", "empty", "absent"] {
      #expect(RequestKey(name).value(of: request) == nil, "\(name)")
    }
    var anonymous = request
    anonymous.userID = ""
    #expect(RequestKey("user_id").value(of: anonymous) == nil)
  }

  @Test(
    "limits count an empty text that a function is called with, and one number once, however it is written")
  func counted() {
    func counted(_ value: Value?) -> ByteText? {
      RequestKey("x").counted(of: request(value.map { ["x": $0] } ?? [:]))
    }
    #expect(counted("") == "\"\"" && counted("x") == "x")
    #expect(counted(nil) == nil && counted(.null) == nil)
    #expect(counted(5) == "5" && counted(5.0) == "5" && counted(-0.0) == "0" && counted(0.5) == "0.5")
    // Within another value, and beyond 64 bits, too.
    #expect(counted([1.0, ["b": 2e0, "a": 1]]) == counted([1, ["a": 1, "b": 2]]))
    let wide = WideInteger("1000000000000000000000000000000" as ByteText).map(Value.wideInteger)
    #expect(wide != nil && counted(1e30) == counted(wide) && counted(1e30) != counted(1e31))
    #expect(counted(1.5e20) == "150000000000000000000" && counted(-2e19) == "-20000000000000000000")
    #expect(counted(true) == "true" && counted([]) == "[]")
    var anonymous = request()
    anonymous.userID = ""
    #expect(RequestKey("user_id").counted(of: anonymous) == nil)
  }

  @Test("an empty text of a token or a device escapes no limit")
  func emptyClaims() {
    var request = request()
    request.claims = ["tenant": ""]
    request.deviceID = ""
    #expect(RequestKey("claim(tenant)").counted(of: request) == "\"\"")
    #expect(RequestKey("claim(other)").counted(of: request) == nil)
    #expect(RequestKey("device_id").counted(of: request) == "\"\"")
    // Nobody's node is chosen by it.
    #expect(RequestKey("claim(tenant)").value(of: request) == nil)
  }

  @Test("an argument may be called as a field is: arg(user_id)")
  func argumentOfFieldName() {
    let key: RequestKey = "arg(user_id)"
    #expect(key == .argument("user_id") && key != "user_id")
    #expect(key.value(of: request(["user_id": "other"])) == "other")
  }

  @Test("a key is read back from its name")
  func name() {
    let arguments: [ByteText] = [
      "tenant", "", "user_id", "arg(user_id)", "arg(x)", "arg()", "arg(", ")", "Ü",
    ]
    let keys =
      RequestKey.Field.allCases.map(RequestKey.field)
      + (arguments + ["claim(x)", "claim()"]).flatMap { [RequestKey.argument($0), .claim($0)] }
    for key in keys { #expect(RequestKey(key.name) == key, "\(key)") }
    #expect(Set(keys.map(\.name)).count == keys.count)
  }

  @Test("limits and sticky choice see one value of a request, for every key")
  func oneReading() throws {
    let keys =
      RequestKey.Field.allCases.map(RequestKey.field)
      + [.argument("user_id"), .argument("n"), .claim("tenant"), .claim("user_id")]
    let requests = [
      request(), request(["user_id": "other", "n": 7]), request(["n": ""], isDeviceVerified: false),
      Request(service: "s", requestType: "t", requestID: "2", args: ["user_id": "other"]),
      Request(service: "s", requestType: "t", requestID: "3", claims: ["tenant": "t1"]),
    ]
    for key in keys {
      for request in requests {
        let fixture = try RateLimiterFixture(global: [
          RateLimit(scope: .global, key: key, maxRequests: 1, window: .seconds(1))
        ])
        _ = fixture.limiter.check(RateLimiterFixture.context(), keys: { $0.value(of: request) })
        let counted = fixture.limiter.hotKeys().map(\.keyValue)
        #expect(counted == (key.value(of: request).map { [$0] } ?? []), "\(key)")
        let sticky = StickyNodes()
        let selector = NodeSelector(sticky: sticky, clock: fixture.clock)
        _ = selector.order(["a", "b"], by: .sticky(key), for: request, turn: 0)
        #expect(sticky.count == counted.count, "\(key)")
      }
    }
  }

  @Test("a node sticks to the user, not to what an argument of that name says")
  func stickyUser() {
    let selector = NodeSelector(sticky: StickyNodes(), clock: VirtualClock())
    let nodes: [ByteText] = (0..<50).map { "n\($0)@test" }
    func node(_ key: RequestKey, _ argument: Int64) -> ByteText {
      selector.order(nodes, by: .sticky(key), for: request(["user_id": .int(argument)]), turn: 0)[0]
    }
    #expect(Set((0..<20).map { node("user_id", $0) }).count == 1)
    #expect(Set((0..<20).map { node("arg(user_id)", $0) }).count > 1)
  }

  @Test("a config names a key as code does, and writes it as it was read")
  func configs() throws {
    for text in RequestKey.Field.allCases.map(\.rawValue) + ["tenant", "arg(user_id)", "claim(tenant)"] {
      let key = RequestKey(ByteText(text))
      let config = FunctionConfig(
        service: "s", requestType: "t", nodes: .list(["a@test"]), chooseNode: .sticky(key),
        function: FunctionReference("M", "f"))
      #expect(config.value["choose_node_mode"] == ["sticky": .string(ByteText(text))])
      #expect(try FunctionConfig(config.value).chooseNode == .sticky(key))
    }
  }
}
