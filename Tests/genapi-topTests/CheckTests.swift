import Foundation
import GenAPIValue
import Testing

@testable import TopModel
@testable import genapi_top

@Suite("A check")
struct CheckTests {
  private func progress(_ hold: Int64?, _ patience: Int64) throws -> CheckProgress {
    CheckProgress(rule: try AlertExpression(parsing: "p99 < 60s"), hold: hold, patience: patience)
  }

  private func found(_ number: Double, _ holds: Bool) -> AlertAnswer {
    .found([AlertFinding(subject: "all", value: "\(number)", holds: holds, number: number)])
  }

  @Test("nothing is told before it can be, and the time to begin to hold starts then")
  func early() throws {
    var progress = try progress(0, 2_000)
    #expect(progress.note(.early(seconds: 9), at: 0) == nil)
    #expect(progress.note(.early(seconds: 1), at: 60_000) == nil)
    #expect(progress.note(found(1, false), at: 61_000) == nil)
    #expect(progress.note(found(1, false), at: 62_000) == nil)
    #expect(progress.note(found(1, false), at: 63_000)?.exitCode == 1)
  }

  @Test("it ends with 0 when it held for its time, 1 when it broke, 2 when it cannot be told")
  func codes() throws {
    var held = try progress(2_000, 0)
    #expect(held.note(found(1, true), at: 0) == nil && held.note(found(3, true), at: 1_000) == nil)
    let noted = held.note(found(2, true), at: 2_000)
    let verdict = try #require(noted)
    #expect(verdict.exitCode == 0 && verdict.heldMs == 2_000)
    var broken = try progress(2_000, 0)
    #expect(broken.note(found(1, true), at: 0) == nil)
    #expect(broken.note(found(1, false), at: 1_000)?.exitCode == 1)
    var unknown = try progress(0, 1_000)
    #expect(unknown.note(.nothing("no requests"), at: 0) == nil)
    #expect(unknown.note(.nothing("no requests"), at: 1_000)?.exitCode == 2)
  }

  @Test("where the recording ends before it held for its time it cannot be told, and is no breach")
  func tooShort() throws {
    var short = try progress(2_000, .max)
    #expect(short.note(found(1, true), at: 0) == nil && short.note(found(1, true), at: 1_000) == nil)
    let verdict = short.end()
    #expect(verdict.exitCode == 2 && verdict.text.contains("1 s more must be watched"), "\(verdict.text)")
    #expect(short.note(found(1, false), at: 1_500) == nil && short.end().exitCode == 1)
  }

  @Test("a gateway that is away for a while breaks nothing, and its time is not counted")
  func away() throws {
    var progress = try progress(3_000, 0)
    #expect(progress.note(found(1, true), at: 0) == nil)
    #expect(progress.note(found(1, true), at: 2_000) == nil)
    for at in [3_000, 9_000, 20_000] as [Int64] { progress.away("it restarts", at: at) }
    // Back, and the window of a metric is watched anew.
    #expect(progress.note(.early(seconds: 9), at: 25_000) == nil)
    #expect(progress.note(found(1, true), at: 25_500) == nil)
    let verdict = progress.note(found(1, true), at: 26_000)
    #expect(verdict?.exitCode == 0 && verdict?.heldMs == 3_000)
    // What it then says counts.
    var other = try self.progress(3_000, 0)
    #expect(other.note(found(1, true), at: 0) == nil)
    other.away("it restarts", at: 1_000)
    #expect(other.note(found(9, false), at: 2_000)?.exitCode == 1)
    // One that does not come back is not known.
    var gone = try self.progress(3_000, 0)
    _ = gone.note(found(1, true), at: 0)
    gone.away("it restarts", at: 1_000)
    #expect(gone.end().exitCode == 2)
  }

  @Test("as JSON every number's name ends with its unit")
  func json() throws {
    var progress = try progress(1_000, 0)
    _ = progress.note(found(1_500, true), at: 0)
    let noted = progress.note(found(2_500.5, true), at: 1_000)
    let verdict = try #require(noted)
    let value = try Value(json: verdict.json)
    #expect(value["held"] == true && value["held_ms"] == 1_000 && value["bound_us"] == 60_000_000)
    let seen = try #require(value["seen"]?.array?.first)
    #expect(seen["last_us"] == 2_500.5 && seen["lowest_us"] == 1_500 && seen["highest_us"] == 2_500.5)
    let unknown = CheckVerdict(rule: "x", outcome: .unknown("why"), heldMs: 0, seen: [])
    #expect(try Value(json: unknown.json)["held"]?.isNull == true)
    #expect(try Value(json: unknown.json)["reason"] == "why" && unknown.exitCode == 2)
  }

