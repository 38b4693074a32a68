import Synchronization

/// Something that is made when a benchmark first wants it: no run measures its making, and all go on with the same.
final class Made<Thing: Sendable>: Sendable {
  private let make: @Sendable () throws -> Thing
  private let thing = Mutex<Thing?>(nil)

  init(_ make: @escaping @Sendable () throws -> Thing) { self.make = make }

  func get() throws -> Thing {
    try thing.withLock { thing in
      if let thing { return thing }
      let made = try make()
      thing = made
      return made
    }
  }
}
