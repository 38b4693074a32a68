import Foundation
import GenAPITelemetry
import GenAPIValue
import NIOCore
import TestRandom
import Testing

@testable import GenAPIStream

@Suite("Reading a state's series where they lie")
struct StateLineScannerTests {
  private static func scanned(_ text: String) -> [SeriesState]? {
    Array(text.utf8).withUnsafeBytes { StateLineScanner($0)?.series }
  }

  private static func quick(_ bytes: [UInt8]) -> Result<Frame, FrameError> {
    FrameDecoder.decode(ByteBuffer(bytes: bytes))
  }

  /// As values.
  private static func general(_ bytes: [UInt8]) -> Result<Frame, FrameError> {
    FrameDecoder.decodeFields(ByteBuffer(bytes: bytes), isScanned: false).map(\.0)
  }

  private static func series(_ random: inout SeededRandom) -> SeriesState {
    var latency = LatencyHistogram()
    for _ in 0..<Int.random(in: 0...20, using: &random) {
      latency.record(Int64.random(in: 0...(1 << Int64.random(in: 0...36, using: &random)), using: &random))
    }
    let names: [ByteText] = ["user_service", "a", "", "\"quoted\\", "日本 👩‍👩‍👧", "\n\u{0}"]
    let count = Int64.random(in: 0...1_000_000, using: &random)
    return SeriesState(
      service: names.randomElement(using: &random)!, requestType: names.randomElement(using: &random)!,
      version: Bool.random(using: &random) ? names.randomElement(using: &random) : nil, requests: count,
      outcomes: count % 3 == 0 ? [:] : ["ok": count, names.randomElement(using: &random)!: count / 2],
      retries: count / 9, latency: latency, maxUs: count * 3,
      lastError: count % 2 == 0 ? "it broke" : nil, lastErrorAt: count % 2 == 0 ? 1_700_000_000_000_000 : nil)
  }

  private static func line(_ random: inout SeededRandom) -> [UInt8] {
    var state = GatewayState()
    state.totals.requests = 12
    for _ in 0..<Int.random(in: 1...3, using: &random) { state.series.append(series(&random)) }
    let frame: Frame =
      Bool.random(using: &random)
      ? .snapshot(at: 1, sequence: 2, state)
      : .state(at: 1, sequence: 2, state.changes(since: GatewayState()))
    return Array(FrameEncoder.line(frame).readableBytesView.dropLast())
  }

  @Test("every series that a gateway writes is read where it lies, as the general reader reads it")
  func written() throws {
    var random = SeededRandom(seed: 41)
    for _ in 0..<500 {
      let line = Self.line(&random)
      #expect(line.withUnsafeBytes { StateLineScanner($0)?.series }?.isEmpty == false)
      #expect(Self.quick(line) == Self.general(line))
    }
  }

