import OutsideText

/// The cursor that `TermDecoder` moves over its input.
package struct TermReader {
  package let bytes: [UInt8]
  let limits: TermDecoder
  package var position = 0
  /// What may still be read, in terms and in bytes of memory.
  private var termsLeft: Int
  private var memoryLeft: Int
  /// Terms that the containers around this place still wait for. Each takes a byte at least, so that lengths within
  /// lengths together never claim more than the input has.
  private var promised = 0
  /// Counts the maps whose keys are being read, one within the other.
  private var keyDepth = 0

  package init(bytes: [UInt8], limits: TermDecoder) {
    self.bytes = bytes
    self.limits = limits
    termsLeft = limits.maxTerms
    memoryLeft = limits.maxMemoryBytes
  }

  private var maxDepth: Int { limits.maxDepth }

  var remaining: Int { bytes.count - position }
  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  func error(_ reason: TermError.Reason, back: Int = 0) -> TermError {
    TermError(reason: reason, offset: position - back)
  }

  package mutating func byte() throws(TermError) -> UInt8 {
    guard position < bytes.count else { throw error(.truncated) }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func uint16() throws(TermError) -> UInt16 { UInt16(try unsigned(2)) }
  mutating func uint32() throws(TermError) -> UInt32 { UInt32(try unsigned(4)) }
  mutating func uint64() throws(TermError) -> UInt64 { try unsigned(8) }

  private mutating func unsigned(_ count: Int) throws(TermError) -> UInt64 {
    guard remaining >= count else { throw error(.truncated) }
    var value: UInt64 = 0
    for _ in 0..<count {
      value = value << 8 | UInt64(bytes[position])
      position += 1
    }
    return value
  }

  mutating func take(_ count: Int) throws(TermError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else { throw error(.truncated) }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// Takes a length that so many terms must follow, with their place in memory.
  private mutating func promise(_ count: Int) throws(TermError) {
    guard count <= remaining - promised else { throw error(.truncated) }
    promised += count
    // The array itself is a box too.
    try charge(count * MemoryLayout<Term>.stride + Self.boxBytes)
  }

  /// What an object on the heap takes beside its contents, about.
  private static let boxBytes = 32

  private mutating func charge(_ bytes: Int) throws(TermError) {
    memoryLeft -= bytes
    guard memoryLeft >= 0 else { throw error(.tooMuchMemory(limit: limits.maxMemoryBytes)) }
  }

  package mutating func term(depth: Int) throws(TermError) -> Term {
    termsLeft -= 1
    guard termsLeft >= 0 else { throw error(.tooManyTerms(limit: limits.maxTerms)) }
    let tag = try byte()
    switch tag {
    case TermTag.smallInteger: return .integer(Int64(try byte()))
    case TermTag.integer: return .integer(Int64(Int32(bitPattern: try uint32())))
    case TermTag.newFloat: return .float(try finite(Double(bitPattern: try uint64())))
    case TermTag.oldFloat: return .float(try oldFloat())
    case TermTag.smallAtomUTF8: return .atom(try atomText(Int(try byte()), latin1: false))
    case TermTag.atomUTF8: return .atom(try atomText(Int(try uint16()), latin1: false))
    case TermTag.smallAtomLatin1: return .atom(try atomText(Int(try byte()), latin1: true))
    case TermTag.atomLatin1: return .atom(try atomText(Int(try uint16()), latin1: true))
    case TermTag.smallTuple: return .tuple(try terms(Int(try byte()), depth))
    case TermTag.largeTuple: return .tuple(try terms(Int(try uint32()), depth))
    case TermTag.nilList: return .list([])
    case TermTag.string:
      try nest(depth)
      return .list(try string())
    case TermTag.list: return try list(depth)
    case TermTag.binary: return .binary(try copy(Int(try uint32())))
    case TermTag.bitBinary: return try bitString()
    case TermTag.smallBig: return try big(Int(try byte()))
    case TermTag.largeBig: return try big(Int(try uint32()))
    case TermTag.map: return try map(depth)
    case TermTag.newPid, TermTag.oldPid:
      try charge(2 * Self.boxBytes)
      return .pid(try pid(isNew: tag == TermTag.newPid))
    case TermTag.v4Port, TermTag.newPort, TermTag.oldPort:
      try charge(2 * Self.boxBytes)
      return .port(try port(tag))
    case TermTag.newerReference, TermTag.newReference, TermTag.oldReference:
      try charge(4 * Self.boxBytes)
      return .reference(try reference(tag))
    case TermTag.export: return try export()
    case TermTag.newFun: return try opaqueFun(depth)
    default: throw error(.unknownTag(tag), back: 1)
    }
  }

  /// What holds other terms may do so here; what holds none may stand at any depth.
  private func nest(_ depth: Int) throws(TermError) {
    guard depth <= maxDepth else { throw error(.tooDeep(limit: maxDepth), back: 1) }
  }

  private mutating func copy(_ count: Int) throws(TermError) -> [UInt8] {
    let part = try take(count)
    try charge(count + Self.boxBytes)
    return Array(part)
  }

  /// A list of small integers, in its short form.
  private mutating func string() throws(TermError) -> [Term] {
    let part = try take(Int(try uint16()))
    termsLeft -= part.count
    guard termsLeft >= 0 else { throw error(.tooManyTerms(limit: limits.maxTerms)) }
    try charge(part.count * MemoryLayout<Term>.stride + Self.boxBytes)
    return part.map { .integer(Int64($0)) }
  }

  private mutating func terms(_ count: Int, _ depth: Int) throws(TermError) -> [Term] {
    try nest(depth)
    try promise(count)
    var result: [Term] = []
    result.reserveCapacity(count)
    for _ in 0..<count {
      promised -= 1
      result.append(try term(depth: depth + 1))
    }
    return result
  }

  /// A list whose tail is a list is one list, however it was cut in pieces.
  private mutating func list(_ depth: Int) throws(TermError) -> Term {
    var elements = try terms(Int(try uint32()), depth)
    while let tag = peek {
      switch tag {
      case TermTag.nilList:
        position += 1
        return .list(elements)
      case TermTag.list:
        position += 1
        elements += try terms(Int(try uint32()), depth)
      case TermTag.string:
        position += 1
        return .list(elements + (try string()))
      default:
        let tail = try term(depth: depth + 1)
        return elements.isEmpty ? tail : .improperList(elements, tail: tail)
      }
    }
    throw error(.truncated)
  }

  private mutating func map(_ depth: Int) throws(TermError) -> Term {
    try nest(depth)
    let count = Int(try uint32())
    // A key, a value, and what finds equal keys while the map is made.
    try promise(2 * count)
    try charge(2 * count * MemoryLayout<Term>.stride)
    var pairs: [(key: Term, value: Term)] = []
    pairs.reserveCapacity(count)
    for _ in 0..<count {
      keyDepth += 1
      promised -= 1
      let key = try term(depth: depth + 1)
      keyDepth -= 1
      promised -= 1
      pairs.append((key, try term(depth: depth + 1)))
    }
    return .map(TermMap(pairs, isKey: keyDepth > 0))
  }

  private func finite(_ value: Double) throws(TermError) -> Double {
    guard value.isFinite else { throw error(.invalid("a float must be finite"), back: 8) }
    return value
  }

  private mutating func oldFloat() throws(TermError) -> Double {
    let text = String(decoding: try take(31).prefix { $0 != 0 }, as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw error(.invalid("\(text.debugDescription) is no float"), back: 31)
    }
    return value
  }

  private mutating func atomText(_ count: Int, latin1: Bool) throws(TermError) -> ByteText {
    let bytes = try take(count)
    // Text of up to 15 bytes lies within the term; Latin-1 may double.
    if count > 15 { try charge((latin1 ? 2 : 1) * count + Self.boxBytes) }
    if latin1, count > 255 { throw error(.invalid("an atom has more than 255 characters"), back: count) }
    if latin1 { return "\(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))" }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw error(.invalid("an atom is not UTF-8"), back: count)
    }
    guard text.unicodeScalars.count <= 255 else {
      throw error(.invalid("an atom has more than 255 characters"), back: count)
    }
    return ByteText(text)
  }

  private mutating func atom() throws(TermError) -> ByteText {
    let start = position
    guard case .atom(let name) = try term(depth: maxDepth + 1) else {
      throw TermError(reason: .invalid("an atom is expected"), offset: start)
    }
    return name
  }

  private mutating func bitString() throws(TermError) -> Term {
    let count = Int(try uint32())
    let bits = try byte()
    let data = try copy(count)
    guard (1...8).contains(bits), !data.isEmpty || bits == 8 else {
      throw error(.invalid("the last byte of a bit string has 1 to 8 bits, not \(bits)"))
    }
    return bits == 8 ? .binary(data) : .bitString(data, bits: bits)
  }

  private mutating func big(_ count: Int) throws(TermError) -> Term {
    let sign = try byte()
    guard sign <= 1 else { throw error(.invalid("the sign of an integer is 0 or 1, not \(sign)"), back: 1) }
    let value = BigInteger(isNegative: sign == 1, magnitude: try copy(count))
    return value.int64.map(Term.integer) ?? .bigInteger(value)
  }

  private mutating func pid(isNew: Bool) throws(TermError) -> Pid {
    let node = try atom()
    let id = try uint32()
    let serial = try uint32()
    return Pid(node: node, id: id, serial: serial, creation: isNew ? try uint32() : UInt32(try byte()))
  }

  private mutating func port(_ tag: UInt8) throws(TermError) -> Port {
    let node = try atom()
    let id = tag == TermTag.v4Port ? try uint64() : UInt64(try uint32())
    return Port(node: node, id: id, creation: tag == TermTag.oldPort ? UInt32(try byte()) : try uint32())
  }

  private mutating func reference(_ tag: UInt8) throws(TermError) -> Reference {
    let count = tag == TermTag.oldReference ? 1 : Int(try uint16())
    guard (1...5).contains(count) else {
      throw error(.invalid("a reference has 1 to 5 words, not \(count)"), back: 2)
    }
    let node = try atom()
    if tag == TermTag.oldReference {
      let id = try uint32()
      return Reference(node: node, creation: UInt32(try byte()), ids: [id])
    }
    let creation = tag == TermTag.newerReference ? try uint32() : UInt32(try byte())
    var ids: [UInt32] = []
    for _ in 0..<count { ids.append(try uint32()) }
    return Reference(node: node, creation: creation, ids: ids)
  }

  private mutating func export() throws(TermError) -> Term {
    try charge(2 * Self.boxBytes)
    let module = try atom()
    let function = try atom()
    guard try byte() == TermTag.smallInteger else { throw error(.invalid("an arity is expected"), back: 1) }
    return .export(module: module, function: function, arity: try byte())
  }

  /// A fun says its own size, so it is skipped without being understood.
  private mutating func opaqueFun(_ depth: Int) throws(TermError) -> Term {
    let start = position - 1
    let size = Int(try uint32())
    guard size >= 4 else { throw error(.invalid("a fun has at least 4 bytes"), back: 4) }
    _ = try take(size - 4)
    try charge(size + Self.boxBytes)
    return .opaqueFun(Array(bytes[start..<position]))
  }
}
