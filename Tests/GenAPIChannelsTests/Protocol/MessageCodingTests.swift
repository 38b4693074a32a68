import GenAPIChannels
import GenAPIValue
import TOON
import Testing

@Suite("Channel messages on the wire")
struct MessageCodingTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test("a version 2 frame is an array of five")
  func versionTwo() throws {
    let decoder = MessageDecoder(version: .two)
    let message = try decoder.decode(text: bytes(#"["1","2","api:lobby","api",{"a":1}]"#))
    #expect(
      message
        == PhoenixMessage(joinRef: "1", ref: "2", topic: "api:lobby", event: "api", payload: .json(["a": 1])))
  }

  @Test("white space, escapes and long texts change nothing in what a frame means")
  func spelling() throws {
    let decoder = MessageDecoder(version: .two)
    let usual = try decoder.decode(text: bytes(#"["1",null,"api:lobby","api",{"a":[1,null]}]"#))
    for text in [
      "[ \"1\" , null , \"api:lobby\" , \"api\" , { \"a\" : [ 1 , null ] } ]",
      " [\"1\",null,\"api:lobby\",\"api\",{\"a\":[1,null]}]\n",
      #"["1",null,"api:lobb\u0079","api",{"a":[1,null]}]"#,
    ] {
      #expect(try decoder.decode(text: bytes(text)) == usual)
    }
    for text in [
      #"["1",null,"api:lobby","api",{"a":1}"#, #"["1",null,"api:lobby","api",{"a":1}]x"#,
      #"["1",null,"api:lobby","api",{"a":1},2]"#, #"["1",nul,"api:lobby","api",{}]"#,
      #"["1",null,"api:lobby""api",{}]"#,
      "[\"\(String(repeating: "r", count: 100_000))\",null,\"t\",\"e\",{}]",
    ] {
      #expect(throws: MessageError.self) { try decoder.decode(text: bytes(text)) }
    }
  }

  @Test("references may be numbers or null, and go back as they came")
  func references() throws {
    let message = try MessageDecoder(version: .two).decode(text: bytes(#"[null,3,"t","e",{}]"#))
    #expect(message.joinRef == nil)
    #expect(message.ref == 3 && message.ref != "3")
    for frame in [
      #"[1,2,"t","e",{}]"#, #"["1","2","t","e",{}]"#, #"[null,null,"t","e",{}]"#, #"[-1,2.5,"t","e",{}]"#,
      #"["-1","2.5","t","e",{}]"#, #"[2.0,-0.0,"t","e",{}]"#, #"[1e+300,"","t","e",{}]"#,
      #"[18446744073709551616,-9223372036854775808,"t","e",{}]"#,
    ] {
      let message = try MessageDecoder(version: .two).decode(text: bytes(frame))
      #expect(MessageEncoder(version: .two).encode(message) == .text(bytes(frame)))
    }
    #expect(throws: MessageError.self) {
      try MessageDecoder(version: .two).decode(text: bytes(#"[true,3,"t","e",{}]"#))
    }
  }

  @Test("a version 1 frame is an object")
  func versionOne() throws {
    let decoder = MessageDecoder(version: .one)
    let message = try decoder.decode(
      text: bytes(#"{"topic":"t","event":"e","payload":{},"ref":"1","join_ref":"2"}"#))
    #expect(message == PhoenixMessage(joinRef: "2", ref: "1", topic: "t", event: "e", payload: .json([:])))
  }

  @Test(
    "a frame that is no message says what is wrong",
    arguments: [
      (#"{"#, 1007), (#"{}"#, 1003), (#"[1,2,3]"#, 1003), (#"[null,null,5,"e",{}]"#, 1003),
      (#"[{},null,"t","e",{}]"#, 1003), (#"[null,null,"","e",{}]"#, 1003),
    ])
  func malformed(text: String, code: Int) {
    do {
      _ = try MessageDecoder(version: .two).decode(text: bytes(text))
      Issue.record("decoded \(text)")
    } catch {
      #expect(error.closeCode == UInt16(code) && error.message == nil)
      #expect(!error.description.isEmpty)
    }
  }

  @Test("a binary push carries its four names and the bytes")
  func binaryPush() throws {
    let frame: [UInt8] = [0, 1, 1, 1, 3] + bytes("12tapi") + [0xff, 0x00]
    let message = try MessageDecoder(version: .two).decode(binary: frame)
    #expect(
      message
        == PhoenixMessage(joinRef: "1", ref: "2", topic: "t", event: "api", payload: .binary([0xff, 0x00])))
  }

  @Test("random and cut binary frames are refused, never a trap")
  func binaryFuzz() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<5_000 {
      let frame = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
        UInt8.random(in: 0...8, using: &generator)
      }
      _ = try? MessageDecoder(version: .two).decode(binary: frame)
    }
    #expect(throws: MessageError.self) {
      try MessageDecoder(version: .two).decode(binary: [0, 255, 0, 0, 0])
    }
  }

  @Test("what the server sends has the client's form")
  func encoding() {
    let message = PhoenixMessage(joinRef: "1", topic: "t", event: "api", payload: .json(["a": 1]))
    #expect(
      MessageEncoder(version: .two).encode(message) == .text(bytes(#"["1",null,"t","api",{"a":1}]"#)))
    #expect(
      MessageEncoder(version: .one).encode(message)
        == .text(bytes(#"{"topic":"t","event":"api","payload":{"a":1},"ref":null}"#)))
    let binary = PhoenixMessage(joinRef: "1", topic: "t", event: "api", payload: .binary([9]))
    #expect(MessageEncoder(version: .two).encode(binary) == .binary([0, 1, 1, 3] + bytes("1tapi") + [9]))
  }

  @Test("an absent vsn means version 1, an unknown major version none")
  func versions() {
    #expect(SerializerVersion(vsn: nil) == .one)
    #expect(SerializerVersion(vsn: "1.0.0") == .one)
    #expect(SerializerVersion(vsn: "2.0.0") == .two)
    #expect(SerializerVersion(vsn: "3.0.0") == nil)
    #expect(SerializerVersion(vsn: "") == nil)
  }

  @Test("a frame of TOON is one document, whose root is the array of version 2")
  func toon() throws {
    let message = PhoenixMessage(
      joinRef: "1", topic: "t:1", event: "api", payload: .json(["a": 1, "b": [["c": "x,y"]]]))
    let text = """
      [5]:
        - "1"
        - null
        - "t:1"
        - api
        - a: 1
          b[1]{c}:
            "x,y"
      """
    #expect(MessageEncoder(version: .two, toon: .v3).encode(message) == .text(bytes(text)))
    #expect(try MessageDecoder(version: .two, isTOON: true).decode(text: bytes(text)) == message)
    let reply = PhoenixMessage.reply(to: message, joinRef: "1", status: .ok, response: [:])
    let frame = MessageEncoder(version: .two, toon: .v4).encode(reply)
    #expect(
      frame
        == .text(
          bytes("[5]:\n  - \"1\"\n  - null\n  - \"t:1\"\n  - phx_reply\n  - status: ok\n    response:")))
    let plain = PhoenixMessage(joinRef: "1", ref: "2", topic: "t", event: "e", payload: .json("x"))
    #expect(MessageEncoder(version: .two, toon: .v3).encode(plain) == .text(bytes("[5]: \"1\",\"2\",t,e,x")))
    #expect(
      try MessageDecoder(version: .two, isTOON: true).decode(text: bytes("[5]: \"1\",\"2\",t,e,x")) == plain)
    // Numbers go back as numbers, here too.
    let numbered = try MessageDecoder(version: .two, isTOON: true).decode(
      text: bytes("[5]: 1,18446744073709551616,t,e,x"))
    #expect(numbered.ref?.value.json == "18446744073709551616")
    #expect(
      MessageEncoder(version: .two, toon: .v3).encode(numbered)
        == .text(bytes("[5]: 1,18446744073709551616,t,e,x")))
  }

  @Test("a payload that nests too deep for TOON is replaced by the reason")
  func deepTOON() throws {
    var deep: Value = 1
    for _ in 0..<300 { deep = [deep] }
    let message = PhoenixMessage(joinRef: "1", topic: "t", event: "e", payload: .json(deep))
    guard case .text(let text) = MessageEncoder(version: .two, toon: .v3).encode(message) else {
      Issue.record("no text")
      return
    }
    let read = try MessageDecoder(version: .two, isTOON: true).decode(text: text)
    #expect(read.payload == .json(["reason": "the value nests deeper than 200 levels"]))
  }

  @Test("a frame of JSON where TOON is spoken, and of TOON where JSON is, is told to be that")
  func otherForm() {
    let json = #"[null,"1","api","phx_join",{"a":1}]"#
    for toon in [
      "[5]: null,\"1\",api,phx_join,\"\"", "[5]:\n  - null\n  - \"1\"\n  - api\n  - phx_join\n  - a: 1",
    ] {
      for (isTOON, text, words) in [
        (
          true, #"{"topic":"api","event":"phx_join","payload":{},"ref":"1"}"#,
          "the frame is JSON, and this socket speaks TOON"
        ),
        (true, #" {"a": 1}"#, "the frame is JSON, and this socket speaks TOON"),
        (true, json, "the frame is JSON, and this socket speaks TOON"),
        (false, toon, "the frame is TOON, and this socket speaks JSON"),
      ] {
        do throws(MessageError) {
          _ = try MessageDecoder(version: .two, isTOON: isTOON).decode(text: bytes(text))
          Issue.record("\(text) was read")
        } catch {
          #expect(error.closeCode == (isTOON ? 1_003 : 1_007) && error.description == words, "\(error)")
        }
      }
    }
  }

  @Test("what is wrong with a frame of TOON is told with its line and column")
  func faultyTOON() {
    let decoder = MessageDecoder(version: .two, isTOON: true, maxBytes: 1_000)
    for (text, code, part) in [
      ("[5]:\n  - 1", 1_007, "line 1, column 1"), ("[2]: a,b", 1_003, "5 elements"),
      ("a: 1", 1_003, "not an object"),
      (String(repeating: "a", count: 1_001), 1_009, "1001 bytes"),
    ] {
      do throws(MessageError) {
        _ = try decoder.decode(text: bytes(text))
        Issue.record("\(text) was read")
      } catch {
        #expect(error.closeCode == UInt16(code) && error.description.contains(part), "\(error)")
      }
    }
  }
}