  @Test(
    "the line of a second in which nothing happened is read where it lies, as the general reader reads it, in whatever form"
  )
  func quietLines() throws {
    let process = #""cpu_seconds":0.14,"resident_bytes":51802112,"threads":8,"uptime_ms":11654"#
    var lines = [
      #"{"t":"state","at":1,"seq":2,"process":{\#(process),"dropped_log_lines":3}}"#,
      #"{"t":"state","at":1,"seq":2,"process":{\#(process)}}"#,
    ]
    for line in lines {
      guard case .success(.state(_, _, let change)) = Self.quick(Array(line.utf8)) else {
        Issue.record("\(line)")
        continue
      }
      #expect(change.processAlone?.uptimeMs == 11_654)
      let quiet = Array(line.utf8).withUnsafeBytes { QuietLineScanner.frame($0) }
      #expect(quiet.map { Result.success($0) } == Self.general(Array(line.utf8)))
    }
    #expect(
      Array(#"{"t":"state","at":1,"seq":2}"#.utf8).withUnsafeBytes { QuietLineScanner.frame($0) } == nil)
    lines += [
      #"{"t":"state","at":1,"seq":2,"process":{}}"#, #"{"t":"state","at":1,"seq":2,"process":null}"#,
      #"{"t":"state","at":1,"seq":2,"process":{\#(process),"threads":9}}"#,
      #"{"t":"state","at":1,"seq":2,"process":{\#(process),"more":[{}]}}"#,
      #"{"t":"state","at":1,"seq":2,"process":{\#(process)},"process":{\#(process)}}"#,
      #"{"t":"state","at":1,"seq":2,"process":{\#(process)},"removed":{"pools":["a"]}}"#,
      #"{"t":"state","at":1,"seq":2,"process":{\#(process)},"totals":null,"later":1}"#,
      #"{"t":"state","at":1,"process":{\#(process)}}"#,
      #"{"t":"state","at":"1","seq":2,"process":{\#(process)}}"#,
      #"{"t":"snapshot","at":1,"seq":2,"process":{\#(process)}}"#,
      #"{"t":"state","at":1,"seq":2,"more":true,"process":{\#(process)}}"#,
    ]
    for number in ["1e400", "-1", "1.5", "18446744073709551616", "\"1\"", "null", "true", "1e3", "-0"] {
      for field in ["0.14", "51802112", "8", "11654"] {
        lines.append(lines[0].replacingOccurrences(of: ":\(field)", with: ":\(number)"))
      }
    }
    for line in lines {
      #expect("\(Self.quick(Array(line.utf8)))" == "\(Self.general(Array(line.utf8)))", "\(line)")
    }
    var random = SeededRandom(seed: 7)
    for _ in 0..<2_000 {
      var bytes = Array(lines[0].utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = Array(#"{}[]":,0e-.tn "#.utf8)
          .randomElement(using: &random)!
      }
      #expect("\(Self.quick(bytes))" == "\(Self.general(bytes))", "\(String(decoding: bytes, as: UTF8.self))")
    }
  }

  @Test("a line that was changed anywhere is read, or refused, as the general reader does")
  func changed() {
    var random = SeededRandom(seed: 42)
    let bytes = Array(#"{}[]",:\0123459-.eEtu nl_"#.utf8) + [0, 0xC3, 0xFF]
    var scanned = 0
    for _ in 0..<1_500 {
      var line = Self.line(&random)
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        let place = Int.random(in: line.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: line[place] = bytes.randomElement(using: &random)!
        case 1: line.insert(bytes.randomElement(using: &random)!, at: place)
        default: line.remove(at: place)
        }
      }
      if line.withUnsafeBytes({ StateLineScanner($0) }) != nil { scanned += 1 }
      #expect(Self.quick(line) == Self.general(line), "\(String(decoding: line, as: UTF8.self))")
    }
    #expect(scanned > 150)
  }

  /// A state with this in place of an entry's fields behind its names.
  private static func entry(_ fields: String) -> String {
    #"{"t":"state","at":1,"seq":2,"series":[{"service":"s","request_type":"f","# + fields + "}]}"
  }

  private static let counts = #""requests":3,"outcomes":{"ok":3},"retries":0,"#
  private static let latency = #""latency":{"sum":7,"buckets":[[1,2],[5,1]]}"#

  @Test("a field in any order, and white space, are read where they lie")
  func forms() throws {
    for text in [
      Self.entry(Self.counts + Self.latency + #","max_us":5"#),
      Self.entry(#""max_us":5,"# + Self.latency + ", " + Self.counts + #""version" : "1" "#),
      Self.entry(
        Self.counts + #""latency":{ "buckets" : [ [ 1 , 2 ] , [ 5 , 1 ] ] , "sum" : 7 } ,"max_us": 5"#),
      Self.entry(Self.counts + #""latency":{"sum":0,"buckets":[]},"max_us":0"#),
      Self.entry(#""requests":3,"outcomes":{"ok":1,"ok":3},"retries":0,"# + Self.latency + #","max_us":5"#),
      #"{"t":"snapshot","at":1,"seq":2,"series":[]}"#, #"{"t":"state","at":1,"seq":2}"#,
      #"{"t":"state","at":1,"seq":2,"series":[]} "#,
    ] {
      let bytes = Array(text.utf8)
      #expect(bytes.withUnsafeBytes { StateLineScanner($0) } != nil, "\(text)")
      #expect(try Self.quick(bytes).get() == Self.general(bytes).get())
    }
  }

  @Test("a line in another form is left to the general reader, and comes out as it says")
  func others() {
    for text in [
      Self.entry(Self.counts + Self.latency + #","max_us":5,"new":{"a":[1]}"#),
      Self.entry(Self.counts + Self.latency + #","max_us":5,"version":null"#),
      Self.entry(Self.counts + Self.latency + #","max_us":5.0"#),
      Self.entry(Self.counts + Self.latency + #","max_us":1e2"#),
      Self.entry(Self.counts + Self.latency + #","max_us":-5"#),
      Self.entry(Self.counts + Self.latency + #","max_us":9999999999999999999"#),
      Self.entry(Self.counts + Self.latency + #","max_us":5,"max_us":6"#),
      Self.entry(Self.counts + Self.latency),
      Self.entry(Self.counts + #""latency":{"sum":7,"buckets":[[1,2,3],[5],[5,1]]},"max_us":5"#),
      Self.entry(Self.counts + #""latency":{"sum":7},"max_us":5"#),
      Self.entry(Self.counts + #""latency":{"sum":-7,"buckets":[[-1,2],[5,-1]]},"max_us":5"#),
      Self.entry(Self.counts + #""latency":null,"max_us":5"#),
      Self.entry(Self.counts + Self.latency + #","max\u005fus":5"#),
      #"{"t":"state","at":1,"seq":2,"series":null}"#, #"{"t":"state","at":1,"seq":2,"series":{}}"#,
      #"{"t":"state","at":1,"seq":2,"series":[],"series":[]}"#,
      #"{"t":"state","at":1,"seq":2,"series":[],"t":"ping"}"#,
      #" {"t":"state","at":1,"seq":2,"series":[]}"#,
      #"{"at":1,"t":"state","seq":2,"series":[]}"#, #"{"t":"state","at":1,"seq":2,"series":[],}"#,
      #"{"t":"state","at":1,"seq":2,"series":[{}]}"#,
    ] {
      let bytes = Array(text.utf8)
      #expect(bytes.withUnsafeBytes { StateLineScanner($0) } == nil, "\(text)")
      #expect(Self.quick(bytes) == Self.general(bytes))
    }
  }
}
