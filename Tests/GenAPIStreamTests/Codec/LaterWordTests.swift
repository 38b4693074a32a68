import GenAPITelemetry
import GenAPIValue
import NIOCore
import TestStates
import Testing

@testable import GenAPIStream

@Suite("Words that a later version of the gateway knows")
struct LaterWordTests {
  @Test("a word of any field of a state that is not known is kept as it is, and refuses no line")
  func everyWord() throws {
    let state = try GatewayState.example()
    let frame = try #require(
      try Value(json: Array(FrameEncoder.line(.snapshot(at: 1, sequence: 2, state)).readableBytesView)).object
    )
    var words = 0
    for (section, fields) in try DescribedFields().sections where frame[ByteText(section)] != nil {
      for field in fields where field.type == "word" {
        words += 1
        guard let value = frame[ByteText(section)], var entry = (value.array?.first ?? value).object else {
          continue
        }
        entry[ByteText(field.name)] = "a later word"
        var later = frame
        later[ByteText(section)] = value.array == nil ? .object(entry) : .array([.object(entry)])
        var json = JSONWriter()
        json.value(.object(later))
        guard case .snapshot(_, _, let read) = try FrameDecoder.decode(ByteBuffer(bytes: json.bytes)).get()
        else {
          Issue.record("no snapshot")
          continue
        }
        let written: Value? = try ValueEncoder().encode(read).object?[ByteText(section)]
        let first: Value? = written?.array?.first ?? written
        #expect(first?.object?[ByteText(field.name)] == "a later word")
      }
    }
    // A pool's breaker, and a breaker's state.
    #expect(words == 2)
  }

  @Test("a way to be let in that is not known is told by its name")
  func auth() throws {
    let line = #"{"t":"hello","proto":1,"node":"gw1","auth":"certificate"}"#
    let frame = try FrameDecoder.decode(ByteBuffer(string: line)).get()
    #expect(frame == .hello(Hello(node: "gw1", software: "", auth: .unknown("certificate"))))
    var session = SubscriberSession(subscription: Subscription(), token: "t")
    session.opened(at: 0)
    guard case .deliver(.refused(_, let reason))? = session.received(.success(frame), at: 1).first else {
      Issue.record("not refused")
      return
    }
    #expect(reason.string.contains("\"certificate\""))
  }
}
