import GenAPIValue

/// A value with its hash, which is made once for its shard and its place there.
struct HashedKey {
  let value: ByteText
  /// The half that says which bucket of a table.
  let hash: UInt32
  /// The half that says which shard.
  let shard: UInt32

  /// - Parameter value: already bounded.
  init(_ value: ByteText) {
    // Not a `Hasher` of its own: making one and taking its result apart costs as much as the hashing.
    let bits = UInt64(UInt(bitPattern: value.hashValue))
    self.value = value
    hash = UInt32(truncatingIfNeeded: bits)
    shard = UInt32(truncatingIfNeeded: bits >> 32)
  }
}
