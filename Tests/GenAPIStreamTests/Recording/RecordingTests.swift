import Foundation
import GenAPITelemetry
import GenAPIValue
import Locking
import NIOCore
import Testing

@testable import GenAPIStream

@Suite("Recordings")
struct RecordingTests {
  static let header = #"{"t":"recording","proto":1,"started_at":1000,"targets":["gw1:4710"]}"#
  static let hello = #"{"t":"hello","proto":1,"node":"gw1"}"#

  static func withFile(_ text: String, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID()).jsonl").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    try body(path)
  }

  /// Why a file cannot be opened as a recording; nil when it can.
  static func failure(_ path: String) -> RecordingError? {
    do {
      _ = try RecordingReader(path: path)
      return nil
    } catch {
      return error
    }
  }

  /// Expects a frame of a type next, or the end.
  static func expectNext(_ reader: inout RecordingReader, _ type: String?) throws {
    let next = try reader.next()
    #expect(next?.frame.type == type.map { ByteText($0) })
  }

  @Test("frames come with the time to replay them, which never goes back")
  func times() throws {
    let lines = [
      Self.header, Self.hello, #"{"t":"ping","at":3000}"#, #"{"t":"ping","at":2000}"#,
      #"{"t":"bye","reason":"x"}"#, #"{"t":"ping","at":4000}"#,
    ]
    try Self.withFile(lines.joined(separator: "\n") + "\n") { path in
      var reader = try RecordingReader(path: path)
      var times: [Int64] = []
      while let frame = try reader.next() { times.append(frame.at) }
      #expect(times == [1_000, 3_000, 3_000, 3_000, 4_000])
      #expect(reader.warnings.isEmpty)
    }
  }

  @Test("events get the node of their target's hello")
  func nodes() throws {
    let event = #"{"t":"event","seq":1,"at":2,"name":"x","m":{},"d":{}}"#
    try Self.withFile([Self.header, Self.hello, event, ""].joined(separator: "\r\n")) { path in
      var reader = try RecordingReader(path: path)
      _ = try reader.next()
      let next = try reader.next()
      let recorded = try #require(next)
      #expect(recorded.target == "gw1:4710")
      #expect(recorded.frame == .event(EventRecord(node: "gw1", sequence: 1, at: 2, name: "x")))
    }
  }

  @Test("a last line that is cut off is left out with a warning")
  func truncated() throws {
    try Self.withFile(Self.header + "\n" + Self.hello + "\n{\"t\":\"pi") { path in
      var reader = try RecordingReader(path: path)
      try Self.expectNext(&reader, "hello")
      try Self.expectNext(&reader, nil)
      #expect(reader.warnings == ["\(path) line 3 is cut off, and left out"])
    }
  }

  @Test("a few empty lines are skipped, and a file full of them is not read to its end")
  func emptyLines() throws {
    try Self.withFile(Self.header + String(repeating: "\n", count: 900) + Self.hello + "\n") { path in
      var reader = try RecordingReader(path: path)
      try Self.expectNext(&reader, "hello")
      try Self.expectNext(&reader, nil)
    }
    try Self.withFile(Self.header + String(repeating: "\n", count: 2_000) + Self.hello + "\n") { path in
      var reader = try RecordingReader(path: path)
      var failure: RecordingError?
      do { _ = try reader.next() } catch { failure = error as? RecordingError }
      #expect(
        failure.map { "\($0)" }?.contains("line 1002 is no frame: more than 1000 empty lines in a row")
          == true)
      try Self.expectNext(&reader, nil)
    }
  }

  @Test("a last line that is whole but for its end counts")
  func noFinalNewline() throws {
    try Self.withFile(Self.header + "\n" + Self.hello) { path in
      var reader = try RecordingReader(path: path)
      try Self.expectNext(&reader, "hello")
      try Self.expectNext(&reader, nil)
      #expect(reader.warnings.isEmpty)
    }
  }

  @Test("a bad line in the middle is an error with its number, and reading goes on after it")
  func badLine() throws {
    try Self.withFile([Self.header, Self.hello, "oops", #"{"t":"ping","at":1}"#, ""].joined(separator: "\n"))
    {
      path in
      var reader = try RecordingReader(path: path)
      _ = try reader.next()
      var failure: RecordingError?
      do { _ = try reader.next() } catch { failure = error as? RecordingError }
      guard case .badLine(_, 3, _)? = failure else {
        Issue.record("\(String(describing: failure))")
        return
      }
      try Self.expectNext(&reader, "ping")
    }
  }

  @Test(
    "what is no recording is told so",
    arguments: [
      "", "hello\n", hello + "\n", #"{"t":"recording"}"# + "\n", String(repeating: "x", count: 2_000_000),
    ])
  func notARecording(text: String) throws {
    try Self.withFile(text) { path in
      let failure = Self.failure(path)
      #expect(failure.map { "\($0)" }?.contains("is no recording: line 1 must be a header") == true)
    }
  }

  @Test("a mark of byte order before a line is passed over: at the beginning, and where files were joined")
  func byteOrderMark() throws {
    let part = "\u{FEFF}" + Self.header + "\n" + Self.hello + "\n"
    try Self.withFile(part + part) { path in
      var reader = try RecordingReader(path: path)
      try Self.expectNext(&reader, "hello")
      try Self.expectNext(&reader, "hello")
      try Self.expectNext(&reader, nil)
      #expect(reader.warnings.isEmpty)
    }
    try Self.withFile("\u{FEFF}") { #expect(Self.failure($0) != nil) }
  }

  @Test("a later version and a missing file are told so")
  func otherProblems() throws {
    try Self.withFile(#"{"t":"recording","proto":2,"started_at":0,"targets":[]}"# + "\n") { path in
      let failure = Self.failure(path)
      #expect(failure == .unsupportedVersion(path: path, proto: 2))
    }
    #expect(
      Self.failure("/nowhere/x") == .cannotOpen(path: "/nowhere/x", reason: "No such file or directory"))
  }

  @Test("lines of several targets name theirs, and stay frames")
  func severalTargets() throws {
    try Self.withFile("") { path in
      let targets = [StreamTarget(host: "gw1", port: 1), StreamTarget(host: "gw2", port: 2)]
      let time = Mutex(NIODeadline.uptimeNanoseconds(7_000_000))
      let writer = try RecordingWriter(path: path, startedAt: 1_000, targets: targets) {
        time.withLock { $0 }
      }
      time.withLock { $0 = $0 + .milliseconds(4) }
      writer.append(ByteBuffer(string: Self.hello), from: targets[1])
      writer.append(ByteBuffer(string: #"{"t":"ping","at":5000}"#), from: targets[0])
      writer.close()
      #expect(writer.lines == 2)
      var reader = try RecordingReader(path: path)
      let next = try reader.next()
      let first = try #require(next)
      #expect(first.target == "gw2:2")
      #expect(first.frame == .hello(Hello(node: "gw1", software: "")))
      let second = try reader.next()
      #expect(second == RecordedFrame(at: 5_000, target: "gw1:1", frame: .ping(at: 5_000)))
    }
  }

  @Test("a gateway whose clock is set does not stop a replay, nor make it run")
  func clockStep() throws {
    try Self.withFile("") { path in
      let target = StreamTarget(host: "gw1", port: 1)
      let time = Mutex(NIODeadline.uptimeNanoseconds(7_000_000))
      let writer = try RecordingWriter(path: path, startedAt: 1_000, targets: [target]) {
        time.withLock { $0 }
      }
      // An hour ahead, then back to before the recording began.
      let said: [Int64] = [2_000, 3_600_000_000, 500, 5_000]
      for at in said {
        time.withLock { $0 = $0 + .milliseconds(1) }
        writer.append(ByteBuffer(string: "{\"t\":\"ping\",\"at\":\(at)}"), from: target)
      }
      writer.close()
      var reader = try RecordingReader(path: path)
      var found: [RecordedFrame] = []
      while let frame = try reader.next() { found.append(frame) }
      #expect(found.map(\.at) == [2_000, 3_000, 4_000, 5_000])
      #expect(found.map(\.frame) == said.map { .ping(at: $0) })
    }
  }

  @Test("the mark of arrival is taken off a line as it was put on, and nothing else is")
  func arrivalMark() {
    for line in [Self.hello, "{}", #"{"t":"ping","at":1,"received_at":5}"#, #"{"a":{"b":1}} "#] {
      var bytes = Array(line.utf8)
      ArrivalMark.put(12_345, on: &bytes)
      var buffer = ByteBuffer(bytes: bytes)
      if line != "{}" && !line.hasSuffix(" ") {
        #expect(ArrivalMark.take(from: &buffer) == 12_345)
        #expect(String(buffer: buffer) == line)
      }
      #expect((try? JSONSerialization.jsonObject(with: Data(bytes))) != nil, "\(line)")
    }
    for line in [
      "", "}", "1}", #"{"a":1,"received_at":}"#, #"{"a":1,"received_at":-1}"#,
      #"{"a":1,"received_at":123456789012345678}"#, #"{"a":"x,\"received_at\":1"}"#,
    ] {
      var buffer = ByteBuffer(string: line)
      #expect(ArrivalMark.take(from: &buffer) == nil, "\(line)")
      #expect(String(buffer: buffer) == line)
    }
  }

  @Test(
    "the mark of arrival is found where another program wrote the line anew, and nowhere but as a field of the line"
  )
  func markElsewhere() {
    for line in [
      #"{"received_at":12}"#, #"{"received_at": 12, "t": "ping", "at": 1}"#,
      #"{"at": 1, "received_at" : 12 , "t": "ping"}"#, #"{"t":"ping","at":1,"received_at":12 }"#,
    ] {
      var buffer = ByteBuffer(string: line)
      #expect(ArrivalMark.take(from: &buffer) == 12, "\(line)")
      guard case .failure = FrameDecoder.line(buffer) else { continue }
      #expect(line.hasPrefix(#"{"received_at":12}"#), "\(line) is no frame any more")
    }
    for line in [
      #"{"a":{"received_at":12}}"#, #"{"a":"\"received_at\":12"}"#,
      #"{"received_at":"12","t":"ping","at":1}"#,
      #"{"received_at":12,"t":"#,
    ] {
      var buffer = ByteBuffer(string: line)
      #expect(ArrivalMark.take(from: &buffer) == nil, "\(line)")
    }
  }

  @Test("a file whose name ends in .gz is compressed, and read whatever its name is")
  func compressed() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID()).jsonl.gz").path
    let renamed = path + ".jsonl"
    defer {
      try? FileManager.default.removeItem(atPath: path)
      try? FileManager.default.removeItem(atPath: renamed)
    }
    let target = StreamTarget(host: "gw1", port: 1)
    let writer = try RecordingWriter(path: path, startedAt: 1_000, targets: [target])
    for at in 1...5_000 { writer.append(ByteBuffer(string: #"{"t":"ping","at":\#(at)000}"#), from: target) }
    writer.close()
    #expect(writer.failure == nil)
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(data.prefix(2) == Data([0x1F, 0x8B]) && data.count < 40_000)
    try data.write(to: URL(fileURLWithPath: renamed))
    for path in [path, renamed] {
      var reader = try RecordingReader(path: path)
      var count = 0
      while try reader.next() != nil { count += 1 }
      #expect(count == 5_000 && reader.warnings.isEmpty)
    }
    // Cut off, as by a program that was killed: what is there is read, and the rest is told.
    try data.prefix(data.count / 2).write(to: URL(fileURLWithPath: renamed))
    var reader = try RecordingReader(path: renamed)
    var count = 0
    while try reader.next() != nil { count += 1 }
    #expect(count > 1_000 && count < 5_000)
    #expect(reader.warnings.last?.contains("is cut off after line") == true)
    // Damaged in the middle.
    var damaged = data
    for index in (data.count / 2)..<(data.count / 2 + 64) { damaged[index] ^= 0x55 }
    try damaged.write(to: URL(fileURLWithPath: renamed))
    // Of a file that fits zlib's buffer even the first line is not read before the fault is found.
    var failure: RecordingError?
    do {
      var reader = try RecordingReader(path: renamed)
      while try reader.next() != nil {}
    } catch {
      failure = error
    }
    #expect(failure != nil)
  }

  @Test("a recording does not replace a file that has something in it")
  func keeps() throws {
    try Self.withFile("old") { path in
      #expect(
        throws: RecordingError.cannotOpen(
          path: path, reason: "it is there already; remove it, or take another name")
      ) {
        _ = try RecordingWriter(path: path, startedAt: 1, targets: [StreamTarget()])
      }
      let kept = try String(contentsOfFile: path, encoding: .utf8)
      #expect(kept == "old")
    }
  }

  @Test("only the user may read a recording, also one in an empty file that others could read")
  func mode() throws {
    try Self.withFile("") { path in
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
      let writer = try RecordingWriter(path: path, startedAt: 1, targets: [StreamTarget()])
      writer.close()
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("{\"t\":\"recording\""))
    }
  }

  @Test("a disk that takes nothing is told when the recording begins, a folder when it is read")
  func fullAndFolder() throws {
    #expect(throws: RecordingError.cannotWrite(path: "/dev/full", reason: "No space left on device")) {
      _ = try RecordingWriter(path: "/dev/full", startedAt: 1, targets: [StreamTarget()])
    }
    #expect(Self.failure("/tmp") == .cannotOpen(path: "/tmp", reason: "it is a folder"))
  }
}
