import GenAPITelemetry
import GenAPIValue
import NIOCore
import Testing

@testable import GenAPIStream

@Suite("Reading an event's line in one go")
struct EventFrameScannerTests {
  private static func quick(_ text: String) -> EventRecord? {
    Array(text.utf8).withUnsafeBytes { EventFrameScanner.decode($0) }
  }

  private static func slow(_ text: String) -> EventRecord? {
    guard case .success((.event(let record), _)) = FrameDecoder.decodeFields(ByteBuffer(string: text)) else {
      return nil
    }
    return record
  }

  @Test(
    "it reads what the exporter writes as the general reader does",
    arguments: [
      #"{"t":"event","seq":1,"at":1700000000000000,"name":"phoenix_gen_api.pool.x","m":{},"d":{}}"#,
      #"{"t":"event","seq":0,"at":0,"name":"a.b_1","m":{"duration_us":5},"d":{"a":"}","b":"\"}{\\","c":[{"d":{}}]}}"#,
      #"{"t":"event","seq":9,"at":7,"name":"x","m":{},"d":{"user_id":"日本 \u00e9 👩‍👩‍👧","n":null,"f":-1.5e3}}"#,
    ])
  func same(_ text: String) {
    #expect(Self.quick(text) != nil)
    #expect(Self.quick(text) == Self.slow(text))
  }

  @Test(
    "a line in another form, and every broken one, is left to the general reader",
    arguments: [
      "", "{", #"{"t":"state"}"#, #"{"t":"event"}"#,
      #"{"seq":1,"t":"event","at":1,"name":"x","m":{},"d":{}}"#,
      #"{"t":"event","seq":-1,"at":1,"name":"x","m":{},"d":{}}"#,
      #"{"t":"event","seq":01,"at":1,"name":"x","m":{},"d":{}}"#,
      #"{"t":"event","seq":9999999999999999999,"at":1,"name":"x","m":{},"d":{}}"#,
      #"{"t":"event","seq":1,"at":1,"name":"X","m":{},"d":{}}"#,
      #"{"t":"event","seq":1,"at":1,"name":"x","m":{},"d":{},"node":"gw2"}"#,
      #"{"t":"event","seq":1,"at":1,"name":"x","m":{},"d":{}} "#,
      #"{"t":"event","seq":1,"at":1,"name":"x","m":{},"d":{"a":}}"#,
      #"{"t":"event","seq":1,"at":1,"name":"x","m":{},"d":{"a":"\"#,
      #"{"t":"event","seq":1,"at":1,"name":"x","m":[],"d":{}}"#,
    ])
  func other(_ text: String) {
    #expect(Self.quick(text) == nil)
  }

  @Test("cut or changed anywhere, it is never read as something else than the general reader reads")
  func mutated() {
    let text = Array(
      #"{"t":"event","seq":12,"at":170,"name":"a.b","m":{"d":5},"d":{"a":"x\"y","b":[1,{"c":true}]}}"#.utf8)
    for index in text.indices {
      for byte in [UInt8(ascii: "}"), UInt8(ascii: "\""), UInt8(ascii: "\\"), 0, 0xFF, UInt8(ascii: "0")] {
        var changed = text
        changed[index] = byte
        let found = changed.withUnsafeBytes { EventFrameScanner.decode($0) }
        guard let found else { continue }
        guard case .success((.event(let record), _)) = FrameDecoder.decodeFields(ByteBuffer(bytes: changed))
        else {
          Issue.record("byte \(byte) at \(index) is only read in one go")
          continue
        }
        #expect(found == record)
      }
      #expect(text[..<index].withUnsafeBytes { EventFrameScanner.decode($0) } == nil)
    }
  }

  @Test("a field asked for alone is the one of the whole object")
  func fields() throws {
    let record = try #require(
      Self.quick(
        #"{"t":"event","seq":1,"at":2,"name":"a.b","m":{"duration_us":5},"d":{"service":"s","outcome":"ok","n":[1]}}"#
      ))
    #expect(record.metadata("n") == record.metadata["n"])
    #expect(record.metadata("service") == "s")
    #expect(record.metadata("duration_us") == nil)
    #expect(record.measurement("duration_us") == 5)
    #expect(record.outcome == .ok)
    #expect(record.durationUs == 5)
  }

  @Test("a field that is changed stays changed, and the others stay")
  func changed() throws {
    var record = try #require(
      Self.quick(#"{"t":"event","seq":1,"at":2,"name":"a.b","m":{"x":1},"d":{"service":"s"}}"#))
    record.metadata["error"] = "timeout"
    #expect(record.metadata == ["service": "s", "error": "timeout"])
    #expect(record.metadata("error") == "timeout")
    #expect(record.measurements == ["x": 1])
  }

  @Test("the paths of the catalogue are found by their bytes, and any other is kept as it came")
  func paths() {
    for name in EventName.allCases.map(\.path) + ["x", "phoenix_gen_api.executor.request.stoq", ""] {
      #expect(Array(name.utf8).withUnsafeBytes { KnownPaths.path($0) } == name)
    }
  }
}
