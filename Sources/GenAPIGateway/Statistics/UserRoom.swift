import Locking

/// For how many functions users are counted at one time, so that they take a bounded amount of memory.
///
/// With the default of 32 users for each measure at most some 30 MB, if every user's name had 256 bytes; with names such as
/// `u_1234` a fifth of that, and functions that few users call take what these need.
final class UserRoom: Sendable {
  static let functions = 500

  /// Users that are counted of a function, for each measure.
  let users: Int
  private let taken = Atomic(0)

  init(users: Int) { self.users = users }

  /// nil when there is no room.
  func take(at wall: Int64) -> UserSketch? {
    guard taken.add(1, ordering: .relaxed).newValue <= Self.functions else {
      taken.subtract(1, ordering: .relaxed)
      return nil
    }
    return UserSketch(capacity: users, at: wall)
  }

  func giveBack() { taken.subtract(1, ordering: .relaxed) }
}
