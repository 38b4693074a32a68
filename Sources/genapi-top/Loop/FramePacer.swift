/// When to draw: at once after a key, else at most ten times a second, and never without a change.
struct FramePacer {
  /// Milliseconds between two drawings that no key asked for.
  static let interval: Int64 = 100

  private var lastDrawn: Int64 = .min / 2
  private var isChanged = true
  private var isUrgent = true

  /// Something on the screen may be different now.
  mutating func noteChange() { isChanged = true }

  /// A key was pressed, or the size changed: the user waits.
  mutating func noteInput() {
    isChanged = true
    isUrgent = true
  }

  /// Milliseconds to wait at most before asking again; nil when nothing is to be drawn.
  func wait(at now: Int64) -> Int64? {
    guard isChanged else { return nil }
    return isUrgent ? 0 : max(0, lastDrawn + Self.interval - now)
  }

  func isDue(at now: Int64) -> Bool { wait(at: now) == 0 }

  mutating func drew(at now: Int64) {
    lastDrawn = now
    isChanged = false
    isUrgent = false
  }
}
