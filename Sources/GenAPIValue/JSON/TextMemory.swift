/// Memory that bytes are appended to, with no more to check for each than whether there is room.
///
/// Invariants that the unsafe pointer rests on: `start` was allocated here with `capacity` bytes, the first `count`
/// of them are written, one value owns it (it cannot be copied), no pointer into it outlives the call that gets it,
/// and it is freed with its owner. Whoever writes reserves first and writes no more than that.
@usableFromInline @frozen
package struct TextMemory: ~Copyable {
  @usableFromInline package private(set) var start: UnsafeMutableRawPointer
  @usableFromInline package private(set) var capacity: Int
  @usableFromInline package var count = 0

  @usableFromInline
  package init(capacity: Int) {
    self.capacity = max(capacity, 16)
    start = .allocate(byteCount: self.capacity, alignment: 8)
  }

  @inlinable deinit { start.deallocate() }

  /// Where the next byte goes.
  @inlinable package var next: UnsafeMutableRawPointer {
    @inline(__always) get { start + count }
  }

  /// Makes room for so many bytes more.
  @inlinable @inline(__always)
  package mutating func reserve(_ bytes: Int) {
    if capacity - count < bytes { grow(bytes) }
  }

  @usableFromInline
  @inline(never)
  mutating func grow(_ bytes: Int) {
    let larger = max(capacity * 2, count + bytes)
    let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 8)
    moved.copyMemory(from: start, byteCount: count)
    start.deallocate()
    start = moved
    capacity = larger
  }

  /// Writes a byte there is room for.
  @inlinable @inline(__always)
  package mutating func put(_ byte: UInt8) {
    next.storeBytes(of: byte, as: UInt8.self)
    count += 1
  }

  @inlinable @inline(__always)
  package mutating func append(_ byte: UInt8) {
    reserve(1)
    put(byte)
  }

  /// Writes text there is room for.
  @inlinable @inline(__always)
  package mutating func put(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    next.copyMemory(from: text.utf8Start, byteCount: length)
    count += length
  }

  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let from = bytes.baseAddress else { return }
    reserve(bytes.count)
    next.copyMemory(from: from, byteCount: bytes.count)
    count += bytes.count
  }
}
