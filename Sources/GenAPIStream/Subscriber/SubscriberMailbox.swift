import DequeModule
import GenAPITelemetry
import Synchronization

/// What arrived and was not taken yet, bounded by number and by bytes. Events above the bound are thrown away and counted
/// in place; anything else is kept, and above its bound the connection is not read from until some of it is taken.
final class SubscriberMailbox: Sendable {
  private struct State {
    var items: [SubscriberEvent] = []
    /// Items in front that were taken one by one.
    var taken = 0
    /// Events among those that wait, and what they take.
    var events = 0
    var eventBytes = 0
    /// What each of the others takes, oldest first, and all together.
    var others: Deque<Int> = []
    var otherBytes = 0
    var resume: (@Sendable () -> Void)?
    var waiter: CheckedContinuation<Void, Never>?
    var onReady: (@Sendable () -> Void)?
    var isFinished = false

    mutating func clear() {
      items = []
      taken = 0
      events = 0
      eventBytes = 0
      others = []
      otherBytes = 0
      resume = nil
    }
  }

  private let eventLimit: Int
  private let eventByteLimit: Int
  private let otherLimit: Int
  private let otherByteLimit: Int
  private let state = Mutex(State())

  /// - Parameters:
  ///   - eventLimit: events that may wait.
  ///   - eventByteLimit: what they may take.
  ///   - otherLimit: other items that may wait before the connection is paused.
  ///   - otherByteLimit: what they may take.
  init(
    eventLimit: Int, eventByteLimit: Int = 16_000_000, otherLimit: Int = 256, otherByteLimit: Int = 32_000_000
  ) {
    self.eventByteLimit = eventByteLimit
    self.otherByteLimit = otherByteLimit
    self.eventLimit = max(1, eventLimit)
    self.otherLimit = otherLimit
  }

  /// Adds what arrived together.
  ///
  /// - Parameters:
  ///   - otherBytes: what each item that is no event takes, in their order; what is not given counts as 256.
  ///   - resume: kept, and called once there is room again, when the connection has to pause.
  /// - Returns: false when the connection has to pause.
  @discardableResult
  func push(
    _ items: [SubscriberEvent], otherBytes: [Int] = [], resume: (@Sendable () -> Void)? = nil
  ) -> Bool {
    guard !items.isEmpty else { return true }
    let (hasRoom, wake) = state.withLock { state -> (Bool, (() -> Void)?) in
      guard !state.isFinished else { return (true, nil) }
      let wasEmpty = state.taken == state.items.count
      var sizes = otherBytes.makeIterator()
      for item in items { append(item, &sizes, &state) }
      let hasRoom = state.others.count < otherLimit && state.otherBytes < otherByteLimit
      if !hasRoom { state.resume = resume ?? state.resume }
      let waiter = state.waiter
      let onReady = wasEmpty ? state.onReady : nil
      state.waiter = nil
      return (
        hasRoom,
        {
          waiter?.resume()
          onReady?()
        }
      )
    }
    wake?()
    return hasRoom
  }

  private func append(
    _ item: SubscriberEvent, _ sizes: inout IndexingIterator<[Int]>, _ state: inout State
  ) {
    guard case .frame(.event(let record)) = item else {
      addOther(item, bytes: sizes.next() ?? 256, &state)
      return
    }
    let bytes = record.storedBytes
    if state.events < eventLimit, state.eventBytes + bytes <= eventByteLimit {
      state.items.append(item)
      state.events += 1
      state.eventBytes += bytes
      return
    }
    let lost = DroppedEvents(count: 1, fromSequence: record.sequence, toSequence: record.sequence)
    if state.taken < state.items.count, case .overrun(let before) = state.items.last {
      state.items[state.items.count - 1] = .overrun(before.merged(with: lost))
    } else {
      addOther(.overrun(lost), bytes: 256, &state)
    }
  }

  private func addOther(_ item: SubscriberEvent, bytes: Int, _ state: inout State) {
    state.items.append(item)
    state.others.append(bytes)
    state.otherBytes += bytes
  }

  /// Takes everything that waits.
  func drain() -> [SubscriberEvent] {
    let (items, resume) = state.withLock { state in
      defer { state.clear() }
      return (state.taken == 0 ? state.items : Array(state.items[state.taken...]), state.resume)
    }
    resume?()
    return items
  }

  /// Takes the oldest that waits.
  func takeFirst() -> SubscriberEvent? {
    let (item, resume) = state.withLock { state -> (SubscriberEvent?, (@Sendable () -> Void)?) in
      guard state.taken < state.items.count else { return (nil, nil) }
      let item = state.items[state.taken]
      state.taken += 1
      if case .frame(.event(let record)) = item {
        state.events -= 1
        state.eventBytes -= record.storedBytes
      } else if let bytes = state.others.popFirst() {
        state.otherBytes -= bytes
      }
      if state.taken == state.items.count {
        defer { state.clear() }
        return (item, state.resume)
      }
      // A reader that is always a little behind must not keep what it took for ever.
      if state.taken >= 1_024, state.taken * 2 > state.items.count {
        state.items.removeFirst(state.taken)
        state.taken = 0
      }
      return (item, nil)
    }
    resume?()
    return item
  }

  /// Called, from any thread, whenever something arrives in an empty mailbox; once at once when something waits.
  func setOnReady(_ onReady: (@Sendable () -> Void)?) {
    let waits = state.withLock { state in
      state.onReady = onReady
      return state.taken < state.items.count
    }
    if waits { onReady?() }
  }

  /// Nothing more will come.
  func finish() {
    let waiter = state.withLock { state in
      defer { state.waiter = nil }
      state.isFinished = true
      return state.waiter
    }
    waiter?.resume()
  }

  /// Everything that waits, once something does; nil after the end or when the task is cancelled. For one reader.
  func next() async -> [SubscriberEvent]? {
    while true {
      let items = drain()
      if !items.isEmpty { return items }
      guard await waitForSomething() else { return nil }
    }
  }

  /// The oldest that waits, once something does; nil after the end or when the task is cancelled. For one reader.
  func nextOne() async -> SubscriberEvent? {
    while true {
      if let item = takeFirst() { return item }
      guard await waitForSomething() else { return nil }
    }
  }

  /// False after the end or when the task is cancelled.
  private func waitForSomething() async -> Bool {
    if Task.isCancelled || state.withLock(\.isFinished) { return false }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let other = state.withLock { state -> CheckedContinuation<Void, Never>? in
          if state.taken < state.items.count || state.isFinished || Task.isCancelled { return continuation }
          // A second reader would wait for ever in place of the first: the first is sent round again.
          defer { state.waiter = continuation }
          return state.waiter
        }
        other?.resume()
      }
    } onCancel: {
      state.withLock { state in
        defer { state.waiter = nil }
        return state.waiter
      }?.resume()
    }
    return true
  }
}
