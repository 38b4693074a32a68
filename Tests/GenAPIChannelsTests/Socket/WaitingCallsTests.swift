import GenAPIValue
import Testing

@testable import GenAPIChannels

@Suite("Calls of a socket that wait")
struct WaitingCallsTests {
  private let channel = JoinedTopic(topic: "api:lobby", joinRef: "1")

  private func message(_ id: Value, _ text: ByteText) -> PhoenixMessage {
    PhoenixMessage(
      joinRef: "1", ref: 7, topic: "api:lobby", event: "api",
      payload: .json([
        "request_id": id, "args": ["text": .string(text), "list": [[0], 1.5, nil, ["a": true]]],
      ]))
  }

  @Test("a call begins as it was read, however large it is", arguments: [10, 4_096, 4_097, 100_000])
  func whole(bytes: Int) {
    var waiting = WaitingCalls()
    let call = message("r", ByteText(String(repeating: "é", count: bytes / 2)))
    waiting.append(call, on: channel, bytes: bytes)
    #expect(waiting.first(on: channel, requestID: "r") == call)
    #expect(waiting.popFirst()?.message == call && waiting.isEmpty)
  }

  @Test("a call is found by its id, a number's too, and what goes makes room", arguments: [10, 5_000])
  func found(bytes: Int) {
    var waiting = WaitingCalls()
    for id: Value in ["a", 7, "c"] { waiting.append(message(id, "x"), on: channel, bytes: bytes) }
    #expect(!waiting.hasRoom(bytes: 3 * bytes) && waiting.hasRoom(bytes: 3 * bytes + 1))
    waiting.removeFirst(on: channel, requestID: "7")
    waiting.removeFirst(on: channel, requestID: "nosuch")
    #expect(waiting.first(on: channel, requestID: "7") == nil)
    #expect(waiting.hasRoom(bytes: 2 * bytes + 1))
    #expect(waiting.removeAll(of: channel).map(\.ref) == [7, 7])
    #expect(waiting.isEmpty && waiting.hasRoom(bytes: 1))
  }
}
