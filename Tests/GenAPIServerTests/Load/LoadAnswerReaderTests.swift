import GenAPIChannels
import GenAPIValue
import Testing

@testable import GenAPIServer

@Suite("What a load generator reads of an answer")
struct LoadAnswerReaderTests {
  private func read(_ text: String, _ version: SerializerVersion = .two, event: ByteText = "api")
    -> LoadAnswerReader.Message
  {
    Array(text.utf8).withUnsafeBytes { LoadAnswerReader(version: version, event: event).read($0) }
  }

  @Test("an answer is told from a receipt, in both versions and in any order of its keys")
  func answers() {
    #expect(
      read(#"["1",null,"api:lobby","api",{"request_id":"3-12","result":{"success":false},"success":true}]"#)
        == .answer(12, isOK: true, error: nil))
    #expect(
      read(
        #"[ "1" , null , "t" , "api" , { "success" : false , "error" : "a\"b" , "request_id" : "3-7" } ] "#)
        == .answer(7, isOK: false, error: "a\"b"))
    #expect(
      read(#"{"payload":{"request_id":"0-1","success":true},"ref":null,"event":"api","topic":"t"}"#, .one)
        == .answer(1, isOK: true, error: nil))
    #expect(read(#"["1","3-12","t","phx_reply",{"status":"ok","response":"time"}]"#) == .receipt(12))
    #expect(
      read(#"["1",null,"t","api",{"request_id":"3-12","success":true,"async":true,"has_more":true}]"#)
        == .part(12))
    #expect(
      read(#"["1",null,"t","api",{"async":true,"has_more":false,"request_id":"3-12","success":true}]"#)
        == .accepted(12))
    #expect(
      read(#"["1",null,"t","api",{"request_id":"3-12","success":false,"async":true,"error":"e"}]"#)
        == .answer(12, isOK: false, error: "e"))
    #expect(
      read(#"["1","3-12","t","phx_reply",{"status":"error","response":"no"}]"#)
        == .answer(12, isOK: false, error: "no"))
    #expect(
      read(#"["1",null,"t","é\"x",{"request_id":"3-12","success":true}]"#, event: "é\"x")
        == .answer(12, isOK: true, error: nil))
  }

  @Test("the same is read of TOON")
  func toon() {
    func read(_ event: ByteText, _ payload: Value, ref: MessageReference? = nil) -> LoadAnswerReader.Message {
      let message = PhoenixMessage(
        joinRef: "1", ref: ref, topic: "api:lobby", event: event, payload: .json(payload))
      guard case .text(let bytes) = MessageEncoder(version: .two, toon: .v3).encode(message) else {
        return .unreadable("no text")
      }
      return bytes.withUnsafeBytes { LoadAnswerReader(version: .two, isTOON: true, event: "api").read($0) }
    }
    #expect(
      read("api", ["request_id": "3-12", "success": true, "result": ["a": 1]])
        == .answer(12, isOK: true, error: nil))
    #expect(
      read("api", ["request_id": "3-7", "success": false, "error": "a\"b"])
        == .answer(7, isOK: false, error: "a\"b"))
    #expect(read("phx_reply", ["status": "ok", "response": [:]], ref: "1") == .joined)
    #expect(read("phx_reply", ["status": "error", "response": "no"], ref: "1") == .joinRefused("no"))
    #expect(
      read("phx_reply", ["status": "error", "response": "no"], ref: "3-9")
        == .answer(9, isOK: false, error: "no"))
    #expect(read("phx_reply", ["status": "ok", "response": "time"], ref: "3-9") == .receipt(9))
    #expect(
      read("api", ["request_id": "3-9", "success": true, "async": true, "has_more": true]) == .part(9))
    #expect(
      read("api", ["request_id": "3-9", "success": true, "async": true, "has_more": false]) == .accepted(9))
    #expect(read("phx_close", [:]) == .channelEnded("phx_close"))
    #expect(read("news", ["request_id": "3-12", "success": true]) == .other)
  }

  @Test("joins, ends of a channel and what is none of its business are told apart")
  func others() {
    #expect(read(TestSocketServer.joinReply) == .joined)
    #expect(
      read(#"["1","1","t","phx_reply",{"response":{"reason":"unauthorized"},"status":"error"}]"#)
        == .joinRefused(#"{"reason":"unauthorized"}"#))
    #expect(read(#"["1",null,"t","phx_error",{}]"#) == .channelEnded("phx_error"))
    #expect(read(#"["1",null,"t","phx_close",{}]"#) == .channelEnded("phx_close"))
    #expect(read(#"[null,"beat","phoenix","phx_reply",{"status":"ok","response":{}}]"#) == .other)
    #expect(read(#"["1",null,"t","news",{"request_id":"3-12","success":true}]"#) == .other)
    #expect(read(#"["1",null,"t","api",{"request_id":"other","success":true}]"#) == .other)
    #expect(
      read(#"["1",null,"t","api",{"request_id":"3-99999999999999999999999","success":true}]"#) == .other)
  }

  @Test("what a gateway says is shown on one line, without anything that a terminal obeys")
  func shown() {
    var report = LoadReport()
    report.countError("a\n\u{1B}[2Jb\u{9B}c\u{202E}d\u{301}")
    #expect(report.text.contains("1 × a␊␛[2Jb�c�d\u{301}"))
  }

  @Test("what is no message is unreadable, and nothing crashes on it")
  func faults() {
    let whole = #"["1",null,"t","api",{"request_id":"3-12","success":true,"error":null}]"#
    for end in 0..<whole.utf8.count - 1 {
      let message = read(String(decoding: whole.utf8.prefix(end), as: UTF8.self))
      guard case .answer(_, isOK: true, _) = message else { continue }
      Issue.record("\(end) bytes are an answer")
    }
    for text in ["", "{}", "[]", "[1,2]", "nonsense", "\"", #"["1",null,"t","api"]"#] {
      guard case .unreadable = read(text) else {
        Issue.record("\(text) was read")
        continue
      }
    }
  }
}
