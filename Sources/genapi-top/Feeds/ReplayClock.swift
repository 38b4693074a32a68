import OutsideText

/// What time it is in a recording: runs with the time that passes, faster or slower, and stands still while paused.
///
/// Real times are milliseconds on a clock that does not jump; times in the recording are microseconds since the
/// Unix epoch.
struct ReplayClock {
  static let speeds = 0.1...100.0

  private(set) var speed: Double
  private(set) var isPaused = false
  private var anchorReal: Int64
  private var anchorRecorded: Int64

  init(startingAt recorded: Int64, now: Int64, speed: Double = 1) {
    anchorReal = now
    anchorRecorded = recorded
    self.speed = min(max(speed, Self.speeds.lowerBound), Self.speeds.upperBound)
  }

  func recorded(at now: Int64) -> Int64 {
    guard !isPaused else { return anchorRecorded }
    return anchorRecorded.saturatingAdd(Int64(Double(now - anchorReal) * 1_000 * speed))
  }

  /// Milliseconds until the recording reaches a time; nil when it never does, being paused.
  func wait(until recorded: Int64, now: Int64) -> Int64? {
    guard !isPaused else { return nil }
    let left = Double(recorded - self.recorded(at: now)) / 1_000 / speed
    return max(0, Int64(left.rounded(.up)))
  }

  mutating func setPaused(_ paused: Bool, now: Int64) {
    anchor(at: now)
    isPaused = paused
  }

  /// Kept within the bounds.
  mutating func setSpeed(_ speed: Double, now: Int64) {
    anchor(at: now)
    self.speed = min(max(speed, Self.speeds.lowerBound), Self.speeds.upperBound)
  }

  /// Goes to another time at once; speed and pause stay.
  mutating func go(to recorded: Int64, now: Int64) {
    anchorRecorded = recorded
    anchorReal = now
  }

  private mutating func anchor(at now: Int64) {
    anchorRecorded = recorded(at: now)
    anchorReal = now
  }
}
