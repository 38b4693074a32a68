import GenAPITelemetry
import GenAPIValue
import Locking
import Logging

/// What code of a gateway's program throws, and what does not end in time, in the log: clients read nothing of it, and events are
/// heard only by who listens.
///
/// One line an error: of a call that is tried again the last one. A function that goes on failing does not fill the log: the
/// first of each of its errors is a line, and what else comes within a minute is one line more, with its number.
final class ThrownErrorLog: Sendable {
  enum Thrower: String {
    case function = "a function failed"
    case refusal = "a function answered an error that is not for clients"
    case cut = "a function's error for its client was cut"
    case threadless = "a function was not called: no thread was free; its client may try again"
    case unreached =
      "a function was not called: none of its nodes could be reached; its client may try again"
    case unreachedAgain =
      "a function was called and failed, and none of its nodes could be reached when it was to be called again"
    case halted = "a call failed, and a circuit breaker kept it from being made again"
    case lost = "a call was lost: its node went before the answer, and may have done it"
    case unlisted = "a function was not called: its nodes could not be chosen"
    case unasked =
      "a permission callback was not asked: none of its nodes could be reached; the client may try again"
    case lostPermission =
      "a permission callback was lost: its node went before the answer; the client may try again"
    case unreachedHook =
      "a before hook was not called: none of its nodes could be reached; the client may try again"
    case lostHook = "a before hook was lost: its node went before the answer; the request is refused"
    case beforeHook = "a before hook failed"
    case afterHook = "an after hook failed"
    case permission = "a permission callback failed; the request is refused"
    case lateFunction = "a function did not answer in time"
    case lateBeforeHook = "a before hook did not end in time; the request is refused"
    case lateAfterHook = "an after hook did not end in time; the response goes out as it was"
    case latePermission = "a permission callback did not answer in time; the request is refused"
    case misdirecting =
      "a before hook changed which request this is, or what it is for; it stays what the client asked"
  }

  /// How long the same is only counted, in nanoseconds.
  static let windowNs: Int64 = 60_000_000_000
  /// Errors of one function that are told apart in a window: their texts may have what differs each time.
  static let mostErrors = 4
  /// Functions that are told apart in a window.
  static let mostFunctions = 512

  private struct Key: Hashable {
    var thrower: Thrower
    var service: ByteText
    var requestType: ByteText
  }

  private struct Entry {
    var told: Set<ByteText> = []
    /// Not told.
    var count: Int64 = 0
    var last: ByteText = ""
  }

  private struct State {
    var beganNs: Int64?
    var entries: [Key: Entry] = [:]
    /// Of functions beyond `mostFunctions`.
    var others: Int64 = 0
  }

  private let logger: Logger
  private let clock: any GatewayClock
  private let state = Mutex(State())

  init(logger: Logger, clock: any GatewayClock) {
    self.logger = logger
    self.clock = clock
  }

  func tell(_ thrower: Thrower, _ reason: ByteText, _ request: RequestContext) {
    tell(
      thrower, reason, id: request.requestID, service: request.function.service,
      requestType: request.function.requestType)
  }

  /// Tells of a reason for clients that is longer than they read.
  func tellIfCut(_ reason: ByteText, _ request: RequestContext) {
    if reason.byteCount > ClientTexts.mostReasonBytes { tell(.cut, reason, request) }
  }

  func tell(
    _ thrower: Thrower, _ reason: ByteText, id: ByteText, service: ByteText, requestType: ByteText
  ) {
    guard logger.logLevel <= .error else { return }
    let key = Key(
      thrower: thrower, service: service.cut(bytes: TextLimit.name),
      requestType: requestType.cut(bytes: TextLimit.name))
    let reason = reason.isEmpty ? "it gave no reason" : reason.cut(bytes: TextLimit.text)
    let now = clock.monotonicNanoseconds()
    let (isTold, isOver) = state.withLock { state in
      let isOver = state.beganNs.map { now - $0 >= Self.windowNs } ?? false
      return (isOver ? true : Self.note(key, reason, now, &state), isOver)
    }
    if isOver {
      endWindow()
      state.withLock { _ = Self.note(key, reason, now, &$0) }
    }
    guard isTold else { return }
    logger.error("\(thrower.rawValue)", metadata: metadata(key, reason, ["request_id": id]))
  }

  /// - Returns: whether it is to be told now.
  private static func note(_ key: Key, _ reason: ByteText, _ now: Int64, _ state: inout State) -> Bool {
    state.beganNs = state.beganNs ?? now
    guard state.entries[key] != nil || state.entries.count < mostFunctions else {
      state.others += 1
      return false
    }
    var entry = state.entries[key] ?? Entry()
    defer { state.entries[key] = entry }
    if entry.told.count < mostErrors, entry.told.insert(reason).inserted { return true }
    entry.count += 1
    entry.last = reason
    return false
  }

  /// Tells what was left out; also to be called when the gateway ends, and once a minute where nothing more comes.
  func endWindow() {
    let ended = state.withLock { state in
      defer { state = State() }
      return state
    }
    for (key, entry) in ended.entries.sorted(by: { Self.order($0) < Self.order($1) }) where entry.count > 0 {
      logger.error(
        "more of the same was left out here",
        metadata: metadata(
          key, entry.last, ["what": ByteText(key.thrower.rawValue), "count": "\(entry.count)"]))
    }
    if ended.others > 0 {
      logger.error(
        "failures of other functions were left out here",
        metadata: ["count": .stringConvertible(ended.others)])
    }
  }

  private static func order(_ entry: (key: Key, value: Entry)) -> (Int64, ByteText, ByteText, String) {
    (-entry.value.count, entry.key.service, entry.key.requestType, entry.key.thrower.rawValue)
  }

  private func metadata(_ key: Key, _ reason: ByteText, _ more: [String: ByteText]) -> Logger.Metadata {
    var metadata: Logger.Metadata = [
      "service": "\(key.service.shown)", "request_type": "\(key.requestType.shown)",
      "error": "\(reason.shown)",
    ]
    for (name, text) in more { metadata[name] = "\(text.cut(bytes: TextLimit.name).shown)" }
    return metadata
  }
}
