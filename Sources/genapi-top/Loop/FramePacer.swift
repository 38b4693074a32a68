/// When to draw: at once after a key, else at most ten times a second and a twentieth of the time, and never without a change.
struct FramePacer {
  /// Milliseconds between two drawings that no key asked for: this, or twenty times what the last one took where that is more, as of a
  /// hundred gateways something new comes all the time. The clock is drawn each second all the same.
  static let interval: Int64 = 100
  static let longestInterval: Int64 = 1_000

  private var rest = Self.interval
  private var lastDrawn: Int64 = .min / 2
  private var isChanged = true
  /// The user waits.
  private(set) var isUrgent = true

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
    return isUrgent ? 0 : max(0, lastDrawn + rest - now)
  }

  func isDue(at now: Int64) -> Bool { wait(at: now) == 0 }

  /// - Parameter took: how long the drawing took, in milliseconds.
  mutating func drew(at now: Int64, took: Int64) {
    lastDrawn = now
    rest = max(Self.interval, 20 * min(took, Self.longestInterval / 20))
    isChanged = false
    isUrgent = false
  }

  /// A key's effect was drawn, beside what was known at the drawing before: what came since has its own time.
  mutating func drewInput() { isUrgent = false }
}
