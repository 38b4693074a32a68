/// A value with its hash, which is made once for its shard and its place there.
struct HashedKey {
  let value: String
  /// The half that says which bucket of a table.
  let hash: UInt32
  /// The half that says which shard.
  let shard: UInt32

  /// - Parameter value: already bounded.
  init(_ value: String) {
    var hasher = Hasher()
    hasher.combine(value)
    let bits = UInt64(UInt(bitPattern: hasher.finalize()))
    self.value = value
    hash = UInt32(truncatingIfNeeded: bits)
    shard = UInt32(truncatingIfNeeded: bits >> 32)
  }
}
