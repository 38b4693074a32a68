import ErlangNode
import GenAPIGateway
import GenAPIValue
import Synchronization

/// The streams of a service node's endpoints: each function runs here, its parts go to a process of the gateway.
///
/// The messages are those an Elixir service sends: `{:result, part}`, `{:last_result, part}`, `{:error, reason}`,
/// `:complete`.
final class ServiceStreams: Sendable {
  /// Streams that run at one time; more are refused.
  static let mostStreams = 10_000
  /// Parts of one stream that may wait to be sent; its function then waits, too.
  static let mostParts = 100

  private let node: LocalNode
  private let count = Atomic(0)

  init(node: LocalNode) { self.node = node }

  /// Streams that run now.
  var running: Int { count.load(ordering: .relaxed) }

  /// Begins a stream; false when too many run.
  func start(_ call: FunctionCall, _ function: @escaping FunctionRegistry.Function, to listener: Pid) -> Bool
  {
    guard count.add(1, ordering: .relaxed).newValue <= Self.mostStreams,
      let mailbox = try? node.makeMailbox(limit: 10)
    else {
      count.subtract(1, ordering: .relaxed)
      return false
    }
    Task {
      await run(call, function, to: listener, mailbox)
      mailbox.end()
      count.subtract(1, ordering: .relaxed)
    }
    return true
  }

  private func run(
    _ call: FunctionCall, _ function: @escaping FunctionRegistry.Function, to listener: Pid,
    _ mailbox: Mailbox
  ) async {
    let (parts, source) = AsyncStream.makeStream(of: Response.self)
    let backlog = Backlog()
    let handle = StreamHandle(requestID: call.request?.requestID ?? "") { part in
      backlog.added()
      source.yield(part)
    } room: {
      await backlog.room.wait()
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
        guard await send(Self.term(part), to: listener) else { break }
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
      case .error(let error): handle.fail(error.reason)
      }
    } catch {
      handle.fail("\(error)")
    }
  }

  private static func term(_ part: Response) -> Term {
    if let error = part.error { return .tuple([.atom("error"), .text(error)]) }
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
