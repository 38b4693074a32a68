#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A text that is what its bytes are: equal, ordered and hashed by its UTF-8 bytes.
///
/// `String` compares by canonical equivalence: `é` in one scalar and in two are equal, K and the Kelvin sign are equal, and
/// hashing a long run of combining marks takes time that grows with its square. A name that a stranger may choose must not do
/// any of that, so whatever is compared, looked up or a key is a `ByteText`: services, users, groups, topics, request ids, the
/// keys of objects.
///
/// Hashing takes time linear in the bytes, with the process's random key. Two texts with the same bytes are the same text.
public struct ByteText: Sendable {
  /// The text as Swift's own type, for everything that does not compare it.
  public let string: String

  /// Makes a text of the same bytes.
  @inlinable
  public init(_ string: String) {
    var string = string
    // Native strings are, and it costs a branch; a bridged one is copied once.
    string.makeContiguousUTF8()
    self.string = string
  }

  @inlinable
  public init(_ text: Substring) { self.init(String(text)) }

  /// Makes a text of bytes; nil when they are not UTF-8.
  @inlinable
  public init?(validating bytes: some Sequence<UInt8>) {
    guard let string = String(validating: bytes, as: UTF8.self) else { return nil }
    self.string = string
  }

  /// Makes a text of bytes; what is not UTF-8 becomes U+FFFD.
  @inlinable
  public init(decoding bytes: some Collection<UInt8>) { string = String(decoding: bytes, as: UTF8.self) }

  @inlinable public var utf8: String.UTF8View { string.utf8 }

  /// How many bytes the text has.
  @inlinable public var byteCount: Int { string.utf8.count }

  @inlinable public var isEmpty: Bool { string.utf8.isEmpty }

  /// Calls `body` with the bytes.
  @inlinable
  @inline(__always)
  public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    Self.withBytes(of: string, body)
  }

  /// A text's string is native and so in one piece, as `init` sees to. A way for others, were it here, would make each caller
  /// retain its text, which costs more than comparing or hashing a short one.
  @inlinable
  @inline(__always)
  static func withBytes<Result>(of string: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    guard let result = string.utf8.withContiguousStorageIfAvailable(body) else {
      preconditionFailure("a ByteText is in one piece")
    }
    return result
  }
}

extension ByteText: Hashable, Comparable {
  @inlinable
  @inline(__always)
  public static func == (a: ByteText, b: ByteText) -> Bool {
    // Of up to 15 bytes the two words of a string are its text, and those of longer ones say where it lies. Most texts that
    // differ, such as the keys of an object, differ in length, which is known without their bytes.
    a.string._isIdentical(to: b.string) || (a.byteCount == b.byteCount && haveSameBytes(a.string, b.string))
  }

  // These are calls, not inlined, for the same reason. What they say of their effects, that they release nothing, lets a
  // caller compare and hash a text where it lies, as it may with String's own.

  /// Whether two texts of one length are the same.
  @usableFromInline
  @inline(never)
  @_effects(readonly)
  static func haveSameBytes(_ a: String, _ b: String) -> Bool {
    withBytes(of: a) { a in
      withBytes(of: b) { b in
        guard let first = a.baseAddress, let second = b.baseAddress else { return true }
        return memcmp(first, second, a.count) == 0
      }
    }
  }

  @usableFromInline
  @inline(never)
  @_effects(releasenone)
  static func combine(_ text: String, into hasher: inout Hasher) {
    withBytes(of: text) { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    // No UTF-8 text has this byte, so texts that are hashed one after the other do not run together.
    hasher.combine(0xFF as UInt8)
  }

  /// Whether `a` comes first byte by byte, which is the order of Unicode scalars.
  @inlinable
  public static func < (a: ByteText, b: ByteText) -> Bool {
    a.withBytes { a in
      b.withBytes { b in
        guard let first = a.baseAddress, let second = b.baseAddress else { return a.count < b.count }
        let order = memcmp(first, second, min(a.count, b.count))
        return order == 0 ? a.count < b.count : order < 0
      }
    }
  }

  @inlinable
  public func hash(into hasher: inout Hasher) { Self.combine(string, into: &hasher) }

  /// What sets and dictionaries ask for, instead of what `hash(into:)` makes of a `Hasher` of their own.
  @inlinable
  public func _rawHashValue(seed: Int) -> Int { Self.hash(string, seed) }

  @usableFromInline
  @inline(never)
  @_effects(releasenone)
  static func hash(_ text: String, _ seed: Int) -> Int {
    withBytes(of: text) { SipHash.process.hash(UnsafeRawBufferPointer($0), seed: seed) }
  }
}

extension ByteText: ExpressibleByStringInterpolation {
  @inlinable
  public init(stringLiteral value: String) { self.init(value) }

  @inlinable
  public init(stringInterpolation: DefaultStringInterpolation) {
    self.init(String(stringInterpolation: stringInterpolation))
  }
}

extension ByteText: CustomStringConvertible, LosslessStringConvertible, TextOutputStreamable {
  @inlinable public var description: String { string }

  public func write(to target: inout some TextOutputStream) { target.write(string) }
}

extension ByteText: CustomDebugStringConvertible {
  public var debugDescription: String { string.debugDescription }
}

extension ByteText: Codable, CodingKeyRepresentable {
  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(string)
  }

  public var codingKey: any CodingKey { ByteTextKey(stringValue: string) }

  public init?(codingKey: some CodingKey) { self.init(codingKey.stringValue) }
}
