import TestRandom

/// Makes new inputs from known ones, the same for the same seed.
struct Mutator {
  private var random: SeededRandom
  private let corpus: [[UInt8]]
  /// Bytes that mean something: tags of terms and of the handshake, counts at their ends.
  private static let telling: [UInt8] =
    Array(68...120) + [0, 1, 127, 128, 130, 131, 255] + Array("sNnrac".utf8)

  init(seed: UInt64, corpus: [[UInt8]]) {
    random = SeededRandom(seed: seed)
    self.corpus = corpus
  }

  mutating func number(below bound: Int) -> Int { Int.random(in: 0..<max(1, bound), using: &random) }

  private mutating func byte() -> UInt8 {
    number(below: 2) == 0
      ? Self.telling[number(below: Self.telling.count)] : UInt8(truncatingIfNeeded: number(below: 256))
  }

  /// One to eight changes of one input; never longer than 64 KiB.
  mutating func next() -> [UInt8] {
    var bytes = corpus[number(below: corpus.count)]
    for _ in 0...number(below: 8) { change(&bytes) }
    return bytes.count > 65_536 ? Array(bytes.prefix(65_536)) : bytes
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return bytes = (0..<number(below: 40)).map { _ in byte() } }
    let place = number(below: bytes.count)
    switch number(below: 9) {
    case 0: bytes[place] = byte()
    case 1: bytes[place] ^= 1 << UInt8(number(below: 8))
    case 2: bytes.removeLast(number(below: bytes.count))
    case 3: bytes.insert(byte(), at: place)
    case 4: bytes.remove(at: place)
    case 5:
      // A length that claims much.
      for offset in 0..<4 where place + offset < bytes.count {
        bytes[place + offset] = offset == 0 ? byte() : 255
      }
    case 6:
      // A part of another input, or of this one once more: terms within terms.
      let other = corpus[number(below: corpus.count)]
      let start = number(below: other.count)
      bytes.insert(contentsOf: other[start..<min(other.count, start + number(below: 200))], at: place)
    case 7:
      let end = min(bytes.count, place + number(below: 40))
      let part = Array(bytes[place..<end])
      for _ in 0..<number(below: 30) { bytes.insert(contentsOf: part, at: place) }
    default:
      // Nesting.
      let wrap: [UInt8] = [[104, 1], [108, 0, 0, 0, 1], [116, 0, 0, 0, 1, 97, 1]][number(below: 3)]
      bytes.insert(contentsOf: (0..<number(below: 700)).flatMap { _ in wrap }, at: min(1, bytes.count))
    }
  }
}
