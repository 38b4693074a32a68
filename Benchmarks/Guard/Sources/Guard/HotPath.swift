import CAllocations

/// Something that happens often, made ready, and done over and over.
struct HotPath: Sendable {
  let name: String
  /// How often it is done for a measurement, and before it.
  var calls = 2_000
  var warmUp = 2_000
  /// One call counts as so many.
  var parts = 1
  /// Makes it ready; what comes back does it once.
  let make: @Sendable () throws -> (Int) throws -> Void

  init(
    _ name: String, calls: Int = 2_000, warmUp: Int = 2_000, parts: Int = 1,
    make: @escaping @Sendable () throws -> (Int) throws -> Void
  ) {
    self.name = name
    self.calls = calls
    self.warmUp = warmUp
    self.parts = parts
    self.make = make
  }

  /// Allocations of one call, after the warm-up.
  func allocations() throws -> Double {
    let body = try make()
    for index in 0..<warmUp { try body(index) }
    let before = allocations_of_this_thread()
    for index in 0..<calls { try body(index) }
    return Double(allocations_of_this_thread() - before) / Double(calls * parts)
  }

  /// Does it `times` as often as a measurement does: for a program that counts from outside.
  func run(times: Int) throws {
    let body = try make()
    for index in 0..<warmUp + times * calls { try body(index) }
  }
}
