import GenAPITelemetry
import GenAPIValue
import NIOCore
import TestRandom
import Testing

@testable import GenAPIStream

@Suite("Frames as lines")
struct FrameCodecTests {
  static func decode(_ text: String) -> Result<Frame, FrameError> {
    FrameDecoder.decode(ByteBuffer(string: text))
  }

  static func code(_ text: String) -> StreamErrorCode? {
    if case .failure(let error) = decode(text) { error.code } else { nil }
  }

  @Test("every frame comes back as it was written, in one line")
  func roundTrip() throws {
    var frames = RandomFrames(random: SeededRandom(seed: 11))
    for _ in 0..<500 {
      let frame = frames.frame()
      var line = FrameEncoder.line(frame)
      #expect(line.readableBytesView.last == 0x0A)
      #expect(line.readableBytesView.dropLast().allSatisfy { $0 >= 0x20 })
      line.moveWriterIndex(to: line.writerIndex - 1)
      #expect(try FrameDecoder.decode(line).get() == frame)
    }
  }

  @Test("random bytes give an error, never a frame or a crash")
  func randomBytes() {
    var random = SeededRandom(seed: 12)
    for _ in 0..<5_000 {
      let bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      guard case .failure(let error) = FrameDecoder.decode(ByteBuffer(bytes: bytes)) else {
        Issue.record("\(bytes) was read as a frame")
        continue
      }
      #expect(error.code == .malformed)
    }
  }

