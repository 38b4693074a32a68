import GenAPIValue
import TestRandom
import Testing

@testable import GenAPITelemetry

@Suite("Entries of one list in another")
struct EntryMatcherTests {
  @Test("an entry is found whatever the order, what is not there is not, and keys compare as entries do")
  func property() {
    var random = SeededRandom(seed: 11)
    for _ in 0..<500 {
      var pool = Self.entries(30, &random)
      let list = Array(pool.shuffled(using: &random).prefix(Int.random(in: 0...20, using: &random)))
      if Bool.random(using: &random) { pool = list + pool }
      let asked = Bool.random(using: &random) ? pool : pool.shuffled(using: &random)
      var matcher = EntryMatcher(list)
      for entry in asked {
        let expected = list.firstIndex { $0.entryKey == entry.entryKey }
        #expect(matcher.position(of: entry) == expected)
      }
      for (one, other) in zip(pool, asked) {
        #expect(one.isSameEntry(as: other) == (one.entryKey == other.entryKey))
      }
    }
  }

  @Test("what is appended is found")
  func appended() {
    let entries = (0..<3).map { SeriesState(service: "s", requestType: "\($0)") }
    var matcher = EntryMatcher([entries[0]])
    #expect(matcher.position(of: entries[1]) == nil)
    matcher.append(entries[1], at: 1)
    #expect(matcher.position(of: entries[1]) == 1 && matcher.position(of: entries[0]) == 0)
    #expect(matcher.position(of: entries[2]) == nil)
  }

  /// Of names that run together when they are only put behind each other, each function once.
  private static func entries(_ count: Int, _ random: inout SeededRandom) -> [SeriesState] {
    let names: [ByteText] = ["", "a", "ab", "b", "a\u{1F}", "\u{1F}a", "\u{1B}", "é", "e\u{301}"]
    var seen: Set<ByteText> = []
    return (0..<count).compactMap { _ in
      let entry = SeriesState(
        service: names.randomElement(using: &random)!, requestType: names.randomElement(using: &random)!,
        version: Bool.random(using: &random) ? nil : names.randomElement(using: &random)!)
      return seen.insert(entry.entryKey).inserted ? entry : nil
    }
  }
}
