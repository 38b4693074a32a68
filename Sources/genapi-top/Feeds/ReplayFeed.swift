import Foundation
import GenAPIStream
import GenAPIValue

/// A recording, frame by frame at its pace: the dashboard cannot tell it from gateways.
final class ReplayFeed: Feed {
  let targets: [ByteText]
  let intervalMs = StreamProtocol.defaultIntervalMs
  private(set) var replayClock: ReplayClock
  /// Lines that were no frames, and why the file ended early: the newest hundred.
  private(set) var problems: [String] = []
  /// Of all, those too that are not kept.
  private(set) var problemCount = 0
  /// Of these, what could not be read in its middle.
  private(set) var damages = 0
  private(set) var isAtEnd = false
  /// The time of the first frame.
  private(set) var beginsAt: Int64 = 0

  /// The moment it is read up to, which it plays from then on: no time passes in it while it is read, however long that takes.
  private(set) var sought: Int64?
  /// How fast it was played in the last seconds.
  private var pace = ReplayPace()
  /// It is over before the moment it was to start at.
  private(set) var fellShort: ReplayError?

  /// How many frames are taken at once at most, so that a key is still seen in time at a hundred times the pace.
  private static let mostAtOnce = 5_000

  let path: String
  private var reader: RecordingReader
  private var next: RecordedFrame?
  private var connections: RecordedConnections
  /// Of the newest frame read, in the recording's time.
  private var newestAt: Int64
  /// Milliseconds after the beginning.
  private let from: Int64
  /// Milliseconds, on a clock that does not jump.
  private let now: () -> Int64

  /// - Throws: `RecordingError` when the file cannot be opened or is no recording.
  ///
  /// - Parameters:
  ///   - from: how long after its beginning to start, in milliseconds: it is read to there by what takes from it.
  ///   - now: what time it is, in milliseconds on a clock that does not jump.
  init(
    path: String, speed: Double, from: Int64 = 0, now: @escaping () -> Int64 = Monotonic.milliseconds
  ) throws {
    self.path = path
    self.from = from
    self.now = now
    reader = try RecordingReader(path: path)
    newestAt = reader.header.startedAt
    targets = reader.header.targets.isEmpty ? [ByteText(path)] : reader.header.targets
    connections = RecordedConnections(targets)
    replayClock = ReplayClock(startingAt: reader.header.startedAt, now: now(), speed: speed)
    advance()
    // The time between the header and the first frame is of no interest.
    if let next {
      replayClock = ReplayClock(startingAt: next.at, now: now(), speed: speed)
    }
    beginsAt = next?.at ?? newestAt
    if from > 0 { seek(to: beginsAt.saturatingAdd(from * 1_000)) }
  }

  /// Stands still at the end: gateways have not gone silent because there is no more of the recording. Never ahead
  /// of what has not been taken yet, for the same reason.
  var clock: Int64? {
    let recorded = recorded
    if isAtEnd { return min(recorded, newestAt) }
    return next.map { min(recorded, $0.at) } ?? recorded
  }

  /// How far it is to be taken by now.
  private var recorded: Int64 { sought ?? replayClock.recorded(at: now()) }

  /// How fast it is played where that is less than was asked for, as there is more to read than this machine can; nil where it keeps up.
  var heldBackTo: Double? {
    guard sought == nil, !replayClock.isPaused, isBehind, let speed = pace.speed else { return nil }
    return speed < replayClock.speed ? speed : nil
  }

  private var isBehind: Bool {
    guard let next else { return false }
    return Double(recorded.saturatingSubtract(next.at)) / 1_000 > Self.leastBehindMs * replayClock.speed
  }

  /// Behind by less than this it keeps up.
  private static let leastBehindMs = 1_000.0

  func start() {}

  func take() -> [FeedMessage] {
    var messages: [FeedMessage] = []
    take(until: .max) { messages.append($0) }
    return messages
  }

  func take(until deadline: Int64, _ body: (FeedMessage) -> Void) {
    let due = recorded
    var taken = 0
    while let frame = next, frame.at <= due, taken < Self.mostAtOnce {
      connections.messages(for: frame).forEach(body)
      advance()
      taken += 1
      if taken % 64 == 0, now() >= deadline { break }
    }
    if sought == nil, !replayClock.isPaused, let clock { pace.note(clock, at: now()) }
    endSeek()
  }

  /// It was read to the moment that was sought, or there is no more of it.
  private func endSeek() {
    guard let sought else { return }
    if let next, next.at <= sought { return }
    self.sought = nil
    replayClock.go(to: sought, now: now())
    if next == nil, newestAt < beginsAt.saturatingAdd(from * 1_000) {
      fellShort = ReplayError(
        path: path, from: from, length: (newestAt - beginsAt) / 1_000, leftOut: problemCount)
    }
  }

  func wait() -> Int64? {
    guard let next else { return nil }
    // Also while paused: a step is taken in several pieces when it is long.
    return next.at <= recorded ? 0 : replayClock.wait(until: next.at, now: now())
  }

  /// A recording holds what was asked for when it was made.
  func narrow(to filter: EventFilter) -> Bool { false }

  func stop() {}

  func setPaused(_ paused: Bool) {
    pace.forget()
    replayClock.setPaused(paused, now: now())
  }

  /// From what was played on: what it could not keep up with is not made good at another speed.
  func setSpeed(_ speed: Double) {
    pace.forget()
    if sought == nil, isBehind, let clock { replayClock.go(to: clock, now: now()) }
    replayClock.setSpeed(speed, now: now())
  }

  /// Goes on to a moment at once, also while paused; nothing when it is past.
  func seek(to moment: Int64) {
    // Its clock may be ahead of what was read, and even of its end.
    sought = max(moment, clock ?? moment)
    pace.forget()
    endSeek()
  }

  /// Reads the file from its beginning; whoever calls it forgets what came before.
  ///
  /// - Throws: `RecordingError` when the file is not there any more.
  func startAgain() throws {
    reader = try RecordingReader(path: path)
    connections = RecordedConnections(targets)
    // What is met again was told before.
    problems = []
    problemCount = 0
    damages = 0
    isAtEnd = false
    newestAt = beginsAt
    advance()
    sought = nil
    replayClock.go(to: beginsAt, now: now())
  }

  private func note(_ problem: String) {
    problemCount += 1
    problems.append(problem)
    if problems.count > 100 { problems.removeFirst() }
  }

  /// Skips lines that are no frames, and tells of them.
  private func advance() {
    while true {
      do {
        next = try reader.next()
        if let next {
          newestAt = max(newestAt, next.at)
        } else {
          isAtEnd = true
          reader.warnings.forEach(note)
        }
        return
      } catch {
        damages += 1
        note("\(error)")
      }
    }
  }
}
