import GenAPIValue
import TOON
import Testing

@Suite("Damaged TOON")
struct FuzzTests {
  /// What was read is a value that can be written and read again, at a bounded number of looks at each byte.
  private func check(_ bytes: [UInt8], isStrict: Bool) {
    var work = 0
    let value = bytes.withUnsafeBytes { bytes in
      try? TOONReader.parse(bytes, options: .init(isStrict: isStrict), work: &work)
    }
    if work > 12 * bytes.count + 64 { Issue.record("\(work) looks for \(bytes)") }
    guard let value else { return }
    let again = Result { try Value(toon: value.toon()) }
    if (try? again.get().compared) != value.compared {
      Issue.record(
        "\(String(decoding: bytes, as: UTF8.self)) was read as \(value.json), and then as \(again)")
    }
  }

  @Test("every beginning of a text is refused or read, never a trap", arguments: [true, false])
  func cut(isStrict: Bool) throws {
    var generator = ValueGenerator(seed: 2)
    for _ in 0..<120 {
      let bytes = try generator.value(depth: 3).toonBytes()
      for count in 0..<bytes.count { check(Array(bytes.prefix(count)), isStrict: isStrict) }
    }
  }

  @Test("changed, doubled and removed bytes are refused or read, never a trap", arguments: [true, false])
  func changed(isStrict: Bool) throws {
    var generator = ValueGenerator(seed: 5)
    for _ in 0..<4_000 {
      var bytes = try generator.value(depth: 3).toonBytes()
      for _ in 0...generator.next(below: 3) where !bytes.isEmpty {
        let index = generator.next(below: bytes.count)
        switch generator.next(below: 3) {
        case 0: bytes[index] = UInt8(generator.next(below: 256))
        case 1: bytes.insert(bytes[index], at: index)
        default: bytes.remove(at: index)
        }
      }
      check(bytes, isStrict: isStrict)
    }
  }

  @Test(
    "random bytes, and random pieces of TOON, are refused or read, never a trap", arguments: [true, false])
  func random(isStrict: Bool) {
    var generator = ValueGenerator(seed: 6)
    let pieces: [[UInt8]] = [
      "a", "b:", ": ", "[1]", "[2]:", "[2:]", "[1|]", "{a,b}", "{a{b}}:", "\n", "\n  ", "\n    ", "- ", "-",
      "\"", "\\", "\\u", "d800",
      ",", "|", "\t", "#", "1", "0", "[]", "true", "\r", " ", "é", "\n\n",
    ].map { Array($0.utf8) }
    for _ in 0..<8_000 {
      check(
        (0..<generator.next(below: 30)).map { _ in UInt8(generator.next(below: 256)) }, isStrict: isStrict)
      let text = (0..<generator.next(below: 14)).flatMap { _ in pieces[generator.next(below: pieces.count)] }
      check(text, isStrict: isStrict)
    }
  }
}
