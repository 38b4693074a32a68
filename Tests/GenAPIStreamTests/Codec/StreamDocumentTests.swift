import GenAPITelemetry
import GenAPIValue
import NIOCore
import TestStates
import Testing

@testable import GenAPIStream

@Suite("The document of the stream")
struct StreamDocumentTests {
  /// One of every frame, with nothing absent.
  private static let frames: [(heading: String, line: ByteBuffer)] = [
    ("hello", FrameEncoder.line(.hello(Hello(node: "gw1", startedAt: 1, categories: ["executor"])))),
    ("snapshot", FrameEncoder.line(.snapshot(at: 1, sequence: 2, GatewayState()), hasMore: true)),
    ("state", FrameEncoder.line(.state(at: 1, sequence: 2, changed()), hasMore: true)),
    ("event", FrameEncoder.line(.event(EventRecord(sequence: 1, at: 1, name: "a.b")))),
    (
      "dropped",
      FrameEncoder.line(.dropped(at: 1, DroppedEvents(count: 1, fromSequence: 2, toSequence: 3)))
    ),
    ("ping, pong", FrameEncoder.line(.ping(at: 1))),
    ("ping, pong", FrameEncoder.line(.pong(at: 1))),
    ("bye", FrameEncoder.line(.bye(reason: "because"))),
    ("error", FrameEncoder.line(.error(code: .silent, message: "nothing came"))),
    (
      "subscribe",
      FrameEncoder.line(
        .subscribe(Subscription(token: "a token", narrowsState: false, changedBuckets: true)))
    ),
  ]

  private static func object(_ line: ByteBuffer) throws -> ValueObject {
    try #require(try line.withUnsafeReadableBytes { try JSONReader.parse($0) }.object)
  }

  private static func changed() -> GatewayStateChange {
    var change = GatewayStateChange()
    change.removed = ["series": ["a"]]
    return change
  }

  @Test("has every field of every frame, in its order")
  func fields() throws {
    let tables = try MarkdownTables("docs/stream.md").fields
    let sections = Set(GatewayState.sectionNames)
    for (heading, line) in Self.frames {
      let object = try Self.object(line)
      let names = object.map(\.key).filter { $0 != "t" && !sections.contains($0) }.map(\.string)
      #expect(tables[heading]?.map(\.name) == names, "\(heading)")
    }
  }

  @Test("says of every field that may be absent, and of no other, that it may")
  func absent() throws {
    let tables = try MarkdownTables("docs/stream.md").fields
    for (heading, line) in Self.frames where heading != "hello" {
      let object = try Self.object(line)
      for field in try #require(tables[heading]) {
        var fewer = object
        fewer[ByteText(field.name)] = nil
        var json = JSONWriter()
        json.value(.object(fewer))
        let text = ByteBuffer(bytes: json.bytes)
        let isRead = (try? FrameDecoder.decode(text).get()) != nil
        // Objects that are absent are empty, but gateways always write them.
        let isObject = ["m", "d"].contains(field.name)
        #expect(isRead == (field.isOptional || isObject), "\(heading) without \(field.name)")
      }
    }
  }

  @Test(
    "says of every field of a section that may be absent, or that older gateways do not send, and of no other, that it may"
  )
  func absentInSections() throws {
    let tables = try MarkdownTables("docs/stream.md")
    let frame = try Self.object(
      FrameEncoder.line(.snapshot(at: 1, sequence: 2, GatewayState.example()), hasMore: false))
    for section in GatewayState.sectionNames {
      let value = try #require(frame[section])
      let first = value.array?.first ?? value
      let entry = try #require(first.object)
      for field in try #require(tables.fields[section.string], "\(section)")
      where entry[ByteText(field.name)] != nil {
        var (whole, fewer) = (frame, entry)
        fewer[ByteText(field.name)] = nil
        whole[section] = value.array == nil ? .object(fewer) : .array([.object(fewer)])
        var json = JSONWriter()
        json.value(.object(whole))
        let isRead = (try? FrameDecoder.decode(ByteBuffer(bytes: json.bytes)).get()) != nil
        let isYounger = tables.younger[section.string]?.contains(field.name) ?? false
        #expect(isRead == (field.isOptional || isYounger), "\(section) without \(field.name)")
      }
    }
  }

  @Test("has every code of an error that is sent")
  func codes() throws {
    let sent: [StreamErrorCode] = [
      .malformed, .tooLong, .unknownFrame, .badField, .unsupportedEncoding, .unauthorized,
      .tooManySubscribers, .tooManyStrangers, .tooMuch, .silent, .gone,
    ]
    #expect(try MarkdownTables("docs/stream.md").words["error"] == sent.map(\.rawValue.string))
  }
}
