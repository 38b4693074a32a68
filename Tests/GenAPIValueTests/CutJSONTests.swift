import Testing

@testable import GenAPIValue

@Suite("The beginning of a value's JSON")
struct CutJSONTests {
  @Test("what is short is whole, what is long is cut, and how long it is, is told exactly")
  func random() throws {
    var generator = ValueGenerator(seed: 7)
    for _ in 0..<2_000 {
      let value = generator.value(depth: 4)
      let whole = value.json
      for bytes in [0, 3, 10, 40, whole.utf8.count - 1, whole.utf8.count] where bytes >= 0 {
        #expect(value.isLongerAsJSON(than: bytes) == (whole.utf8.count > bytes), "\(whole) \(bytes)")
        let cut = value.json(cut: bytes)
        if whole.utf8.count <= bytes {
          #expect(cut == whole)
        } else {
          let told = Array(cut.utf8)
          #expect(
            told.suffix(3).elementsEqual("…".utf8) && whole.utf8.starts(with: told.dropLast(3)), "\(cut)")
          #expect(cut.utf8.count <= max(3, bytes))
        }
      }
    }
  }

  enum Large: CaseIterable {
    case array, nested, object, text, key, bytes, escapes

    var value: Value {
      switch self {
      case .array: .array(Array(repeating: "atom", count: 1_000_000))
      case .nested: .array([.array(Array(repeating: .array([]), count: 1_000_000))])
      case .object: .object((0..<50_000).reduce(into: ValueObject()) { $0["\($1)"] = .int(Int64($1)) })
      case .text: .string(ByteText(String(repeating: "x", count: 8_000_000)))
      case .key: .object([ByteText(String(repeating: "é", count: 1_000_000)): 1])
      case .bytes: .bytes(Array(repeating: 0, count: 1_000_000))
      case .escapes: .array([1, .string(ByteText(String(repeating: "\n", count: 1_000_000))), 2])
      }
    }
  }

  @Test("however large a value is, no more is written of it than its beginning", arguments: Large.allCases)
  func large(_ large: Large) {
    let value = large.value
    var writer = JSONWriter()
    writer.value(value, upTo: 80)
    #expect(writer.count > 80 && writer.count < 700, "\(writer.count)")
    let (isLonger, cut) = (value.isLongerAsJSON(than: 80), value.json(cut: 80))
    #expect(isLonger && cut.utf8.count <= 80 && cut.hasSuffix("…"), "\(cut)")
  }
}
