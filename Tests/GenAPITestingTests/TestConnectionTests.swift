import Foundation
import GenAPITesting
import Testing

@Suite("What tests of a gateway are made of")
struct TestConnectionTests {
  private func gateway() throws -> Gateway {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"))
    try gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("echo", Argument("text", String.self)) { $0 }
        Endpoint(performing: "silent") {}.unanswered
        Endpoint(performing: "later") {}.asynchronous
        Endpoint("no") { () async throws -> Int in throw FunctionError("sold out", isForClient: true) }
        Endpoint(streaming: "broken") { stream in
          await stream.send(1)
          throw FunctionError("lost", isForClient: true)
        }
        Endpoint(streaming: "empty") { _ in }
        Endpoint(streaming: "last") { stream in stream.last("end") }
        Endpoint(streaming: "ticks") { stream in while await stream.send(1) {} }.timeout(nil)
        Endpoint(streaming: "quiet") { stream in
          await stream.send(1)
          try await Task.sleep(for: .seconds(3_600))
        }
        Endpoint(performing: "endless") { try await Task.sleep(for: .seconds(3_600)) }.asynchronous.timeout(
          nil)
        Endpoint("versioned") { 2 }.version("2.0.0")
      })
    return gateway
  }

  @Test("a request that fails is thrown as what its client reads")
  func failures() async throws {
    let gateway = try gateway()
    await #expect(throws: ResponseError(message: "sold out")) {
      try await gateway.call("svc", "no", as: Int.self)
    }
    await #expect(throws: DecodingError.self) {
      try await gateway.call("svc", "echo", ["text": "a"], as: Int.self)
    }
    await #expect(throws: ResponseError.self) { try await gateway.parts("svc", "broken", as: Int.self) }
  }

  @Test("functions without a result, without an answer and with an empty stream end the wait")
  func nothing() async throws {
    let gateway = try gateway()
    let silent = await gateway.response("svc", "silent")
    #expect(silent.error == "svc/silent is unanswered: it has no result; gateway.send calls it")
    #expect(!silent.success && silent.result == .null)
    #expect(try await gateway.parts("svc", "empty", as: Int.self) == [])
    #expect(try await gateway.parts("svc", "last", as: String.self) == ["end"])
  }

  private func failure(_ body: () async throws -> Void) async -> String? {
    do {
      try await body()
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "a call of a stream, of what never answers or does not end, and of what is not there, says so instead of waiting"
  )
  func noResult() async throws {
    let gateway = try gateway()
    let soon = Duration.milliseconds(20)
    #expect(
      await failure { _ = try await gateway.call("svc", "ticks", as: Int.self) }
        == "svc/ticks answers in parts: gateway.parts gives them, gateway.connect an inbox for those of an endless stream"
    )
    #expect(
      await failure { _ = try await gateway.call("svc", "silent", as: Int?.self) }
        == "svc/silent is unanswered: it has no result; gateway.send calls it")
    #expect(
      await failure { _ = try await gateway.parts("svc", "echo", ["text": "a"], as: String.self) }
        == "svc/echo answers once, not in parts: gateway.call gives the result")
    let endless = await failure { _ = try await gateway.call("svc", "endless", as: Int?.self, within: soon) }
    #expect(endless?.hasPrefix("svc/endless was acknowledged and did not end within 0.02 seconds: ") == true)
    #expect(endless?.hasSuffix("seconds: `within:` is how long is waited") == true)
    let quiet = await failure { _ = try await gateway.parts("svc", "quiet", as: Int.self, within: soon) }
    #expect(quiet?.hasPrefix("svc/quiet has sent 1 parts and no end within 0.02 seconds: ") == true)
    #expect(quiet?.contains("an endless stream is read with gateway.connect and send") == true)
    let ticks = await failure {
      _ = try await gateway.parts("svc", "ticks", as: Int.self, within: .seconds(600))
    }
    #expect(ticks?.hasPrefix("svc/ticks has sent more than 100000 parts: ") == true)
    #expect(
      await failure { _ = try await gateway.call("svc", "ech", as: Int.self) }?.hasPrefix(
        "the service svc has no function ech; it has broken, echo, ") == true)
    #expect(
      await failure { _ = try await gateway.parts("last", "svc", as: Int.self) }
        == "there is no service last, but svc has a function of that name: the service comes first")
    #expect(
      await failure { _ = try await gateway.call("svc", "versioned", as: Int.self, version: "1.0.0") }
        == "there is no svc/versioned in the version 1.0.0; there is 2.0.0")
  }

  @Test("a response of a stream is its first, and of what does not end an error that says so")
  func responses() async throws {
    let gateway = try gateway()
    #expect(await gateway.response("svc", "ticks").result == "init")
    #expect(
      await gateway.response("svc", "nothing").error
        == "unsupported function: nothing version latest of service svc")
    let endless = await gateway.response("svc", "endless", within: .milliseconds(20))
    #expect(endless.error?.string.contains("did not end within") == true)
    try gateway.configs.disable("svc", "echo")
    await #expect(throws: ResponseError.self) {
      try await gateway.call("svc", "echo", ["text": "a"], as: String.self)
    }
  }

  @Test("a wait for an answer that does not come ends with the task that waits")
  func cancelled() async throws {
    let gateway = try gateway()
    let call = Task { try await gateway.call("svc", "endless", as: Int?.self, within: .seconds(3_600)) }
    while gateway.currentState().pools.allSatisfy({ $0.busy == 0 }) { await Task.yield() }
    call.cancel()
    await #expect(throws: CancellationError.self) { try await call.value }
  }

  @Test("no time to wait in is a mistake of the test's, which is told, and nothing is called")
  func noTime() async throws {
    let gateway = try gateway()
    for limit in [Duration.zero, .seconds(-1)] {
      await #expect(throws: TestCallError.noTime(function: "svc/echo", within: limit)) {
        try await gateway.call("svc", "echo", ["text": "a"], as: String.self, within: limit)
      }
      await #expect(throws: TestCallError.noTime(function: "svc/ticks", within: limit)) {
        try await gateway.parts("svc", "ticks", as: Int.self, within: limit)
      }
    }
    #expect(
      await gateway.response("svc", "echo", ["text": "a"], within: .seconds(-1)).error
        == "svc/echo was not called: `within:` must be more than no time, not -1.0 seconds")
    #expect(gateway.currentState().totals.requests == 0)
  }

  @Test(
    "a wait for responses that do not come ends: with those that came, or with an error")
  func inboxEnds() async throws {
    let gateway = try gateway()
    let connection = gateway.connect()
    await gateway.send("svc", "echo", ["text": "a"], from: connection)
    #expect(await connection.received(2, within: .milliseconds(1)).map(\.result) == ["a"])
    #expect(try await connection.next().result == "a")
    await #expect(throws: TestInboxError.nothing(number: 2, within: .milliseconds(1))) {
      try await connection.next(within: .milliseconds(1))
    }
    let waiting = Task { await connection.received(5, within: .seconds(3_600)) }
    waiting.cancel()
    #expect(await waiting.value.count == 1)
  }

  @Test("a client that has gone sends nothing more")
  func sendsNothing() async throws {
    let gateway = try gateway()
    let connection = gateway.connect()
    await gateway.send("svc", "echo", ["text": "a"], from: connection)
    gateway.disconnect(connection)
    await gateway.send("svc", "echo", ["text": "b"], from: connection)
    #expect(connection.responses.map(\.result) == ["a"])
    #expect(gateway.currentState().totals.requests == 1)
  }

  @Test("a call of a function that does not end ends when `within` is over, also of one that answers at once")
  func within() async throws {
    let clock = VirtualClock()
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"), clock: clock)
    try gateway.register(
      ServiceEndpoints("svc") {
        Endpoint(performing: "sleeps") { try await clock.sleep(for: .seconds(60)) }
        Endpoint(streaming: "hooked") { _ in }.before { request in
          try await clock.sleep(for: .seconds(60))
          return .proceed(request)
        }
      })
    let soon = Duration.milliseconds(20)
    let call = await failure { _ = try await gateway.call("svc", "sleeps", as: Value.self, within: soon) }
    #expect(call?.hasPrefix("svc/sleeps did not answer within 0.02 seconds: ") == true, "\(call as Any)")
    #expect(call?.contains("VirtualClock") == true)
    let parts = await failure { _ = try await gateway.parts("svc", "hooked", as: Int.self, within: soon) }
    #expect(parts?.hasPrefix("svc/hooked did not answer within 0.02 seconds: ") == true, "\(parts as Any)")
    let response = await gateway.response("svc", "sleeps", within: soon)
    #expect(response.error?.hasPrefix("svc/sleeps did not answer") == true)
  }

  @Test("several may wait for one inbox")
  func waiting() async throws {
    let gateway = try gateway()
    let connection = gateway.connect()
    async let two = connection.received(2)
    async let one = connection.received(1)
    for text in ["a", "b"] as [Value] { await gateway.send("svc", "echo", ["text": text], from: connection) }
    #expect(await one.count >= 1)
    #expect(await two.map(\.result) == ["a", "b"])
    #expect(try await connection.next().result == "a")
    #expect(try await connection.next().result == "b")
  }

  @Test("a client that is gone is known to nobody")
  func gone() async throws {
    let gateway = try gateway()
    let connection = gateway.connect(as: ClientIdentity(userID: "ann"))
    #expect(gateway.currentState().sockets.open == 1)
    gateway.disconnect(connection)
    #expect(gateway.currentState().sockets.open == 0)
  }

  private static let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized

  @Test("every block of Swift in the article is a sample that these tests compile and run")
  func article() throws {
    let source = try String(
      contentsOf: Self.root.appendingPathComponent("Tests/GenAPITestingTests/TestingSamples.swift"),
      encoding: .utf8)
    let samples = source.components(separatedBy: "    // sample: ").dropFirst().map { part in
      part.components(separatedBy: "\n    // end")[0].components(separatedBy: "\n").dropFirst()
        .map { $0.hasPrefix("    ") ? String($0.dropFirst(4)) : $0 }.joined(separator: "\n")
    }
    let article = try String(
      contentsOf: Self.root.appendingPathComponent(
        "Sources/GenAPITesting/GenAPITesting.docc/GenAPITesting.md"),
      encoding: .utf8)
    let blocks = article.components(separatedBy: "```swift\n").dropFirst().map {
      $0.components(separatedBy: "\n```")[0]
    }
    #expect(blocks.count >= 6)
    for block in blocks { #expect(samples.contains(block), "\(block)") }
  }
}
