import GenAPITelemetry
import GenAPIValue
import Locking

/// The exact counters of one function. Its lock is held for a few additions only.
final class SeriesStatistics: Sendable {
  private struct Counters {
    var outcomes = [Int64](repeating: 0, count: RequestOutcome.allCases.count)
    var retries: Int64 = 0
    var latency = LatencyHistogram()
    var maxUs: Int64 = 0
    var lastError: ByteText?
    var lastErrorAt: Int64?
    var lastRefusal: ByteText?
    var lastRefusalAt: Int64?
    /// As it was asked for last.
    var told: SeriesState?
    /// Who its requests are of; nil before the first one ended, and where that is not counted.
    var users: UserSketch?

    /// Nothing was counted since: whatever is counted makes one of these larger.
    func isAs(_ state: SeriesState, requests: Int64) -> Bool {
      state.requests == requests && state.retries == retries
        && state.outcomes.values.reduce(0, +) == outcomes.reduce(0, +)
    }
  }

  let function: FunctionIdentity
  /// Those that began, and in the highest bit whether it is noted in `changes`. The ends are counted under the lock: who reads
  /// this under it, too, finds none that ended and did not begin.
  ///
  /// One value for both, so that whoever takes the bit away has counted every request that found it there.
  private let requests = Atomic<UInt64>(0)
  private static let noted: UInt64 = 1 << 63
  private let counters = Mutex(Counters())
  /// Room for counting users; nil where they are not counted.
  private let userRoom: UserRoom?
  /// Where it notes that it is no longer as it was told last; nil where nobody asks for that.
  private let changes: SeriesChanges?
  /// Its place among all that were told last. Only for who tells them.
  let place = Atomic<Int>(-1)

  init(function: FunctionIdentity, userRoom: UserRoom? = nil, changes: SeriesChanges? = nil) {
    self.function = function
    self.userRoom = userRoom
    self.changes = changes
  }

  deinit {
    if counters.withLock({ $0.users != nil }) { userRoom?.giveBack() }
  }

  /// Whether nothing was counted since it was in this state.
  func isAs(_ state: SeriesState) -> Bool { counters.withLock { $0.isAs(state, requests: began) } }

  /// Whether users of it are counted.
  var hasUsers: Bool { counters.withLock { $0.users != nil } }

  /// Whether anything was counted.
  var isUsed: Bool { began > 0 }

  /// Whether no request of it runs.
  var isIdle: Bool { counters.withLock { began == $0.outcomes.reduce(0, +) } }

  /// Adds what another has counted.
  func add(_ other: SeriesStatistics) {
    let others = other.counters.withLock { $0 }
    let began = other.began
    counters.withLock { counters in
      counters.told = nil
      requests.wrappingAdd(UInt64(began), ordering: .relaxed)
      noteChange()
      for index in counters.outcomes.indices { counters.outcomes[index] += others.outcomes[index] }
      counters.retries += others.retries
      counters.latency += others.latency
      counters.maxUs = max(counters.maxUs, others.maxUs)
      if (others.lastErrorAt ?? 0) > (counters.lastErrorAt ?? 0) {
        counters.lastError = others.lastError
        counters.lastErrorAt = others.lastErrorAt
      }
      if (others.lastRefusalAt ?? 0) > (counters.lastRefusalAt ?? 0) {
        counters.lastRefusal = others.lastRefusal
        counters.lastRefusalAt = others.lastRefusalAt
      }
    }
  }

  private var began: Int64 { Int64(requests.load(ordering: .relaxed) & ~Self.noted) }

  @inline(__always)
  func started() {
    if requests.wrappingAdd(1, ordering: .relaxed).oldValue & Self.noted == 0 { note() }
  }

  func retried() {
    counters.withLock {
      $0.retries += 1
      noteChange()
    }
  }

  /// Under the lock: whoever takes the bit away reads the counters after that, under the lock too.
  @inline(__always)
  private func noteChange() {
    if requests.load(ordering: .relaxed) & Self.noted == 0 { note() }
  }

  /// Once for all that changes until it is told.
  @inline(never)
  private func note() {
    guard let changes, requests.bitwiseOr(Self.noted, ordering: .relaxed).oldValue & Self.noted == 0 else {
      return
    }
    changes.note(self)
  }

  /// Its state, for who was told that it changed; what changes from now on is noted again.
  func takeState() -> SeriesState {
    requests.bitwiseAnd(~Self.noted, ordering: .relaxed)
    return state
  }

  /// - Parameter user: whose request it was; nil is not counted by user.
  func finished(
    _ outcome: RequestOutcome, durationUs: Int64, error: ByteText?, user: ByteText? = nil, at wall: Int64
  ) {
    let hash = userRoom == nil ? nil : user?.hashValue
    counters.withLock { counters in
      noteChange()
      counters.outcomes[outcome.index] += 1
      if outcome.hasRun {
        counters.latency.record(durationUs)
        counters.maxUs = max(counters.maxUs, durationUs)
      }
      if let user, let hash {
        if counters.users == nil { counters.users = userRoom?.take(at: wall) }
        counters.users?.count(user, hash: hash, outcome, at: wall)
      }
      guard let error else { return }
      if outcome.isFailure {
        counters.lastError = error.cut(bytes: TextLimit.text)
        counters.lastErrorAt = wall
      } else if outcome.isRejection {
        counters.lastRefusal = error.cut(bytes: TextLimit.text)
        counters.lastRefusalAt = wall
      }
    }
  }

  /// Its users with most requests, failures and refusals of the last minutes, by name.
  func topUsers(at wall: Int64) -> [TopUserState] {
    counters.withLock { counters in
      let users = counters.users?.users(of: function, at: wall) ?? []
      // Who was not called for so long has no users to tell; another function may need the room.
      if users.isEmpty, counters.users != nil {
        counters.users = nil
        userRoom?.giveBack()
      }
      return users
    }
  }

  /// The same memory again while nothing is counted.
  var state: SeriesState {
    counters.withLock { counters in
      let requests = began
      if let told = counters.told, counters.isAs(told, requests: requests) { return told }
      var outcomes: [ByteText: Int64] = [:]
      for outcome in RequestOutcome.allCases where counters.outcomes[outcome.index] > 0 {
        outcomes[ByteText(outcome.rawValue)] = counters.outcomes[outcome.index]
      }
      let state = SeriesState(
        service: function.service, requestType: function.requestType, version: function.version,
        requests: requests, outcomes: outcomes, retries: counters.retries, latency: counters.latency,
        maxUs: counters.maxUs, lastError: counters.lastError, lastErrorAt: counters.lastErrorAt,
        lastRefusal: counters.lastRefusal, lastRefusalAt: counters.lastRefusalAt)
      counters.told = state
      return state
    }
  }
}
