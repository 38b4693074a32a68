/// Reads terms from bytes that nobody vouches for.
///
/// Never traps, never nests deeper than `maxDepth`, and allocates no more than the input justifies: all lengths that
/// are claimed at a place are checked against the bytes that are left before anything is reserved. Atoms are strings,
/// so no input can fill an atom table.
public struct TermDecoder: Sendable {
  /// How deep tuples, lists and maps may nest.
  public var maxDepth = 512
  /// How large a compressed term may become, in bytes.
  public var maxUncompressedBytes = 64 << 20
  /// How many terms one term may hold, itself included: a byte of input can be one.
  public var maxTerms = 4_000_000
  /// How many bytes of memory one term may take, about.
  public var maxMemoryBytes = 256 << 20

  public init() {}

  /// Decodes one whole term that starts with the version byte 131; nothing may follow it.
  ///
  /// - Throws: `TermError`
  public func decode(_ bytes: [UInt8]) throws(TermError) -> Term {
    var reader = TermReader(bytes: bytes, limits: self)
    let term = try decodeVersioned(&reader)
    guard reader.remaining == 0 else {
      throw reader.error(.trailingBytes(reader.remaining))
    }
    return term
  }

  /// Decodes the term at a place in the bytes, and moves the place behind it.
  package func decode(_ bytes: [UInt8], at position: inout Int) throws(TermError) -> Term {
    var reader = TermReader(bytes: bytes, limits: self)
    reader.position = position
    let term = try decodeVersioned(&reader)
    position = reader.position
    return term
  }

  private func decodeVersioned(_ reader: inout TermReader) throws(TermError) -> Term {
    let version = try reader.byte()
    guard version == TermTag.version else { throw reader.error(.badVersion(version), back: 1) }
    guard reader.peek == TermTag.compressed else { return try reader.term(depth: 0) }
    _ = try reader.byte()
    let size = Int(try reader.uint32())
    guard size <= maxUncompressedBytes else {
      throw reader.error(.tooLarge(limit: maxUncompressedBytes), back: 4)
    }
    let start = reader.position
    var inflater = Inflater(input: reader.bytes, from: start, limit: size)
    do {
      let plain = try inflater.zlib()
      guard plain.count == size else { throw InflateError.wrongSize }
      reader.position = inflater.position
      var inner = TermReader(bytes: plain, limits: self)
      let term = try inner.term(depth: 0)
      guard inner.remaining == 0 else { throw InflateError.wrongSize }
      return term
    } catch let error as TermError {
      throw error
    } catch {
      throw TermError(reason: .invalid("the compressed term is damaged: \(error)"), offset: start)
    }
  }
}
