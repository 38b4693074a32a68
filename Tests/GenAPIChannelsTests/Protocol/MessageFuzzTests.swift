import GenAPIGateway
import GenAPIValue
import TOON
import TestRandom
import Testing

@testable import GenAPIChannels

@Suite("Messages full of combining marks")
struct MessageFuzzTests {
  /// Takes what is pushed and looks at its size.
  private final class Connection: ClientConnection {
    let connectionID: ConnectionID

    init(_ id: ConnectionID) { connectionID = id }

    func push(_ response: Response) { #expect(response.requestID.byteCount <= 256) }
  }

  private struct Maker {
    var random: SeededRandom
    static let marks = ["\u{0301}", "\u{0316}", "\u{0344}", "\u{1D165}", "\u{20D0}", "\u{200D}", "\u{FE0F}"]
    static let texts = [
      "a", "", "echo", "demo", "1", "é", "\u{212A}", "\u{AC00}", "api:lobby", "0.0.0", "\"", "\\",
    ]

    mutating func text() -> ByteText {
      var text = Self.texts.randomElement(using: &random)!
      guard Int.random(in: 0..<3, using: &random) == 0 else { return ByteText(text) }
      let count = [1, 50, 127, 128, 300, 5_000].randomElement(using: &random)!
      let first = Self.marks.randomElement(using: &random)!
      let second = Self.marks.randomElement(using: &random)!
      text += String(repeating: first + second, count: count)
      return ByteText(text)
    }

    mutating func value(_ depth: Int) -> Value {
      switch Int.random(in: depth > 3 ? 0..<4 : 0..<7, using: &random) {
      case 0: return .null
      case 1: return .int(Int64.random(in: .min ... .max, using: &random))
      case 2: return .double(Double.random(in: -1e300...1e300, using: &random))
      case 3: return .string(text())
      case 4: return .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth + 1) })
      default: return .object(object(depth + 1))
      }
    }

    mutating func object(_ depth: Int) -> ValueObject {
      var object = ValueObject()
      for _ in 0..<Int.random(in: 0...3, using: &random) { object[text()] = value(depth) }
      return object
    }

    mutating func payload() -> Value {
      var object = object(2)
      for field in ["service", "request_type", "request_id", "version", "device_id", "args"] as [ByteText]
      where Int.random(in: 0..<8, using: &random) > 0 {
        object[field] = field == "args" ? .object(self.object(2)) : .string(text())
      }
      return .object(object)
    }

    mutating func message() -> Value {
      [.string(text()), .string(text()), .string(text()), .string(text()), payload()]
    }
  }

  @Test(
    "any of them is answered or refused, and nothing kept is longer than its bound", .timeLimit(.minutes(5)))
  func fuzz() async throws {
    var settings = GatewayConfiguration(node: "gw@test")
    settings.logger.logLevel = .critical
    settings.rateLimiter.globalLimits = [
      .global(key: "claimed_device_id", maxRequests: 10, window: .seconds(1))
    ]
    let gateway = try Gateway(configuration: settings)
    for name in ["echo", "é", "1"] as [ByteText] {
      gateway.functions.register("Demo.\(name)") { call in
        throw FunctionError(call.arguments.first?.string ?? "none")
      }
      try gateway.configs.add(
        FunctionConfig(
          service: "demo", requestType: name, function: FunctionReference("Demo", name), argumentOrder: .map))
    }
    let connection = Connection(gateway.newConnectionID())
    gateway.connectionOpened(connection.connectionID, transport: "test", identity: .anonymous)
    let subscription = try gateway.bus.subscribe("test", to: .allAndExtensions, queue: 100_000)
    var maker = Maker(random: SeededRandom(seed: 18))
    var session = PhoenixSession<ByteText>()
    var refused = 0
    for _ in 0..<200 {
      let message = maker.message()
      let frames: [Result<PhoenixMessage, MessageError>] = [
        Result { () throws(MessageError) in try MessageDecoder(version: .two).decode(text: message.jsonBytes)
        },
        Result { () throws(MessageError) in
          try MessageDecoder(version: .two, isTOON: true).decode(
            text: (try? message.toonBytes(TOONWriter.Options(version: .v3))) ?? [])
        },
      ]
      for frame in frames {
        switch frame {
        case .success(let message): _ = session.receive(message)
        case .failure(let error):
          refused += 1
          #expect(error.description.utf8.count < 1_000)
        }
      }
      let payload = message.array![4]
      let receipt = await gateway.handle(payload, from: .anonymous, on: connection)
      if case .refused(let why) = receipt { #expect(why.byteCount < 1_000) }
    }
    #expect(refused > 50)
    for event in subscription.drain().events {
      var collector = LongestText()
      event.event.visitMetadata(&collector)
      #expect(collector.longest <= 1_024)
    }
    let state = gateway.currentState()
    #expect(state.series.allSatisfy { ($0.lastError?.byteCount ?? 0) <= 1_024 })
    #expect(state.series.contains { $0.lastError != nil })
  }
}
