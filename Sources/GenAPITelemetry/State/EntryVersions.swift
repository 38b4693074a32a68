/// Since when each entry of a list is as it is: whoever knows an earlier list finds what changed without comparing any entry.
///
/// Every list that differs from the one before has the next number. Where entries come, go or change their places all are new,
/// and the list has another `order`.
package struct EntryVersions: Sendable {
  /// Of lists of the same order all entries stand at the same places.
  package private(set) var order = 0
  /// The number of this list.
  package private(set) var number = 0
  /// By place the number of the first list in which the entry was as it is.
  package private(set) var numbers: [Int] = []

  package init() {}

  /// Begins a list of other entries, or of entries in another order.
  package mutating func restart(count: Int) {
    order += 1
    number += 1
    numbers = Array(repeating: number, count: count)
  }

  /// Begins a list in which some entries changed.
  package mutating func next() { number += 1 }

  /// The entry at a place is not as in the list before.
  package mutating func changed(_ place: Int) { numbers[place] = number }

  /// The places of what is newer than a list.
  package func places(since number: Int) -> [Int] {
    if self.number <= number { return [] }
    return numbers.withUnsafeBufferPointer { numbers in
      numbers.indices.filter { numbers[$0] > number }
    }
  }
}

/// A part that knows not only how it stands, but what of that changed.
package protocol VersionedStateSource: StateSource {
  /// The state now, and since when each of its series is as it is.
  func currentStateWithVersions() -> (state: GatewayState, series: EntryVersions)
}
