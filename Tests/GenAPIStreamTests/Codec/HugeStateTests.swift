import GenAPITelemetry
import GenAPIValue
import NIOCore
import Testing

@testable import GenAPIStream

@Suite("States of any size")
struct HugeStateTests {
  private static let huge = ByteText(String(repeating: "\u{1}", count: 100_000))
  private static let many: [ByteText] = Array(repeating: huge, count: 30)

  /// An entry in every list, each with more text than a line can hold.
  private static func monstrous() -> GatewayState {
    var latency = LatencyHistogram()
    for bucket in 0..<LatencyHistogram.bucketCount { latency.record(bucket: bucket, count: .max >> 22) }
    var state = GatewayState()
    state.totals.events = Dictionary(
      (0..<1_000).map { ("\(huge)\($0)", Int64.max) }, uniquingKeysWith: { $1 })
    state.series = [
      SeriesState(
        service: huge, requestType: huge, version: huge, outcomes: [huge: 1], latency: latency,
        lastError: huge)
    ]
    state.limits = [LimitState(id: huge, scope: huge, key: huge, maxRequests: 1, windowMs: 1)]
    state.hotKeys = [HotKeyState(limit: huge, keyValue: huge, used: 1, max: 1)]
    state.pools = [PoolState(name: huge, workers: 1, busySlots: Array(0..<100_000))]
    state.breakers = [BreakerState(pool: huge, lastReason: huge)]
    state.functions = [
      FunctionState(
        service: huge, requestType: huge, version: huge, nodes: many, responseType: huge, source: huge,
        configVersion: huge, permission: huge, retry: huge, chooseNode: huge, hooks: many)
    ]
    state.services = [ServiceState(service: huge, source: huge, configVersion: huge, lastError: huge)]
    state.configChanges = [
      ConfigChangeState(id: 1, at: 1, kind: huge, service: huge, requestType: huge, from: huge, to: huge)
    ]
    state.failedConfigs = [
      FailedConfigState(id: 1, at: 1, service: huge, source: huge, node: huge, reasons: many + many)
    ]
    state.relay = [
      GroupState(
        groupID: huge, groupType: huge,
        members: (0..<300).map { MemberState(userID: "\(huge)\($0)", status: huge, role: huge) })
    ]
    state.hooks = [HookState(module: huge, function: huge, phase: huge, latency: latency)]
    state.nodes = [ServiceNodeState(node: huge, latency: latency, services: many)]
    state.subscribers = [SubscriberState(id: 1, peer: huge)]
    return state
  }

  @Test("an entry of any size still comes, cut, in a line")
  func monstrous() throws {
    var state = Self.monstrous()
    var bound = TextBound()
    state.edit(&bound)
    #expect(bound.cuts > 100)
    // As they are read.
    var numbers = NumberBound()
    state.edit(&numbers)
    for lines in [
      StateEncoder.snapshot(at: 1, sequence: 2, state),
      StateEncoder.change(at: 1, sequence: 2, state.changes(since: GatewayState())),
    ] {
      #expect(lines.allSatisfy { $0.readableBytes <= StreamProtocol.maximumLineBytes + 1 })
      let folded = try Self.fold(lines)
      #expect(folded == state)
      #expect(folded.series.count == 1 && folded.functions.count == 1 && folded.relay[0].members.count == 200)
    }
  }

  @Test("also where nobody cut before, and the line is short")
  func fallback() throws {
    var state = GatewayState()
    state.series = [
      SeriesState(service: "s", requestType: "t", lastError: ByteText(String(repeating: "x", count: 50_000)))
    ]
    let lines = StateEncoder.change(at: 1, sequence: 2, state.changes(since: GatewayState()), limit: 8_000)
    let folded = try Self.fold(lines)
    #expect(folded.series.count == 1 && folded.series[0].lastError?.hasSuffix("(cut, 50000 bytes)") == true)
  }

  @Test("any number of entries can go at once")
  func removed() throws {
    var before = GatewayState()
    before.functions = (0..<30_000).map {
      FunctionState(service: "a service with quite a long name \($0)", requestType: "get")
    }
    let change = GatewayState().changes(since: before)
    let lines = StateEncoder.change(at: 1, sequence: 2, change)
    #expect(lines.count > 1)
    #expect(lines.allSatisfy { $0.readableBytes <= StreamProtocol.maximumLineBytes + 1 })
    #expect(try Self.fold(lines, onto: before).functions.isEmpty)
  }

  @Test("each piece of a state but the last says that there is more, and a state in one line does not")
  func more() throws {
    var state = GatewayState()
    state.functions = (0..<300).map { FunctionState(service: "s\($0)", requestType: "get") }
    for limit in [4_000, 8_000, StreamProtocol.maximumLineBytes] {
      for lines in [
        StateEncoder.snapshot(at: 1, sequence: 2, state, limit: limit),
        StateEncoder.change(at: 1, sequence: 2, state.changes(since: GatewayState()), limit: limit),
      ] {
        let marks = lines.map { String(buffer: $0).contains(#","more":true}"#) }
        #expect((lines.count > 3) == (limit < 10_000))
        #expect(marks == Array(repeating: true, count: lines.count - 1) + [false])
        #expect(lines.allSatisfy { $0.readableBytes - 1 <= limit })
        #expect(try Self.fold(lines) == state)
      }
    }
  }

  @Test("an event of any size is cut when it comes in, and says so")
  func event() throws {
    let huge = ByteText(String(repeating: "s", count: 400_000))
    let line =
      #"{"t":"event","seq":7,"at":1,"name":"phoenix_gen_api.executor.request.stop","m":{"duration_us":5},"#
      + #""d":{"service":"\#(huge)","nodes":["\#(huge)"],"request_type":"get"}}"#
    guard case .event(let record) = try FrameDecoder.decode(ByteBuffer(string: line)).get() else {
      Issue.record("no event")
      return
    }
    #expect(record.sequence == 7 && record.durationUs == 5 && record.requestType == "get")
    #expect(record.service?.hasSuffix("(cut, 400000 bytes)") == true)
    #expect(record.metadata("cut")?.string == "of \(line.utf8.count) bytes")
    #expect(record.storedBytes < 20_000)
  }

  @Test("what an error, a bye or a hello says is cut to a kilobyte")
  func texts() throws {
    let huge = ByteText(String(repeating: "h", count: 400_000))
    let lines = [
      #"{"t":"bye","reason":"\#(huge)"}"#, #"{"t":"error","code":"\#(huge)","message":"\#(huge)"}"#,
      #"{"t":"hello","proto":1,"node":"\#(huge)","software":"\#(huge)","categories":[]}"#,
      #"{"t":"\#(huge)"}"#,
    ]
    for line in lines {
      let frame = try FrameDecoder.decode(ByteBuffer(string: line)).get()
      #expect(FrameEncoder.line(frame).readableBytes < 2_000)
    }
    guard
      case .failure(let error) = FrameDecoder.decode(ByteBuffer(string: #"{"t":"subscribe","encoding":7}"#))
    else {
      Issue.record("no error")
      return
    }
    #expect(FrameError(error.code, huge).message.utf8.count <= 1_024)
  }

  private static func fold(_ lines: [ByteBuffer], onto state: GatewayState = GatewayState()) throws
    -> GatewayState
  {
    var folded = state
    for line in lines {
      var line = line
      line.moveWriterIndex(to: line.writerIndex - 1)
      switch try FrameDecoder.decode(line).get() {
      case .snapshot(_, _, let part): folded = part
      case .state(_, _, let change): folded.apply(change)
      default: Issue.record("neither snapshot nor state")
      }
    }
    return folded
  }
}
