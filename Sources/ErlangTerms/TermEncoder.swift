import OutsideText

/// Writes terms in the External Term Format.
public struct TermEncoder: Sendable {
  public init() {}

  /// The bytes of `term`, the version byte 131 first.
  public func encode(_ term: Term) -> [UInt8] {
    var writer = TermWriter()
    writer.bytes.append(TermTag.version)
    writer.write(term)
    return writer.bytes
  }
}

/// Appends terms to bytes.
package struct TermWriter {
  package var bytes: [UInt8] = []

  package init() {}

  package mutating func write(_ term: Term) {
    switch term {
    case .integer(let value): write(integer: value)
    case .bigInteger(let value): write(magnitude: value.magnitude, isNegative: value.isNegative)
    case .float(let value):
      bytes.append(TermTag.newFloat)
      append(value.bitPattern)
    case .atom(let name): write(atom: name)
    case .tuple(let elements):
      if elements.count < 256 {
        bytes.append(TermTag.smallTuple)
        bytes.append(UInt8(elements.count))
      } else {
        bytes.append(TermTag.largeTuple)
        append(UInt32(elements.count))
      }
      for element in elements { write(element) }
    case .list(let elements):
      if !elements.isEmpty { write(listHead: elements) }
      bytes.append(TermTag.nilList)
    case .improperList(let elements, let tail):
      write(listHead: elements)
      write(tail)
    case .binary(let data):
      bytes.append(TermTag.binary)
      append(UInt32(data.count))
      bytes += data
    case .bitString(let data, let bits):
      bytes.append(TermTag.bitBinary)
      append(UInt32(data.count))
      bytes.append(bits)
      bytes += data
    case .map(let map):
      bytes.append(TermTag.map)
      append(UInt32(map.pairs.count))
      for pair in map.pairs {
        write(pair.key)
        write(pair.value)
      }
    case .pid(let pid):
      bytes.append(TermTag.newPid)
      write(atom: pid.node)
      append(pid.id)
      append(pid.serial)
      append(pid.creation)
    case .port(let port):
      bytes.append(TermTag.v4Port)
      write(atom: port.node)
      append(port.id)
      append(port.creation)
    case .reference(let reference):
      bytes.append(TermTag.newerReference)
      append(UInt16(reference.ids.count))
      write(atom: reference.node)
      append(reference.creation)
      for id in reference.ids { append(id) }
    case .export(let module, let function, let arity):
      bytes.append(TermTag.export)
      write(atom: module)
      write(atom: function)
      bytes.append(TermTag.smallInteger)
      bytes.append(arity)
    case .opaqueFun(let raw): bytes += raw
    }
  }

  private mutating func write(listHead elements: [Term]) {
    bytes.append(TermTag.list)
    append(UInt32(elements.count))
    for element in elements { write(element) }
  }

  private mutating func write(integer value: Int64) {
    if (0...255).contains(value) {
      bytes.append(TermTag.smallInteger)
      bytes.append(UInt8(value))
    } else if let small = Int32(exactly: value) {
      bytes.append(TermTag.integer)
      append(UInt32(bitPattern: small))
    } else {
      var magnitude: [UInt8] = []
      var rest = value.magnitude
      while rest > 0 {
        magnitude.append(UInt8(truncatingIfNeeded: rest))
        rest >>= 8
      }
      write(magnitude: magnitude, isNegative: value < 0)
    }
  }

  private mutating func write(magnitude: [UInt8], isNegative: Bool) {
    if magnitude.count < 256 {
      bytes += [TermTag.smallBig, UInt8(magnitude.count)]
    } else {
      bytes.append(TermTag.largeBig)
      append(UInt32(magnitude.count))
    }
    bytes.append(isNegative ? 1 : 0)
    bytes += magnitude
  }

  /// Names longer than 255 characters are no atoms; they are cut.
  private mutating func write(atom name: ByteText) {
    var name = name
    // A name of so few bytes has no more characters.
    if name.utf8.count > 255 {
      name = ByteText(String(String.UnicodeScalarView(name.string.unicodeScalars.prefix(255))))
    }
    let count = name.utf8.count
    if count < 256 {
      bytes.append(TermTag.smallAtomUTF8)
      bytes.append(UInt8(count))
    } else {
      bytes.append(TermTag.atomUTF8)
      append(UInt16(count))
    }
    bytes.append(contentsOf: name.utf8)
  }

  private mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }
}
