import GenAPIValue
import Locking

@testable import GenAPIChannels

/// A client whose messages a test takes one by one.
final class TestSocket: Sendable {
  enum Event: Sendable {
    case message(PhoenixMessage)
    case closed(UInt16?, String)
  }

  let client: PhoenixClient
  private let events: AsyncStream<Event>
  private let lastRef = Mutex(0)

  private init(_ client: PhoenixClient, _ events: AsyncStream<Event>) {
    self.client = client
    self.events = events
  }

  static func connect(
    port: Int, path: String = "/socket/websocket", vsn: String? = "2.0.0", parameters: [String: String] = [:],
    headers: [String: String] = [:]
  ) async throws -> TestSocket {
    var configuration = PhoenixClientConfiguration(port: port)
    configuration.path = path
    configuration.vsn = vsn
    configuration.parameters = parameters
    configuration.headers = headers
    return try await connect(configuration)
  }

  static func connect(_ configuration: PhoenixClientConfiguration) async throws -> TestSocket {
    var configuration = configuration
    // For a starved machine; no test waits for it.
    configuration.connectTimeout = .seconds(60)
    let (events, source) = AsyncStream.makeStream(of: Event.self)
    let client = try await PhoenixClient.connect(
      configuration, onMessage: { source.yield(.message($0)) },
      onClose: { code, reason in
        source.yield(.closed(code, reason))
        source.finish()
      })
    return TestSocket(client, events)
  }

  /// The next thing that happens, waiting at most 20 s for a starved machine.
  func next() async -> Event? {
    await withTaskGroup(of: Event?.self) { group in
      group.addTask {
        for await event in self.events { return event }
        return nil
      }
      group.addTask {
        try? await Task.sleep(for: .seconds(20))
        return nil
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
  }

  func message() async throws -> PhoenixMessage {
    let event = await next()
    guard case .message(let message)? = event else { throw Unexpected(event: event) }
    return message
  }

  /// The next message for which this holds; others are skipped.
  func message(where holds: (PhoenixMessage) -> Bool) async throws -> PhoenixMessage {
    while true {
      let message = try await message()
      if holds(message) { return message }
    }
  }

  /// The close code; messages before it are skipped.
  func closeCode() async throws -> UInt16? {
    while let event = await next() {
      if case .closed(let code, _) = event { return code }
    }
    throw Unexpected(event: nil)
  }

  /// Tells that something else happened, or nothing in time.
  struct Unexpected: Error { let event: Event? }

  func ref() -> MessageReference {
    lastRef.withLock { ref in
      ref += 1
      return "\(ref)"
    }
  }

  /// Joins and takes the reply; gives the join's ref.
  func join(_ topic: ByteText = "api:lobby") async throws -> MessageReference {
    let ref = ref()
    client.send(
      PhoenixMessage(
        joinRef: ref, ref: ref, topic: topic, event: PhoenixEvent.join,
        payload: .json([:])))
    _ = try await message()
    return ref
  }

  func push(
    _ payload: Value, joinRef: MessageReference?, topic: ByteText = "api:lobby", event: ByteText = "api",
    ref: MessageReference = "r"
  ) {
    client.send(
      PhoenixMessage(
        joinRef: joinRef, ref: ref, topic: topic, event: event,
        payload: .json(payload)))
  }
}

extension PhoenixMessage {
  var value: Value? { if case .json(let value) = payload { value } else { nil } }
}
