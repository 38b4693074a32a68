import TestRandom
import Testing

@testable import OutsideText

@Suite("A pattern with stars")
struct GlobPatternTests {
  @Test("is decided as by trying every place")
  func oracle() {
    var random = SeededRandom(seed: 18)
    for _ in 0..<20_000 {
      let pattern = text(of: "ab*", upTo: 8, &random)
      let candidate = text(of: "ab", upTo: 12, &random)
      let expected = Self.byTrying(Array(pattern.utf8)[...], Array(candidate.utf8)[...])
      #expect(
        GlobPattern(ByteText(pattern)).matches(ByteText(candidate)) == expected, "\(pattern) on \(candidate)")
    }
  }

  @Test("reads each byte of a long name once, however alike the two are")
  func linear() {
    let reads = Reads()
    let name = CountedBytes(bytes: [UInt8](repeating: UInt8(ascii: "a"), count: 400_000), reads: reads)
    let needle = Needle(Array((String(repeating: "a", count: 255) + "b").utf8))
    #expect(needle.end(in: name, from: 0, to: name.count) == nil)
    #expect(reads.count == 400_000)
  }

  @Test("looks at a name of any length by its first 4 096 bytes")
  func bound() {
    let long = String(repeating: "a", count: 1_000_000)
    #expect(GlobPattern("*a").matches("\(long)b"))
    #expect(!GlobPattern("*b").matches("\(long)b"))
    #expect(!GlobPattern(ByteText(long)).matches(ByteText(long)))
    #expect(GlobPattern("a*").matches(ByteText(long)))
  }

  @Test(
    "compares bytes: two ways to write é are two names", arguments: ["caf\u{E9}", "caf\u{E9}*", "*\u{E9}"])
  func bytes(pattern: String) {
    #expect(GlobPattern(ByteText(pattern)).matches("caf\u{E9}"))
    #expect(!GlobPattern(ByteText(pattern)).matches("cafe\u{301}"))
    #expect(
      GlobPattern(ByteText(pattern)) != GlobPattern(ByteText(pattern.replacing("\u{E9}", with: "e\u{301}"))))
  }

  private func text(of alphabet: String, upTo most: Int, _ random: inout SeededRandom) -> String {
    let count = Int.random(in: 0...most, using: &random)
    return String((0..<count).map { _ in alphabet.randomElement(using: &random)! })
  }

  private static func byTrying(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    if first == UInt8(ascii: "*") {
      return byTrying(pattern.dropFirst(), text) || (!text.isEmpty && byTrying(pattern, text.dropFirst()))
    }
    return text.first == first && byTrying(pattern.dropFirst(), text.dropFirst())
  }
}

private final class Reads {
  var count = 0
}

/// Bytes that count how often they are read.
private struct CountedBytes: RandomAccessCollection {
  let bytes: [UInt8]
  let reads: Reads

  var startIndex: Int { 0 }
  var endIndex: Int { bytes.count }

  subscript(index: Int) -> UInt8 {
    reads.count += 1
    return bytes[index]
  }
}
