import GenAPITesting
import GenAPIValue
import InMemoryLogging
import Logging
import Testing

@testable import GenAPIGateway

@Suite("What hooks give back is checked")
struct HookAnswerTests {
  /// A node whose after hook mixes up requests.
  private struct WrongAnswers: RemoteCaller {
    func call(_ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?)
      async throws(RemoteCallError) -> FunctionResult
    { .ok("ran") }

    func allows(_ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?)
      async throws(RemoteCallError) -> Bool
    { true }

    func after(
      _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, _ response: Response,
      on node: ByteText, timeout: Duration?
    ) async throws(RemoteCallError) -> Response { .sync("r7", "of another client") }

    func watch(_ watcher: @escaping @Sendable (NodeChange) -> Void) {}
  }

  private let lines = InMemoryLogHandler()

  private func fixture(_ endpoint: Endpoint) throws -> GatewayFixture {
    let fixture = try GatewayFixture { [lines] in $0.logger = Logger(label: "test") { _ in lines } }
    try fixture.gateway.register(endpoint, service: "test")
    return fixture
  }

  private func changed(_ change: @escaping @Sendable (inout Response) -> Void) async throws -> Response? {
    let endpoint = Endpoint("f") { 1 }.after { _, response in
      var response = response
      change(&response)
      return response
    }
    let fixture = try fixture(endpoint)
    return await fixture.gateway.execute(fixture.request("f"))
  }

  @Test("an after hook makes the answer no part of a stream, nor another's by leaving its id out")
  func place() async throws {
    let response = try await changed { response in
      response.requestID = ""
      response.hasMore = true
      response.isAsync = true
      response.result = 2
    }
    #expect(response == .sync("r1", 2))
  }

  @Test(
    "an after hook's response to another request, which may be another client's, is not sent, and the log says so"
  )
  func another() async throws {
    #expect(
      try await changed {
        $0.requestID = "other"
        $0.result = "of another client"
      } == .sync("r1", 1))
    #expect(
      lines.entries.map { $0.metadata["error"] }
        == ["its response is not sent: it is for the request other, not r1"])
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw@test"), remote: WrongAnswers())
    try gateway.configs.add(
      FunctionConfig(
        service: "test", requestType: "who", nodes: .list(["a@test"]),
        function: FunctionReference("Svc", "who"), afterExecute: FunctionReference("Svc", "after")))
    #expect(await gateway.execute(FailingCaller.request) == .sync("r1", "ran"))
  }

  @Test("a response that contradicts itself is not sent, and the log says what is wrong with it")
  func contradiction() async throws {
    #expect(try await changed { $0.success = false } == .sync("r1", 1))
    #expect(
      lines.entries.last?.metadata["error"]
        == "its response is not sent: success is false, and it has no error")
    #expect(try await changed { $0.error = "x" } == .sync("r1", 1))
    #expect(
      lines.entries.last?.metadata["error"]
        == "its response is not sent: success is true, and it has an error")
    #expect(lines.entries.map { "\($0.message)" } == Array(repeating: "an after hook failed", count: 2))
    let failed = try await changed { response in
      response.success = false
      response.error = "x"
    }
    #expect(failed?.error == "x" && lines.entries.count == 2)
  }

  @Test("a before hook that changes only the request's id is told in the log, and the request keeps its own")
  func otherID() async throws {
    let endpoint = Endpoint(withRequest: "f") { (request: Request) in request.requestID }
      .before { request in
        var request = request
        request.requestID = "other"
        return .proceed(request)
      }
    let fixture = try fixture(endpoint)
    let response = await fixture.gateway.execute(fixture.request("f"))
    #expect(response?.requestID == "r1" && response?.result == "r1")
    #expect(lines.entries.map { $0.metadata["error"] } == ["it changed requestID from r1 to other"])
  }

  @Test(
    "a before hook that sends a request elsewhere is told in the log, and the function that was asked for is called"
  )
  func elsewhere() async throws {
    let endpoint = Endpoint(withRequest: "f") { (request: Request) in
      "\(request.service)/\(request.requestType) \(request.version ?? "none") \(request.userID ?? "nobody")"
        as ByteText
    }
    .before { request in
      var request = request
      request.requestType = "g"
      request.version = "2.0.0"
      request.userID = "root"
      return .proceed(request)
    }
    let fixture = try fixture(endpoint)
    for _ in 0..<3 {
      #expect(await fixture.gateway.execute(fixture.request("f"))?.result == "test/f none root")
    }
    #expect(lines.entries.count == 1)
    #expect(
      lines.entries.first?.metadata["error"]
        == "it changed requestType from f to g, version from none to 2.0.0")
  }

  @Test("a result that nests too deep is an error of its function, and a part ends its stream with one")
  func depth() async throws {
    @Sendable func deep() -> Value {
      var value: Value = 1
      for _ in 0..<5_000 { value = [value] }
      return value
    }
    let fixture = try fixture(Endpoint("f") { deep() })
    try fixture.gateway.register(
      ServiceEndpoints("more") {
        Endpoint(streaming: "parts") { stream in await stream.send(deep()) }
        Endpoint(streaming: "last") { stream in stream.last(deep()) }
        Endpoint("after") { 1 }.after { _, response in
          var response = response
          response.result = deep()
          return response
        }
      })
    fixture.gateway.showsErrorDetail = true
    #expect(
      await fixture.gateway.execute(fixture.request("f"))?.error
        == "Internal Server Error: the result nests deeper than 200 levels")
    for type in ["parts", "last"] as [ByteText] {
      let error = await #expect(throws: ResponseError.self) {
        try await fixture.gateway.parts("more", type, as: Value.self)
      }
      #expect(error?.message == "Internal Server Error: a part nests deeper than 200 levels")
    }
    #expect(await fixture.gateway.response("more", "after").result == 1)
  }
}
