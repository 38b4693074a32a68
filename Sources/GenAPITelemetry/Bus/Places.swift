/// A fixed number of values that never move, each on cache lines of its own: threads that use different ones do not
/// slow each other, and reaching one counts no references.
///
/// `@unchecked Sendable`: the memory is allocated with the object and freed with it, every place holds a value from
/// `init` to `deinit`, and a value is `Sendable` and only ever borrowed.
package final class Places<Value: ~Copyable & Sendable>: @unchecked Sendable {
  /// Two cache lines, because processors fetch them in pairs.
  @usableFromInline static var line: Int { 128 }

  package let count: Int
  @usableFromInline let stride: Int
  @usableFromInline let memory: UnsafeMutableRawPointer

  package init(_ count: Int, _ make: (Int) -> Value) {
    self.count = count
    stride = (MemoryLayout<Value>.size + Self.line - 1) / Self.line * Self.line
    memory = .allocate(byteCount: count * stride, alignment: Self.line)
    for index in 0..<count { pointer(index).initialize(to: make(index)) }
  }

  deinit {
    for index in 0..<count { pointer(index).deinitialize(count: 1) }
    memory.deallocate()
  }

  @inlinable
  @inline(__always)
  func pointer(_ index: Int) -> UnsafeMutablePointer<Value> {
    (memory + index * stride).assumingMemoryBound(to: Value.self)
  }

  /// - Parameter index: 0 … count - 1.
  @inlinable
  @inline(__always)
  package subscript(index: Int) -> Value {
    _read {
      precondition(index >= 0 && index < count)
      yield pointer(index).pointee
    }
  }
}