  /// A recording of one gateway: a state a second, each with so many requests more that took so many microseconds.
  private func recording(_ latencies: [Int64?]) throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).jsonl").path
    var lines = [
      #"{"t":"recording","proto":1,"started_at":1000000,"targets":["gw1:4710"]}"#,
      #"{"t":"snapshot","at":1000000,"seq":0,"totals":\#(totals(0))}"#,
    ]
    var buckets: [Int64: Int64] = [:]
    var count: Int64 = 0
    for (second, latency) in latencies.enumerated() {
      let at = (second + 2) * 1_000_000
      if let latency {
        count += 1
        buckets[latency, default: 0] += 1
      }
      let list = buckets.sorted { $0.key < $1.key }.map { "[\($0.key),\($0.value)]" }.joined(separator: ",")
      lines.append(
        #"{"t":"state","at":\#(at),"seq":0,"totals":\#(totals(count)),"#
          + #""series":[{"service":"s","request_type":"t","requests":\#(count),"outcomes":{"ok":\#(count)},"#
          + #""retries":0,"latency":{"buckets":[\#(list)],"sum":0},"max_us":1}]}"#)
    }
    try lines.map { $0 + "\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func totals(_ count: Int64) -> String {
    #"{"requests":\#(count),"ok":\#(count),"failed":0,"exceptions":0,"rejected":0,"in_flight":0,"invalid":0,"#
      + #""retries":0,"events_emitted":0,"events_dropped":0,"events":{}}"#
  }

  private func check(_ latencies: [Int64?], _ text: String, hold: Int64? = nil, within: Int64? = nil) throws
    -> CheckVerdict
  {
    let path = try recording(latencies)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return RunningCheck(rule: try AlertExpression(parsing: text), hold: hold, patience: within)
      .run(try RecordedFeed(path: path))
  }

  @Test("a recording is looked at to its end, every second of it")
  func recorded() throws {
    // Bucket 50 is 50 µs, bucket 100 is 100 µs.
    let calm = [Int64?](repeating: 50, count: 30)
    #expect(try check(calm, "p99 < 80us").exitCode == 0)
    #expect(try check(calm, "p99 < 40us").exitCode == 1)
    #expect(try check(calm + [Int64?](repeating: 100, count: 15), "p99 < 80us").exitCode == 1)
    #expect(try check([Int64?](repeating: 100, count: 15) + calm, "p99 < 80us").exitCode == 1)
    #expect(try check([Int64?](repeating: 100, count: 15) + calm, "p99 < 80us", hold: 5_000).exitCode == 0)
    #expect(try check([Int64?](repeating: 100, count: 15) + calm, "p99 < 80us", within: 30_000).exitCode == 0)
  }

  @Test("a recording that is too short, or tells nothing of it, cannot tell")
  func short() throws {
    #expect(try check([Int64?](repeating: 50, count: 8), "p99 < 80us").exitCode == 2)
    #expect(try check([Int64?](repeating: 50, count: 30), "p99 < 80us over 1m").exitCode == 2)
    #expect(try check([Int64?](repeating: nil, count: 30), "p99 < 80us").exitCode == 2)
    #expect(try check([Int64?](repeating: 50, count: 30), "p99(nosuch) < 80us").exitCode == 2)
  }

  @Test(
    "of a gateway that is never in a recording, no node is up, and everything else cannot be told, with that reason"
  )
  func absent() throws {
    for seconds in [3, 40] {
      let path = try recording([Int64?](repeating: 50, count: seconds))
      defer { try? FileManager.default.removeItem(atPath: path) }
      let told = try String(contentsOfFile: path, encoding: .utf8)
        .replacing(#""targets":["gw1:4710"]"#, with: #""targets":["gw1:4710","gw2:4710"]"#)
      #expect(told.contains("gw2:4710"))
      try told.write(toFile: path, atomically: true, encoding: .utf8)
      func check(_ text: String) throws -> CheckVerdict {
        try RunningCheck(rule: AlertExpression(parsing: text), hold: nil, patience: nil)
          .run(try RecordedFeed(path: path))
      }
      let down = try check("no node down")
      #expect(
        down.exitCode == 1 && down.text.contains("gw2:4710: nothing of it was recorded"), "\(down.text)")
      let unknown = try check("p99 < 80us")
      #expect(
        unknown.exitCode == 2 && unknown.text.contains("nothing of gw2:4710 was recorded"), "\(unknown.text)")
    }
    #expect(try check([Int64?](repeating: 50, count: 3), "no node down").exitCode == 0)
  }

  /// Of a gateway that says at second 20 that it stops, and is back so many seconds later, 30 seconds long from there.
  private func restarted(after away: Int, saysSo: Bool = true) throws -> String {
    let path = try recording([Int64?](repeating: 50, count: 18))
    let goodbye = #"{"t":"bye","reason":"the gateway shuts down","received_at":20000000}"#
    var lines = saysSo ? [goodbye] : []
    let back = 20 + away
    lines += [
      #"{"t":"hello","proto":1,"node":"gw1","started_at":\#(back)000000,"received_at":\#(back)000000}"#,
      #"{"t":"snapshot","at":\#(back)100000,"seq":0,"totals":\#(totals(0))}"#,
    ]
    for count in 1...30 {
      lines.append(
        #"{"t":"state","at":\#(back + count)000000,"seq":0,"totals":\#(totals(Int64(count))),"#
          + #""series":[{"service":"s","request_type":"t","requests":\#(count),"outcomes":{"ok":\#(count)},"#
          + #""retries":0,"latency":{"buckets":[[50,\#(count)]],"sum":0},"max_us":1}]}"#)
    }
    let told = try String(contentsOfFile: path, encoding: .utf8)
    try (told + lines.map { $0 + "\n" }.joined()).write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func check(
    file path: String, _ text: String, hold: Int64? = nil, within: Int64? = nil
  ) throws -> CheckVerdict {
    try RunningCheck(rule: AlertExpression(parsing: text), hold: hold, patience: within)
      .run(RecordedFeed(path: path))
  }

  @Test("a gateway that restarts within a recording is waited for as it is live, by the recording's time")
  func restarts() throws {
    for (away, code) in [(5, 0), (28, 0), (50, 2)] as [(Int, Int32)] {
      let path = try restarted(after: away)
      defer { try? FileManager.default.removeItem(atPath: path) }
      let verdict = try check(file: path, "p99 < 80us")
      #expect(verdict.exitCode == code, "\(away): \(verdict.text)")
      #expect(try check(file: path, "p99 < 40us").exitCode == 1)
      #expect(try check(file: path, "no node down").exitCode == 1)
      // As long as --within says, where that is more.
      #expect(try check(file: path, "p99 < 80us", hold: 25_000, within: 60_000).exitCode == 0)
    }
    let silent = try restarted(after: 5, saysSo: false)
    defer { try? FileManager.default.removeItem(atPath: silent) }
    #expect(try check(file: silent, "p99 < 80us").exitCode == 0)
  }

  @Test(
    "where a gateway that stopped does not come back in a recording, it is said that it stopped, not that it fell silent"
  )
  func stopped() throws {
    let path = try restarted(after: 50)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let verdict = try check(file: path, "p99 < 80us")
    #expect(
      verdict.exitCode == 2 && verdict.text.contains("gw1:4710 stopped (it said so)"), "\(verdict.text)")
    let silent = try restarted(after: 50, saysSo: false)
    defer { try? FileManager.default.removeItem(atPath: silent) }
    // That it was started meanwhile this recording cannot tell: nobody said when it was before.
    let away = try check(file: silent, "p99 < 80us").text
    #expect(away.contains("gw1:4710 was away, nothing of it from 00:00:19 to 00:01:10"), "\(away)")
  }

  @Test(
    "of a gateway that was restarted within a recording it is told, with the times from and to which it was away"
  )
  func restartIsTold() throws {
    func check(_ away: Int, _ saysSo: Bool, lines: Int = .max) throws -> String {
      let path = try restarted(after: away, saysSo: saysSo)
      defer { try? FileManager.default.removeItem(atPath: path) }
      let hello = #"{"t":"hello","proto":1,"node":"gw1","started_at":500000,"received_at":1000000}"#
      var told = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      told.insert(hello[...], at: 1)
      try told.prefix(lines).map { $0 + "\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
      let check = RunningCheck(rule: try AlertExpression(parsing: "p99 < 80us"), hold: nil, patience: nil)
      let feed = try RecordedFeed(path: path)
      var recorded = RecordedCheck(check, feed, clock: 0)
      return recorded.run(feed).text
    }
    let silent = try check(50, false)
    #expect(silent.contains("gw1:4710 was restarted, nothing of it from 00:00:19 to 00:01:10"), "\(silent)")
    let said = try check(50, true)
    #expect(
      said.contains(
        "gw1:4710 stopped (it said so) and was restarted, nothing of it from 00:00:19 to 00:01:10"), "\(said)"
    )
    // Back, and too short to tell: why that is so.
    let short = try check(5, false, lines: 27)
    #expect(
      short.contains(
        "more must be watched to tell; gw1:4710 was restarted, nothing of it from 00:00:19 to 00:00:25"),
      "\(short)")
  }

  @Test("of a gateway that does not come back in a recording it is told when it was heard last")
  func gone() throws {
    let path = try recording([Int64?](repeating: 50, count: 18))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let told = try String(contentsOfFile: path, encoding: .utf8)
      .replacing(#""targets":["gw1:4710"]"#, with: #""targets":["gw1:4710","gw2:4710"]"#)
      .split(separator: "\n").map(String.init)
    let other = (1...90).map { #"{"t":"state","at":\#($0)000000,"seq":0,"from":"gw2:4710"}"# }
    var lines = [told[0]]
    var (mine, others) = (
      told.dropFirst().map { String($0.dropLast()) + #","from":"gw1:4710"}"# }[...], other[...]
    )
    lines.append(#"{"t":"snapshot","at":1000000,"seq":0,"from":"gw2:4710"}"#)
    while let next = others.popFirst() {
      lines.append(next)
      if let line = mine.popFirst() { lines.append(line) }
    }
    try lines.map { $0 + "\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
    let check = RunningCheck(rule: try AlertExpression(parsing: "p99 < 80us"), hold: nil, patience: nil)
    let feed = try RecordedFeed(path: path)
    var recorded = RecordedCheck(check, feed, clock: 0)
    let text = recorded.run(feed).text
    #expect(text.contains("gw1:4710 fell silent at 00:00:19, to the recording's end"), "\(text)")
  }

  @Test("a recording whose times are no times is looked at like any other")
  func times() throws {
    for at in [Int64.max, 1 << 62, -1, .min] {
      let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).jsonl").path
      defer { try? FileManager.default.removeItem(atPath: path) }
      let lines = [
        #"{"t":"recording","proto":1,"started_at":\#(at),"targets":["gw1:4710"]}"#,
        #"{"t":"snapshot","at":\#(at),"seq":0,"totals":\#(totals(0))}"#,
        #"{"t":"state","at":\#(at),"seq":1,"totals":\#(totals(1))}"#,
      ]
      try lines.map { $0 + "\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
      let verdict = RunningCheck(rule: try AlertExpression(parsing: "rps > 1"), hold: nil, patience: nil)
        .run(try RecordedFeed(path: path))
      #expect(verdict.exitCode == 2)
    }
  }

  @Test("a recording's events come all at once and in order, and then it is over")
  func events() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).jsonl").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let lines =
      [#"{"t":"recording","proto":1,"started_at":1000000,"targets":["gw1:4710"]}"#]
      + (1...3).map { #"{"t":"event","seq":\#($0),"at":\#($0)000000,"name":"x","m":{},"d":{}}"# }
    try lines.map { $0 + "\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
    let feed = try RecordedFeed(path: path)
    let events = feed.take().filter { if case .frame(.event) = $0.event { true } else { false } }
    #expect(events.map(\.at) == [1_000_000, 2_000_000, 3_000_000])
    #expect(feed.isOver && feed.take().isEmpty && feed.wait() == nil)
  }
}
