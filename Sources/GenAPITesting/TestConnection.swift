import GenAPIGateway
import Locking

/// A client within the process: its inbox keeps what it is sent, and lets a test wait for it.
///
/// The inbox does not hold a stream back until `mostUnread` responses are in it that nobody has waited for; `takesOne()` makes a
/// reader that is slow.
///
/// ```swift
/// let connection = gateway.connect(as: ClientIdentity(userID: "ann"))
/// ```
public final class TestConnection: ClientConnection {
  private struct Waiter {
    let id: Int
    let count: Int
    /// Told whether so many responses are there.
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var responses: [Response] = []
    /// How many `next()` has given.
    var taken = 0
    var waiting: [Waiter] = []
    var nextWaiter = 0
    /// Whose wait ended before it began.
    var givenUp: Set<Int> = []
    /// How many parts of streams are taken yet, of a reader that takes them one by one; nil of another.
    var credits: Int?
    /// The gateway is done with the request, but for what follows a first answer.
    var isHandled = false
    var hasLeft = false
    /// How many of the responses somebody has taken or waits for.
    var wanted = 0

    /// Nothing more will come.
    var isOver: Bool { hasLeft || isHandled && responses.isEmpty }
  }

  /// How many responses that nobody has taken or waited for an inbox has before streams wait: 100 000.
  public static let mostUnread = 100_000

  public let connectionID: ConnectionID
  /// Who is at the other end.
  public let identity: ClientIdentity
  private let onPush: @Sendable (Response) -> Void
  private let state = Mutex(State())
  private let room = StreamRoom()

  /// A connection that no gateway knows of: see `Gateway.connect(as:)` for one that does.
  ///
  /// - Parameter onPush: told of each response when it has been kept.
  public init(
    _ id: ConnectionID, identity: ClientIdentity = .anonymous,
    onPush: @escaping @Sendable (Response) -> Void = { _ in }
  ) {
    connectionID = id
    self.identity = identity
    self.onPush = onPush
  }

  /// Everything that it was sent, oldest first.
  public var responses: [Response] { state.withLock { $0.responses } }

  /// Whether streams wait for somebody to read.
  var isHoldingBack: Bool { room.isFull }

  public func waitForRoom() async { await room.wait() }

  /// From now on one part of a stream is taken for each call of this, as by a reader that is slow.
  ///
  /// Calls before the parts come, one after the other, count as well: after five of them five parts are taken.
  public func takesOne() {
    state.withLock { state in
      state.credits = (state.credits ?? 0) + 1
      room.set(full: false)
    }
  }

  public func push(_ response: Response) {
    let ready = state.withLock { state -> [CheckedContinuation<Bool, Never>] in
      if response.hasMore, response.result != "init", let credits = state.credits {
        state.credits = max(0, credits - 1)
        if credits <= 1 { room.set(full: true) }
      }
      state.responses.append(response)
      let count = state.responses.count
      if count - state.wanted >= Self.mostUnread { room.set(full: true) }
      guard !state.waiting.isEmpty else { return [] }
      let ready = state.waiting.filter { $0.count <= count }.map(\.continuation)
      state.waiting.removeAll { $0.count <= count }
      return ready
    }
    onPush(response)
    for waiter in ready { waiter.resume(returning: true) }
  }

  /// Everything that it was sent, once these are so many responses.
  ///
  /// - Parameter limit: how long is waited for them, in real time. When it is over, the client has gone, or the test's task is cancelled,
  ///   it is what has come.
  public func received(_ count: Int, within limit: Duration = .seconds(30)) async -> [Response] {
    if count > 0 { _ = await response(count - 1, until: .now + limit.sleepable) }
    return responses
  }

  /// The response of this number, from 0; nil when it is not there until then, or the client goes or the task is cancelled before.
  func response(_ index: Int, until end: ContinuousClock.Instant) async -> Response? {
    makeRoom(for: index + 1)
    func present() -> Response? {
      state.withLock { $0.responses.count > index ? $0.responses[index] : nil }
    }
    if let response = present() { return response }
    let id = newWaiter()
    let alarm = Task {
      guard (try? await Task.sleep(until: end, clock: .continuous)) != nil else { return }
      giveUp(id)
    }
    defer { alarm.cancel() }
    let isThere = await withTaskCancellationHandler {
      await wait(for: index + 1, id)
    } onCancel: {
      giveUp(id)
    }
    return isThere ? present() : nil
  }

  /// The client is gone: see `Gateway.disconnect(_:)`.
  var hasLeft: Bool { state.withLock { $0.hasLeft } }
  func leave() {
    endWaits { $0.hasLeft = true }
    room.close()
  }

  var isHandled: Bool { state.withLock { $0.isHandled } }

  /// The one request of this connection has its first answer, or will have none: then nobody waits for it.
  func handled() { endWaits { $0.isHandled = true } }

  private func endWaits(_ note: (inout State) -> Void) {
    let waiting = state.withLock { state -> [Waiter] in
      note(&state)
      guard state.isOver else { return [] }
      defer { state.waiting = [] }
      return state.waiting
    }
    for waiter in waiting { waiter.continuation.resume(returning: false) }
  }

  /// Somebody reads so many: what is beyond them may come.
  private func makeRoom(for count: Int) {
    state.withLock { state in
      guard count > state.wanted else { return }
      state.wanted = count
      let isFull = state.responses.count - count >= Self.mostUnread
      if room.isFull, !isFull, state.credits == nil { room.set(full: false) }
    }
  }

  private func newWaiter() -> Int {
    state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
  }

  private func wait(for count: Int, _ id: Int) async -> Bool {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state -> Bool? in
        if state.responses.count >= count { return true }
        if state.givenUp.remove(id) != nil || state.isOver { return false }
        state.waiting.append(Waiter(id: id, count: count, continuation: continuation))
        return nil
      }
      if let isThere { continuation.resume(returning: isThere) }
    }
  }

  private func giveUp(_ id: Int) {
    let waiter = state.withLock { state -> Waiter? in
      guard let index = state.waiting.firstIndex(where: { $0.id == id }) else {
        state.givenUp.insert(id)
        return nil
      }
      return state.waiting.remove(at: index)
    }
    waiter?.continuation.resume(returning: false)
  }

  /// The oldest response that this has not given yet, once there is one. What does not come is the next one still.
  ///
  /// - Parameter limit: how long is waited for it, in real time.
  /// - Throws: `TestInboxError` when it does not come in time, or the client has gone and will get none; `CancellationError` when the
  ///   test's task is cancelled meanwhile.
  public func next(within limit: Duration = .seconds(30)) async throws -> Response {
    let end = ContinuousClock.now + limit.sleepable
    while true {
      let (taken, index) = state.withLock { state -> (Response?, Int) in
        let index = state.taken
        guard index < state.responses.count else { return (nil, index) }
        state.taken += 1
        return (state.responses[index], index)
      }
      if let taken {
        makeRoom(for: index + 1)
        return taken
      }
      guard await response(index, until: end) == nil else { continue }
      if Task.isCancelled { throw CancellationError() }
      throw hasLeft
        ? TestInboxError.disconnected(number: index + 1)
        : .nothing(number: index + 1, within: limit)
    }
  }
}
