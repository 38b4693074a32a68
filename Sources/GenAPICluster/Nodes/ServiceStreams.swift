import ErlangNode
import GenAPIGateway
import GenAPIValue
import Locking

/// The streams of a service node's endpoints: each function runs here, its parts go to a process of the gateway.
///
/// The messages are those an Elixir service sends: `{:result, part}`, `{:last_result, part}`, `{:error, reason}`,
/// `:complete`.
final class ServiceStreams: Sendable {
  /// Streams that run at one time; more are refused.
  static let mostStreams = 10_000
  /// Parts of one stream that may wait to be sent; its function then waits, too.
  static let mostParts = 100

  private struct State {
    var lastID: UInt64 = 0
    /// What ends each with an error; nil from the moment when it has its place to the moment when it begins.
    var running: [UInt64: (@Sendable () -> Void)?] = [:]
    /// Called as soon as none runs.
    var idle: (@Sendable () -> Void)?
  }

  private let node: LocalNode
  private let state = Mutex(State())

  init(node: LocalNode) { self.node = node }

  /// Streams that run now.
  var running: Int { state.withLock { $0.running.count } }

  /// Waits until none runs, at most so long; those that still do then end with an error, and have a second to say so.
  ///
  /// - Returns: how many had to be ended.
  func drain(timeoutMs: Int64) async -> Int {
    if await untilIdle(timeoutMs: timeoutMs) { return 0 }
    let ends = state.withLock { Array($0.running.values) }
    for end in ends { end?() }
    _ = await untilIdle(timeoutMs: 1_000)
    return ends.count
  }

  private func untilIdle(timeoutMs: Int64) async -> Bool {
    let (idle, signal) = AsyncStream.makeStream(of: Void.self)
    let isIdle = state.withLock { state in
      state.idle = { signal.finish() }
      return state.running.isEmpty
    }
    if isIdle { return true }
    return await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        for await _ in idle {}
        return !Task.isCancelled
      }
      group.addTask {
        try? await Task.sleep(for: .milliseconds(timeoutMs))
        return false
      }
      defer { group.cancelAll() }
      return await group.next() ?? false
    }
  }

  private func begin() -> UInt64? {
    state.withLock { state in
      guard state.running.count < Self.mostStreams else { return nil }
      state.lastID += 1
      state.running[state.lastID] = .some(nil)
      return state.lastID
    }
  }

  private func end(_ id: UInt64) {
    let idle = state.withLock { state in
      state.running[id] = nil
      return state.running.isEmpty ? state.idle : nil
    }
    idle?()
  }

  /// Begins a stream; false when too many run.
  func start(
    _ call: FunctionCall, _ function: @escaping FunctionRegistry.Function, to listener: Pid, readsErrors: Bool
  ) -> Bool {
    guard let id = begin() else { return false }
    guard let mailbox = try? node.makeMailbox(limit: 10) else {
      end(id)
      return false
    }
    Task {
      await run(id, call, function, to: listener, mailbox, readsErrors)
      mailbox.end()
      end(id)
    }
    return true
  }

  private func run(
    _ id: UInt64, _ call: FunctionCall, _ function: @escaping FunctionRegistry.Function, to listener: Pid,
    _ mailbox: Mailbox, _ readsErrors: Bool
  ) async {
    let (parts, source) = AsyncStream.makeStream(of: Response.self)
    let backlog = Backlog()
    let handle = StreamHandle(requestID: call.request?.requestID ?? "") { part in
      backlog.added()
      source.yield(part)
    } room: {
      await backlog.room.wait()
    }
    state.withLock { state in
      state.running[id] = {
        handle.lose("the service node shuts down")
        // What is there is still sent.
        source.finish()
      }
    }
    var call = call
    call.stream = handle
    let started = call
    await withDiscardingTaskGroup { group in
      // The gateway's end of the stream goes with the client, with the stream's time, or with the gateway.
      _ = try? await node.monitor(.pid(listener), on: listener.node, for: mailbox)
      group.addTask {
        while let message = await mailbox.receive() {
          guard case .down = message else { continue }
          handle.listenerIsGone()
          backlog.room.close()
          source.finish()
        }
      }
      group.addTask {
        await Self.produce(handle, started, function)
        source.finish()
      }
      for await part in parts {
        let term = Self.term(part, of: handle, readsErrors: readsErrors)
        guard await send(term, to: listener) else { break }
        backlog.sent()
      }
      handle.listenerIsGone()
      backlog.room.close()
      mailbox.end()
      group.cancelAll()
    }
  }

  /// Waits while too much waits for that node; false when it cannot be reached.
  private func send(_ term: Term, to listener: Pid) async -> Bool {
    while true {
      do throws(CallError) {
        try await node.send(term, to: listener)
        return true
      } catch {
        guard error == .overloaded, (try? await Task.sleep(for: .milliseconds(10))) != nil else {
          return false
        }
      }
    }
  }

  private static func produce(
    _ handle: StreamHandle, _ call: FunctionCall, _ function: FunctionRegistry.Function
  ) async {
    do {
      switch try await function(call) {
      case .ok: handle.complete()
      case .error(let error): handle.fail(error)
      }
    } catch {
      handle.fail("\(error)")
    }
  }

  private static func term(_ part: Response, of handle: StreamHandle, readsErrors: Bool) -> Term {
    if let error = part.error {
      let isLost = handle.isLost
      let reason = FunctionErrorTerm.reason(
        FunctionError(error, isForClient: isLost || handle.failsForClient), isRead: readsErrors,
        isCutOff: isLost)
      return .tuple([.atom("error"), reason])
    }
    if part.hasMore { return .tuple([.atom("result"), TermValue.term(part.result)]) }
    if part.result.isNull { return .atom("complete") }
    return .tuple([.atom("last_result"), TermValue.term(part.result)])
  }

  /// How many parts of a stream wait to be sent.
  private final class Backlog: Sendable {
    let room = StreamRoom()
    private let count = Mutex(0)

    func added() { change(by: 1) }
    func sent() { change(by: -1) }

    private func change(by difference: Int) {
      count.withLock { count in
        count += difference
        room.set(full: count >= ServiceStreams.mostParts)
      }
    }
  }
}
