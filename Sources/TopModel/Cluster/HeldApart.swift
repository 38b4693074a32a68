/// Holds a large value beside its owner, so that a copy of the owner counts one reference, not each of the value's. It is a value all the
/// same: what is changed while a copy exists is copied first.
@propertyWrapper
struct HeldApart<Value: Sendable>: Sendable {
  /// Unchecked, since it is changed only by the one that holds it, see `wrappedValue`; what several hold is only read.
  private final class Box: @unchecked Sendable {
    var value: Value

    init(_ value: Value) { self.value = value }
  }

  private var box: Box

  init(wrappedValue: Value) { box = Box(wrappedValue) }

  var wrappedValue: Value {
    _read { yield box.value }
    _modify {
      if !isKnownUniquelyReferenced(&box) { box = Box(box.value) }
      yield &box.value
    }
  }
}

extension HeldApart: Equatable where Value: Equatable {
  static func == (one: Self, other: Self) -> Bool {
    one.box === other.box || one.box.value == other.box.value
  }
}
