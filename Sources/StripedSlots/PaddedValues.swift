/// A fixed number of values that never move, each on cache lines of its own: threads that use different ones do not
/// slow each other, and reaching one counts no references.
///
/// `@unchecked Sendable`: the memory is allocated with the places and freed with them, every place holds a value from
/// `init` to `deinit`, and a value is `Sendable` and only ever borrowed.
public struct PaddedValues<Value: ~Copyable & Sendable>: ~Copyable, @unchecked Sendable {
  /// Two cache lines, because processors fetch them in pairs.
  static var line: Int { 128 }

  public let count: Int
  @usableFromInline let stride: Int
  @usableFromInline let memory: UnsafeMutableRawPointer

  public init(_ count: Int, _ make: (Int) -> Value) {
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
  func pointer(_ index: Int) -> UnsafeMutablePointer<Value> {
    (memory + index * stride).assumingMemoryBound(to: Value.self)
  }

  /// - Parameter index: 0 … count - 1.
  @inlinable
  public subscript(index: Int) -> Value {
    // Not a coroutine, whose call costs as much as half a lock.
    @inline(__always)
    unsafeAddress {
      precondition(index >= 0 && index < count)
      return UnsafePointer(pointer(index))
    }
  }
}
