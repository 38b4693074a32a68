import Dispatch
import Foundation
import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import InMemoryLogging
import Locking
import Logging
import TestWaiting
import Testing

@testable import GenAPIGateway

/// Functions that hold their thread until they are let go, in the time of the system: what they hold up is threads.
@Suite("Functions that block their thread", .timeLimit(.minutes(5)))
struct BlockingFunctionTests {
  /// Holds everybody who comes.
  private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let arrived = Atomic<Int>(0)

    var count: Int { arrived.load(ordering: .relaxed) }

    func hold() {
      arrived.add(1, ordering: .relaxed)
      semaphore.wait()
    }

    func open() { for _ in 0..<1_000 { semaphore.signal() } }
  }

  private func gateway(_ change: (inout GatewayConfiguration) -> Void = { _ in }) throws -> Gateway {
    var configuration = GatewayConfiguration(node: "gw@test")
    configuration.logger.logLevel = .critical
    change(&configuration)
    return try Gateway(configuration: configuration)
  }

  private func request(_ type: ByteText, _ id: ByteText = "r") -> Request {
    Request(service: "svc", requestType: type, requestID: id)
  }

  @Test("many more of them than cores stop neither another's timeout nor another's answer")
  func timeouts() async throws {
    let (gateway, gate) = (try gateway(), Gate())
    defer { gate.open() }
    try gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("block") { () async throws -> Int in
          gate.hold()
          return 1
        }
        .timeout(nil)
        Endpoint("slow") { () async throws -> Int in
          try await Task.sleep(for: .seconds(3_600))
          return 1
        }
        .timeout(.milliseconds(100))
        Endpoint("quick") { 1 }
      })
    let blocked = min(availableCores() * 4, 40)
    let calls = (0..<blocked).map { number in
      Task { await gateway.execute(request("block", "b\(number)")) }
    }
    try await eventually { gate.count == blocked }
    #expect(await gateway.execute(request("slow"))?.error == "Internal Server Error")
    #expect(await gateway.execute(request("quick"))?.result == 1)
    // Those in a pool, too.
    let connection = TestConnection(gateway.newConnectionID())
    gateway.connectionOpened(connection.connectionID, transport: "test", identity: ClientIdentity())
    try gateway.register(
      Endpoint("late") { () async throws -> Int in
        try await Task.sleep(for: .seconds(3_600))
        return 1
      }
      .timeout(.milliseconds(100)).asynchronous, service: "svc")
    _ = await gateway.execute(request("late"), on: connection)
    #expect(await connection.received(1).first?.error == "Internal Server Error")
    gate.open()
    for call in calls { #expect(await call.value?.result == 1) }
  }

  @Test("a function that blocks has its own timeout answered, too")
  func own() async throws {
    let (gateway, gate) = (try gateway(), Gate())
    defer { gate.open() }
    try gateway.register(
      Endpoint("block") { () async throws -> Int in
        gate.hold()
        return 1
      }
      // What no thread has begun in its time has another error.
      .timeout(.seconds(1)), service: "svc")
    #expect(await gateway.execute(request("block"))?.error == "Internal Server Error")
  }

  @Test("hooks and permission callbacks that block are waited for as long as they may take, and no longer")
  func hooks() async throws {
    let (gateway, gate) = (try gateway(), Gate())
    defer { gate.open() }
    try gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("hooked") { 1 }
          .before { request in
            gate.hold()
            return .proceed(request)
          }
          .hookTimeout(.milliseconds(50))
        Endpoint("asked") { 1 }
          .permission { _ in
            gate.hold()
            return true
          }
          .timeout(.milliseconds(100))
      })
    #expect(await gateway.execute(request("hooked"))?.error == "hook rejected: hook timed out after 50ms")
    #expect(await gateway.execute(request("asked"))?.error == "Permission denied")
  }

  @Test(
    "offloaded ones have threads of their own; beyond those and the places to wait they are refused, and counted"
  )
  func offloaded() async throws {
    let gate = Gate()
    let gateway = try gateway { $0.offload = OffloadConfiguration(threads: 2, queueLimit: 1) }
    defer { gate.open() }
    #expect(gateway.currentState().pools.map(\.name) == ["async_pool", "stream_pool"])
    try gateway.register(
      Endpoint("block") { () async throws -> Int in
        gate.hold()
        return 1
      }
      .timeout(nil).offloaded, service: "svc")
    let calls = (0..<3).map { number in Task { await gateway.execute(request("block", "b\(number)")) } }
    func pool() -> PoolState? { gateway.currentState().pools.first { $0.name == "offload_pool" } }
    try await eventually { gate.count == 2 && pool()?.queued == 1 }
    let refused = await gateway.execute(request("block", "one more"))
    #expect(refused?.error == "Service temporarily unavailable" && refused?.canRetry == true)
    #expect(pool()?.workers == 2 && pool()?.busy == 2 && pool()?.queueLimit == 1 && pool()?.rejected == 1)
    gate.open()
    for call in calls { #expect(await call.value?.result == 1) }
    try await eventually { pool()?.busy == 0 && pool()?.executed == 3 }
  }

  @Test(
    "what waited for a thread until its time was over has not begun: its client may try again, and the log says so"
  )
  func threadless() async throws {
    let (gate, lines) = (Gate(), InMemoryLogHandler())
    let gateway = try gateway {
      $0.offload = OffloadConfiguration(threads: 1, queueLimit: 10)
      $0.logger = Logger(label: "test") { _ in lines }
    }
    defer { gate.open() }
    let calls = Atomic<Int>(0)
    try gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("block") { () async throws -> Int in
          gate.hold()
          return 1
        }
        .timeout(nil).offloaded
        Endpoint("waits") { () async throws -> Int in calls.add(1, ordering: .relaxed).newValue }.offloaded
        Endpoint(streaming: "parts") { _ in _ = calls.add(1, ordering: .relaxed) }.offloaded
      }
      .timeout(.milliseconds(100)))
    let held = Task { await gateway.execute(request("block")) }
    try await eventually { gate.count == 1 }
    let response = await gateway.execute(request("waits"))
    #expect(response?.error == "Service temporarily unavailable" && response?.canRetry == true)
    #expect(lines.entries.count == 1)
    #expect("\(lines.entries[0].message)".hasPrefix("a function was not called: no thread was free"))
    #expect(lines.entries[0].metadata["error"] == "no thread was free for it within 100 ms")
    let connection = gateway.connect()
    _ = await gateway.execute(request("parts"), on: connection)
    let last = try await connection.next()
    #expect(last.error == "Service temporarily unavailable" && last.canRetry)
    try await eventually { lines.entries.count == 2 }
    #expect(lines.entries.map(\.message)[1] == lines.entries[0].message)
    gate.open()
    #expect(await held.value?.result == 1)
    #expect(calls.load(ordering: .relaxed) == 0)
  }

  @Test("a hook and a permission callback that no thread was free for refuse nobody for good")
  func threadlessHooks() async throws {
    let (threads, gate, clock) = (WorkThreads(name: "test", steady: 1, most: 1), Gate(), VirtualClock())
    defer { gate.open() }
    let held = Task(executorPreference: threads) { gate.hold() }
    try await eventually { gate.count == 1 }
    let waiting = Task {
      try await withDeadline(milliseconds: 100, on: clock, threads: threads) { 1 }
    }
    await clock.waitForSleepers()
    clock.advance(by: .milliseconds(100))
    let error = await #expect(throws: DeadlineExceeded.self) { try await waiting.value }
    #expect(error?.hasBegun == false)
    gate.open()
    await held.value
  }

  @Test("an offloaded call holds its place until it has returned, however long after its time")
  func late() async throws {
    let gate = Gate()
    let gateway = try gateway { $0.offload = OffloadConfiguration(threads: 1, queueLimit: 0) }
    defer { gate.open() }
    try gateway.register(
      Endpoint("block") { () async throws -> Int in
        gate.hold()
        return 1
      }
      // What no thread has begun in its time has another error.
      .timeout(.seconds(1)).offloaded, service: "svc")
    #expect(await gateway.execute(request("block"))?.error == "Internal Server Error")
    #expect(await gateway.execute(request("block"))?.canRetry == true)
    gate.open()
    try await eventually { await gateway.execute(request("block"))?.result == 1 }
  }

  @Test(
    "that functions hold all threads while others wait is told once, with which of them, and until one is free"
  )
  func stall() async throws {
    let threads = WorkThreads(name: "test", steady: 1, most: 3)
    let (holding, other) = (FunctionThreads(threads), FunctionThreads(threads))
    let (gate, owner) = (Gate(), NSObject())
    let told = Mutex<[ThreadPressure]>([])
    defer { gate.open() }
    threads.onStall(owner) { pressure in told.withLock { $0.append(pressure) } }
    let held = (0..<3).map { _ in Task(executorPreference: holding) { gate.hold() } }
    try await eventually { gate.count == 3 }
    #expect(!threads.pressure.isStalled && threads.pressure.held == 3)
    let waiting = (0..<2).map { _ in Task(executorPreference: other) {} }
    // It is told once it is so.
    try await eventually { threads.pressure.isStalled && told.withLock { !$0.isEmpty } }
    #expect(
      told.withLock { $0 } == [
        ThreadPressure(held: 3, most: 3, waiting: 2, isStalled: true, holders: [holding.mark: 3])
      ])
    gate.open()
    for task in held + waiting { await task.value }
    try await eventually { !threads.pressure.isStalled && threads.pressure.holders.isEmpty }
    threads.forget(owner)
  }

  @Test("the log and the health name the functions that hold all threads, and what to do")
  func stallWords() async throws {
    let lines = InMemoryLogHandler()
    let gateway = try gateway { $0.logger = Logger(label: "test") { _ in lines } }
    try gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("blocks") { 1 }
        Endpoint("scans") { 1 }
      })
    func mark(_ type: ByteText) -> UInt { gateway.configs.stored("svc", type, nil)!.threads.mark }
    let pressure = ThreadPressure(
      held: 64, most: 64, waiting: 17, isStalled: true, holders: [mark("scans"): 4, mark("blocks"): 58])
    gateway.tellStall(pressure)
    let line = lines.entries.last
    #expect(line?.level == .warning && "\(line!.message)".hasSuffix("mark those that block .offloaded"))
    #expect(line?.metadata["held_by"] == "svc/blocks (58), svc/scans (4), others (2)")
    #expect(line?.metadata["threads"] == "64 of 64" && line?.metadata["waiting"] == "17")
    let check = gateway.functionThreadsCheck(pressure)
    #expect(check.status == .degraded)
    #expect(
      check.detail
        == "functions that block hold all threads: svc/blocks (58), svc/scans (4), others (2); mark those that block .offloaded; 64 of 64 threads held, 17 calls wait for one"
    )
  }

  @Test("whoever looks can tell which function runs on a thread, also behind its suspensions")
  func holders() async throws {
    let (gateway, gate) = (try gateway(), Gate())
    defer { gate.open() }
    try gateway.register(
      Endpoint("block") { () async throws -> Int in
        try await Task.sleep(for: .milliseconds(1))
        gate.hold()
        return 1
      }
      .timeout(nil), service: "svc")
    let mark = gateway.configs.stored("svc", "block", nil)!.threads.mark
    let call = Task { await gateway.execute(request("block")) }
    try await eventually { gate.count == 1 }
    #expect(WorkThreads.functions.pressure.holders[mark] == 1)
    gate.open()
    #expect(await call.value?.result == 1)
    try await eventually { WorkThreads.functions.pressure.holders[mark] == nil }
  }

  @Test("threads end that nothing is left for, and never exceed their number")
  func bounds() async throws {
    let threads = WorkThreads(name: "test", steady: 1, most: 3)
    let gate = Gate()
    let tasks = (0..<10).map { _ in Task(executorPreference: threads) { gate.hold() } }
    try await eventually { gate.count == 3 }
    #expect(threads.count == 3)
    gate.open()
    for task in tasks { await task.value }
    #expect(threads.count <= 3)
    #expect(throws: WorkerPoolError.self) { try Offload(OffloadConfiguration(threads: 0)) }
    #expect(throws: WorkerPoolError.self) { try Offload(OffloadConfiguration(queueLimit: -1)) }
  }
}