  @Test("a frame with a few bytes changed is read or refused, never a crash")
  func mutated() {
    var frames = RandomFrames(random: SeededRandom(seed: 13))
    var random = SeededRandom(seed: 14)
    var refused = 0
    for _ in 0..<3_000 {
      var bytes = Array(FrameEncoder.line(frames.frame()).readableBytesView.dropLast())
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0...bytes.count, using: &random)) }
      if case .failure(let error) = FrameDecoder.decode(ByteBuffer(bytes: bytes)) {
        #expect(!error.message.isEmpty)
        refused += 1
      }
    }
    #expect(refused > 1_000)
  }

  @Test("an emitted event is written as the specification's event frame")
  func event() throws {
    let emitted = TestEvents.emitted(TestEvents.stop(error: "line 1\nline 2"), sequence: 7)
    let line = try #require(EventEncoder.line(emitted))
    #expect(
      String(buffer: line)
        == #"{"t":"event","seq":7,"at":1000,"name":"phoenix_gen_api.executor.request.stop","#
        + #""m":{"duration_us":1234},"d":{"request_id":"req_1","service":"user_service","#
        + #""request_type":"get","success":false,"outcome":"error","async":false,"#
        + #""error":"line 1\nline 2"}}"# + "\n")
  }

  @Test("an emitted event is read back with its fields at hand")
  func eventFields() throws {
    let line = try #require(
      EventEncoder.line(TestEvents.emitted(TestEvents.stop(error: "boom"), sequence: 7)))
    guard case .event(let record) = try FrameDecoder.decode(line).get() else {
      Issue.record("no event")
      return
    }
    #expect(record.sequence == 7)
    #expect(record.known == .executorRequestStop)
    #expect(record.category == .executor)
    #expect(record.shortName == "executor.request.stop")
    #expect(record.service == "user_service")
    #expect(record.durationUs == 1_234)
    #expect(record.outcome == .error)
    #expect(record.userID == nil)
  }

  @Test("frames and fields of later versions are skipped")
  func laterVersions() throws {
    #expect(try Self.decode(#"{"t":"heatmap","x":1}"#).get() == .unknown(type: "heatmap"))
    #expect(try Self.decode(#"{"t":"ping","at":5,"mood":"good"}"#).get() == .ping(at: 5))
    guard
      case .event(let record) = try Self.decode(
        #"{"t":"event","seq":1,"at":2,"name":"phoenix_gen_api.quota.used","m":{},"d":{"service":"s"}}"#
      ).get()
    else {
      Issue.record("no event")
      return
    }
    #expect(record.known == nil)
    #expect(record.shortName == "quota.used")
  }

  @Test("a snapshot without a section reads as one where it is empty")
  func missingSection() throws {
    let frame = try Self.decode(#"{"t":"snapshot","at":1,"seq":2,"pools":[]}"#).get()
    #expect(frame == .snapshot(at: 1, sequence: 2, GatewayState()))
  }

  @Test("an error names the field and what would be right")
  func messages() {
    guard case .failure(let error) = Self.decode(#"{"t":"subscribe","filter":{"exclude":{"users":7}}}"#)
    else {
      Issue.record("no error")
      return
    }
    #expect(
      error.message == "subscribe: filter.exclude.users must be a list of strings, not a number")
    // What is there is said so that nobody reads "a number, not a number", or "a list, not an array".
    for (fields, text) in [
      (#""interval_ms":2.5"#, "interval_ms must be a whole number, not 2.5"),
      (#""interval_ms":[]"#, "interval_ms must be a whole number, not an array"),
      (#""filter":7"#, "filter must be an object, not a number"),
      (#""filter":{"users":[7]}"#, "filter.users must be a list of strings, not one with others"),
      (#""filter":{"users":[""]}"#, "users must be a list of patterns of 1 … 256 bytes, not one of 0"),
    ] {
      let answer = Self.decode(#"{"t":"subscribe",\#(fields)}"#)
      guard case .failure(let error) = answer else {
        Issue.record("no error: \(fields)")
        continue
      }
      #expect(error.message.string.hasSuffix(text), "\(error.message)")
    }
    #expect(Self.code(#"{"t":"event","seq":1}"#) == .badField)
    #expect(Self.code(#"{"t":"event""#) == .malformed)
    #expect(Self.code("") == .malformed)
  }

  @Test("a filter of too many or too long patterns is refused")
  func filterBounds() {
    let many = Array(repeating: "\"a\"", count: 257).joined(separator: ",")
    #expect(Self.code("{\"t\":\"subscribe\",\"filter\":{\"names\":[\(many)]}}") == .badField)
    let long = String(repeating: "*", count: 257)
    #expect(Self.code("{\"t\":\"subscribe\",\"filter\":{\"names\":[\"\(long)\"]}}") == .badField)
  }

  @Test("a key of a filter that nobody knows is refused, and named")
  func filterKeys() {
    for (filter, path) in [
      (#"{"service":["a"]}"#, "filter.service"),
      (#"{"names":["a"],"requesttypes":["b"]}"#, "filter.requesttypes"),
      (#"{"exclude":{"user":["u"]}}"#, "filter.exclude.user"),
      (#"{"exclude":{"exclude":{}}}"#, "filter.exclude.exclude"),
    ] {
      guard case .failure(let error) = Self.decode(#"{"t":"subscribe","filter":\#(filter)}"#) else {
        Issue.record("\(filter) is taken")
        continue
      }
      #expect(error.code == .badField)
      #expect(error.message.string.hasPrefix("subscribe: \(path) is not known; allowed are services,"))
    }
  }

  @Test("a state too large for a line comes in several, which give the same state")
  func pieces() throws {
    var state = GatewayState()
    state.totals.requests = 5
    for index in 0..<200 {
      state.series.append(SeriesState(service: "service_\(index)", requestType: "get", requests: 1))
      state.pools.append(PoolState(name: "pool_\(index)", workers: 1))
    }
    let lines = StateEncoder.snapshot(at: 1, sequence: 2, state, limit: 8_000)
    #expect(lines.count > 4)
    #expect(lines.allSatisfy { $0.readableBytes <= 8_001 })
    var folded = GatewayState()
    for (index, line) in lines.enumerated() {
      switch try FrameDecoder.decode(line).get() {
      case .snapshot(1, 2, let part):
        #expect(index == 0)
        folded = part
      case .state(1, 2, let change): folded.apply(change)
      default: Issue.record("neither snapshot nor state")
      }
    }
    #expect(folded == state)
    let changes = StateEncoder.change(at: 1, sequence: 2, state.changes(since: GatewayState()), limit: 8_000)
    #expect(changes.count > 4)
  }
}
