import DequeModule
import GenAPITelemetry
import Locking

/// What arrived and was not taken yet, bounded by number and by bytes. Events above the bound are thrown away and counted
/// in place; anything else is kept, and above its bound the connection is not read from until some of it is taken.
final class SubscriberMailbox: Sendable {
  private struct State {
    var items: [ArrivedEvent] = []
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
    /// What can wait does not call it.
    var isReadyForNews = false
    /// Something waits that cannot.
    var hasNews = false
    var isFinished = false

    /// There is what `onReady` is called for.
    var isReady: Bool { isReadyForNews ? hasNews : taken < items.count }

    /// What it takes is free again.
    mutating func free(_ event: SubscriberEvent) {
      if case .frame(.event(let record)) = event {
        events -= 1
        eventBytes -= record.storedBytes
      } else if let bytes = others.popFirst() {
        otherBytes -= bytes
      }
    }

    mutating func clear() {
      items = []
      taken = 0
      events = 0
      eventBytes = 0
      others = []
      otherBytes = 0
      resume = nil
      hasNews = false
    }
  }

  private let eventLimit: Int
  private let eventByteLimit: Int
  private let otherLimit: Int
  private let otherByteLimit: Int
  private let state = Mutex(State())
  /// What is looked at between any two waits, of each of a hundred gateways: told without the lock, by whoever holds it. When the oldest
  /// that waits came; `Int64.max` when nothing waits.
  private let oldest = Atomic<Int64>(.max)
  private let isNewsWaiting = Atomic<Bool>(false)

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
  ///   - at: when it came, microseconds since the Unix epoch.
  ///   - otherBytes: what each item that is no event takes, in their order; what is not given counts as 256.
  ///   - resume: kept, and called once there is room again, when the connection has to pause.
  /// - Returns: false when the connection has to pause.
  @discardableResult
  func push(
    _ items: [SubscriberEvent], at: Int64 = SystemTime().wallMicroseconds(), otherBytes: [Int] = [],
    resume: (@Sendable () -> Void)? = nil
  ) -> Bool {
    guard !items.isEmpty else { return true }
    let (hasRoom, wake) = state.withLock { state -> (Bool, (() -> Void)?) in
      guard !state.isFinished else { return (true, nil) }
      let wasReady = state.isReady
      var sizes = otherBytes.makeIterator()
      for item in items { append(ArrivedEvent(event: item, at: at), &sizes, &state) }
      let hasRoom = state.others.count < otherLimit && state.otherBytes < otherByteLimit
      if !hasRoom { state.resume = resume ?? state.resume }
      let waiter = state.waiter
      if !state.hasNews { state.hasNews = !hasRoom || items.contains { !$0.canWait } }
      let onReady = state.isReady && !wasReady ? state.onReady : nil
      state.waiter = nil
      tell(state)
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
    _ item: ArrivedEvent, _ sizes: inout IndexingIterator<[Int]>, _ state: inout State
  ) {
    guard case .frame(.event(let record)) = item.event else {
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
    if state.taken < state.items.count, case .overrun(let before) = state.items.last?.event {
      state.items[state.items.count - 1].event = .overrun(before.merged(with: lost))
    } else {
      addOther(ArrivedEvent(event: .overrun(lost), at: item.at), bytes: 256, &state)
    }
  }

  private func addOther(_ item: ArrivedEvent, bytes: Int, _ state: inout State) {
    state.items.append(item)
    state.others.append(bytes)
    state.otherBytes += bytes
  }

  /// Takes everything that waits.
  func drain() -> [SubscriberEvent] { take(atMost: .max).map(\.event) }

  /// Takes the oldest that waits.
  func takeFirst() -> SubscriberEvent? { take(atMost: 1).first?.event }

  /// When the oldest that waits came, microseconds since the Unix epoch; nil when nothing waits.
  var waitingSince: Int64? {
    let oldest = oldest.load(ordering: .acquiring)
    return oldest == .max ? nil : oldest
  }

  /// Whether something waits that cannot wait for long.
  var hasNews: Bool { isNewsWaiting.load(ordering: .acquiring) }

  private func tell(_ state: State) {
    oldest.store(
      state.taken < state.items.count ? state.items[state.taken].at : .max, ordering: .releasing)
    isNewsWaiting.store(state.hasNews, ordering: .releasing)
  }

  /// Takes at most so many, the oldest first, of them at least one and the others that came until `latest`.
  ///
  /// - Parameter endsWithState: nothing is taken behind a state of the gateway, which may have thousands of functions.
  func take(atMost most: Int, until latest: Int64 = .max, endsWithState: Bool = false) -> [ArrivedEvent] {
    let (items, resume) = state.withLock { state -> ([ArrivedEvent], (@Sendable () -> Void)?) in
      defer { tell(state) }
      let waiting = state.items.count - state.taken
      if waiting <= most, latest == .max, !endsWithState {
        defer { state.clear() }
        return (state.taken == 0 ? state.items : Array(state.items[state.taken...]), state.resume)
      }
      var end = state.taken
      while end - state.taken < min(most, waiting), end == state.taken || state.items[end].at <= latest {
        state.free(state.items[end].event)
        end += 1
        if endsWithState, state.items[end - 1].event.isState { break }
      }
      let items = Array(state.items[state.taken..<end])
      state.taken = end
      // A reader that is always a little behind must not keep what it took for ever.
      if end == state.items.count || (end >= 1_024 && end * 2 > state.items.count) {
        state.items.removeFirst(end)
        state.taken = 0
      }
      if state.items.isEmpty { state.hasNews = false }
      // Such a reader never empties it: half of the room is enough to be read from again.
      guard state.others.count * 2 <= otherLimit, state.otherBytes * 2 <= otherByteLimit else {
        return (items, nil)
      }
      defer { state.resume = nil }
      return (items, state.resume)
    }
    resume?()
    return items
  }

  /// Called, from any thread, whenever something arrives in an empty mailbox; once at once when something waits.
  ///
  /// - Parameter forNews: what can wait does not count.
  func setOnReady(forNews: Bool = false, _ onReady: (@Sendable () -> Void)?) {
    let isReady = state.withLock { state in
      state.onReady = onReady
      state.isReadyForNews = forNews
      return state.isReady
    }
    if isReady { onReady?() }
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
