import Foundation

/// Writes the lines of a gateway whose functions' counters follow from the second. By hand, so that making them takes little of
/// the processors that are measured.
struct ScaledState {
  let functions: Int
  let every: Int
  /// What an entry begins with, by function: all that never changes.
  private let heads: [[UInt8]]
  /// The latencies that a function's requests take, one request each; as the pairs of a histogram begin.
  private let latencies: [[[UInt8]]]
  private let sums: [Int]
  private var lines: [UInt8] = []
  /// Where the last of them begins.
  private var lineStart = 0
  private var at: Int64 = 0
  /// The list that is written and not ended yet.
  private var section: String?

  /// Lines have at most 1 MiB; an entry is shorter than the rest of it.
  private static let mostBytes = 1_000_000

  init(functions: Int, every: Int) {
    self.functions = functions
    self.every = every
    heads = (0..<functions).map {
      Array(
        #"{"service":"service_\#($0 / 10)","request_type":"call_\#($0 % 10)","version":"1.0.0","requests":"#
          .utf8)
    }
    // A value of its own bucket each: those below 128 have one.
    let values = (0..<7).map { kind in (0..<ScaledGateways.requests).map { 500 * (1 + kind) * ($0 + 1) } }
    latencies = values.map { $0.map { Array("[\(Self.bucket(of: $0)),".utf8) } }
    sums = values.map { $0.reduce(0, +) }
  }

  /// As docs/stream.md has it.
  private static func bucket(of microseconds: Int) -> Int {
    if microseconds < 128 { return microseconds }
    let exponent = Int.bitWidth - 1 - microseconds.leadingZeroBitCount
    return 128 + (exponent - 7) * 64 + ((microseconds >> (exponent - 6)) & 63)
  }

  /// In how many of the first seconds a function worked; the first of all is one of them for every function.
  private func workedSeconds(_ function: Int, at second: Int) -> Int {
    every == 0 ? 1 : 1 + (second + function % every) / every
  }

  /// The lines of a state, all of it or what changed.
  ///
  /// - Parameters:
  ///   - moment: when it was the case, in seconds since the Unix epoch: when that second began, however much later it is told.
  ///   - told: the second that the reader knows; nil for all functions, with their configs.
  mutating func lines(at second: Int, _ moment: Double, since told: Int? = nil) -> [UInt8] {
    lines.removeAll(keepingCapacity: true)
    at = Int64(moment * 1_000_000)
    begin(told == nil ? "snapshot" : "state")
    var (total, failed) = (0, 0)
    var isWorking = told == nil
    for function in 0..<functions {
      let worked = workedSeconds(function, at: second)
      total += worked
      failed += self.failed(function, worked)
      if let told, workedSeconds(function, at: told) == worked { continue }
      isWorking = true
      beginEntry(of: "series")
      write(function, worked)
    }
    if told == nil {
      for function in 0..<functions {
        beginEntry(of: "functions")
        writeConfig(function)
      }
    }
    endSection()
    let requests = total * ScaledGateways.requests
    // As a gateway does, which tells of what changed.
    if isWorking {
      append(
        #","totals":{"requests":\#(requests),"ok":\#(requests - failed),"failed":\#(failed),"exceptions":0,"rejected":0,"#
          + #""in_flight":0,"invalid":0,"retries":0,"events_emitted":0,"events_dropped":0,"events":{}}"#)
    }
    append(
      #","process":{"cpu_seconds":\#(second).5,"resident_bytes":20000000,"threads":4,"uptime_ms":\#(1_000 * second)}}"#
        + "\n")
    return lines
  }

  private mutating func append(_ text: String) { lines.append(contentsOf: text.utf8) }

  private mutating func begin(_ type: String) {
    lineStart = lines.count
    append(#"{"t":"\#(type)","at":\#(at),"seq":0"#)
  }

  private mutating func beginEntry(of name: String) {
    if lines.count - lineStart > Self.mostBytes {
      endSection()
      append(",\"more\":true}\n")
      begin("state")
    }
    if section == name {
      append(",")
    } else {
      endSection()
      append(",\"\(name)\":[")
      section = name
    }
  }

  private mutating func endSection() {
    if section != nil { append("]") }
    section = nil
  }

  /// Of a function in fifty one request of a second fails.
  private func failed(_ function: Int, _ worked: Int) -> Int { function % 50 == 0 ? worked : 0 }

  private mutating func write(_ function: Int, _ worked: Int) {
    let requests = worked * ScaledGateways.requests
    let failed = failed(function, worked)
    let kind = function % latencies.count
    lines += heads[function]
    append(
      "\(requests),\"outcomes\":{\"ok\":\(requests - failed)\(failed > 0 ? ",\"error\":\(failed)" : "")},\"retries\":0,\"latency\":{\"sum\":"
        + "\(sums[kind] * worked),\"buckets\":[")
    let count = Array("\(worked)],".utf8)
    for pair in latencies[kind] {
      lines += pair
      lines += count
    }
    lines.removeLast()
    append("]},\"max_us\":90000}")
  }

  private mutating func writeConfig(_ function: Int) {
    append(
      #"{"service":"service_\#(function / 10)","request_type":"call_\#(function % 10)","version":"1.0.0","enabled":true,"#
        + #""nodes":["service@10.0.0.\#(function % 7)"],"response_type":"sync","source":"push","config_version":"1.0.0","#
        + #""timeout_ms":5000,"permission":"anybody","choose_node":"random","hooks":[],"changed_at":1700000000000000}"#
    )
  }
}
