import GenAPIValue
import Testing

@Suite("Damaged JSON")
struct JSONFuzzTests {
  /// What was read is a value that can be written and read again.
  private func check(_ bytes: [UInt8]) {
    guard let value = try? Value(json: bytes) else { return }
    #expect((try? Value(json: value.jsonBytes)) == value)
  }

  @Test("every beginning of a text is refused or read, never a trap")
  func cut() {
    var generator = ValueGenerator(seed: 2)
    for _ in 0..<500 {
      let bytes = generator.value(depth: 3).jsonBytes
      for count in 0..<bytes.count { check(Array(bytes.prefix(count))) }
    }
  }

  @Test("changed, doubled and removed bytes are refused or read, never a trap")
  func changed() {
    var generator = ValueGenerator(seed: 5)
    for _ in 0..<30_000 {
      var bytes = generator.value(depth: 3).jsonBytes
      for _ in 0...generator.next(below: 3) where !bytes.isEmpty {
        let index = generator.next(below: bytes.count)
        switch generator.next(below: 3) {
        case 0: bytes[index] = UInt8(generator.next(below: 256))
        case 1: bytes.insert(bytes[index], at: index)
        default: bytes.remove(at: index)
        }
      }
      check(bytes)
    }
  }

  @Test("random bytes, and random pieces of JSON, are refused or read, never a trap")
  func random() {
    var generator = ValueGenerator(seed: 6)
    let pieces: [[UInt8]] = [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d800", "dc00", "0", "-", ".", "e", "1", "true",
      "null",
      " ", "\u{1}", "é",
    ].map { Array($0.utf8) }
    for _ in 0..<15_000 {
      check((0..<generator.next(below: 30)).map { _ in UInt8(generator.next(below: 256)) })
      check((0..<generator.next(below: 12)).flatMap { _ in pieces[generator.next(below: pieces.count)] })
    }
  }
}
