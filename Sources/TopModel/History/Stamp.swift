import Locking

/// Tells one version of something from all others there are in the program: what has the same stamp is the same, so that what was made
/// of it need not be made again.
struct Stamp: Hashable, Sendable {
  private static let last = Atomic<Int>(0)

  private let number: Int

  /// Another one than all before.
  init() { number = Self.last.wrappingAdd(1, ordering: .relaxed).newValue }
}
