import Testing

@testable import ErlangNode

@Suite("What one term may take")
struct TermBoundsTests {
  private static func uint32(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }

  @Test("a small compressed term that becomes very many terms is refused, whatever they are")
  func bomb() throws {
    // 64 MiB of empty lists took 1.6 GB. Here the same in small, within a hundredth of the bounds.
    let count = 200_000
    var decoder = TermDecoder()
    decoder.maxTerms /= 100
    decoder.maxMemoryBytes /= 100
    let elements: [[UInt8]] = [
      [106], [104, 0], [97, 1], [119, 0], [109, 0, 0, 0, 0], [116, 0, 0, 0, 0], [107, 0, 1, 1],
    ]
    for element in elements {
      let count = count / element.count
      let term = Deflater.term { deflater in
        deflater.write([108] + Self.uint32(count))
        if element.count == 1 {
          deflater.run(of: element[0], count)
        } else {
          for _ in 0..<count { deflater.write(element) }
        }
        deflater.write([106])
      }
      let error = #expect(throws: TermError.self) { try decoder.decode(term) }
      #expect(error?.reason.isSize == true, "\(element): \(String(describing: error))")
    }
    let lists = Deflater.term {
      $0.write([108] + Self.uint32(count))
      $0.run(of: 106, count + 1)
    }
    #expect(lists.count < 2_000)
    #expect(throws: TermError(reason: .tooMuchMemory(limit: decoder.maxMemoryBytes), offset: 5)) {
      try decoder.decode(lists)
    }
  }

  @Test("the bounds of a decoder that nobody changed hold for plain terms too")
  func standard() throws {
    let decoder = TermDecoder()
    #expect(decoder.maxTerms * MemoryLayout<Term>.stride <= decoder.maxMemoryBytes)
    // Lists of small integers in their short form, 65 535 each.
    let part: [UInt8] = [107, 255, 255] + Array(repeating: 1, count: 65_535)
    let count = decoder.maxTerms / 65_535 + 1
    var lists: [UInt8] = [131, 108] + Self.uint32(count)
    for _ in 0..<count { lists += part }
    let error = #expect(throws: TermError.self) { try decoder.decode(lists) }
    #expect(error?.reason.isSize == true)
  }

  @Test("lengths within lengths never claim more together than the input has")
  func promises() {
    // Each list claims all that is left behind it: 500 of them would reserve 500 times the input.
    let total = 6 * 500 + 60_000
    var bytes: [UInt8] = [131]
    for level in 0..<500 { bytes += [108] + Self.uint32(total - 6 - 5 * level) }
    bytes += Array(repeating: 106, count: total - bytes.count)
    let error = #expect(throws: TermError.self) { try TermDecoder().decode(bytes) }
    // The second list already asks for bytes that the first one was promised.
    #expect(error == TermError(reason: .truncated, offset: 11))
  }

  @Test("maps as keys of maps are read in time that does not double with each", arguments: [1, 2])
  func nestedKeys(pairs: Int) throws {
    // 400 maps, each the key of the next: hashing each twice would take for ever.
    var bytes: [UInt8] = [97, 1]
    for _ in 0..<400 {
      let head = [116] + Self.uint32(pairs)
      bytes = head + bytes + [97, 2] + (pairs == 2 ? [97, 3, 97, 4] : [])
    }
    let term = try TermDecoder().decode([131] + bytes)
    #expect(try TermDecoder().decode(TermEncoder().encode(term)) == term)
  }

  @Test("a key that comes twice counts once, the last value with it, in small maps and large")
  func duplicates() {
    for count in [2, 5, 9, 40] {
      let pairs = (0..<count).map { (key: Term.integer(Int64($0)), value: Term.integer(1)) }
      let map = TermMap(pairs + [(key: .integer(0), value: .atom("last"))])
      #expect(map.pairs.count == count && map[.integer(0)] == .atom("last"))
      let texts = pairs.map { (key: Term.text("\($0.key)"), value: $0.value) }
      #expect(TermMap(texts + texts) == TermMap(texts.reversed()))
      #expect(TermMap(texts) != TermMap(pairs))
    }
  }

  @Test("whatever is read stays within the bounds it was read with, and what is within them is read")
  func property() throws {
    var generator = TermGenerator(seed: 5)
    var refused = 0
    for _ in 0..<2_000 {
      let term = generator.term(depth: 5)
      let bytes = TermEncoder().encode(term)
      var decoder = TermDecoder()
      decoder.maxTerms = 1 + generator.next(below: 200)
      decoder.maxMemoryBytes = 40 + generator.next(below: 20_000)
      do {
        let read = try decoder.decode(bytes)
        #expect(read == term)
        #expect(Self.terms(in: read) <= decoder.maxTerms)
        #expect(Self.memory(of: read) <= decoder.maxMemoryBytes)
      } catch {
        refused += 1
        #expect(error.reason.isSize)
        let isLarge =
          Self.terms(in: term) + Self.names(in: term) > decoder.maxTerms
          || 4 * Self.memory(of: term) + 160 * Self.terms(in: term) > decoder.maxMemoryBytes
        #expect(isLarge, "\(term.erlangText) is small enough: \(error)")
      }
    }
    #expect((100..<1_900).contains(refused))
  }

  private static func parts(of term: Term) -> [Term] {
    switch term {
    case .tuple(let elements), .list(let elements): elements
    case .improperList(let elements, let tail): elements + [tail]
    case .map(let map): map.pairs.flatMap { [$0.key, $0.value] }
    default: []
    }
  }

  private static func terms(in term: Term) -> Int { 1 + parts(of: term).reduce(0) { $0 + terms(in: $1) } }

  /// Atoms within pids and their like, which are read as terms of their own.
  private static func names(in term: Term) -> Int {
    switch term {
    case .pid, .port, .reference: 1
    case .export: 2
    default: parts(of: term).reduce(0) { $0 + names(in: $1) }
    }
  }

  /// What a term takes beyond its own place, at least.
  private static func memory(of term: Term) -> Int {
    let parts = parts(of: term)
    let own =
      switch term {
      case .binary(let bytes), .bitString(let bytes, _): bytes.count
      case .bigInteger(let value): value.magnitude.count
      default: parts.count * MemoryLayout<Term>.stride
      }
    return own + parts.reduce(0) { $0 + memory(of: $1) }
  }
}
