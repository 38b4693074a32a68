import GenAPIValue
import Testing

@Suite("Numbers in JSON")
struct JSONNumberTests {
  @Test("decimals are read as the nearest double")
  func nearest() throws {
    var generator = ValueGenerator(seed: 3)
    for _ in 0..<20_000 {
      let digits =
        "\(generator.next(below: 10))."
        + (0...generator.next(below: 20)).map { _ in
          "\(generator.next(below: 10))"
        }.joined()
      let text = "\(digits)e\(generator.next(below: 80) - 40)"
      #expect(try Value(json: text) == .double(try #require(Double(text))), "\(text)")
    }
  }

  @Test("every finite double comes back, bit by bit")
  func doubles() throws {
    var generator = ValueGenerator(seed: 4)
    let some: [Double] = [
      0, -0.0, 1, -1, 0.1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .pi, 1e15, 1e16, 1e17,
    ]
    let large: [Double] = [9_007_199_254_740_991, 9_007_199_254_740_992, 9_007_199_254_740_994, -1e22, 1e23]
    let random = (0..<20_000).map { _ in Double(bitPattern: generator.next() << 13 ^ generator.next()) }
    for double in some + large + random.filter(\.isFinite) {
      let read = try Value(json: Value.double(double).jsonBytes)
      guard case .double(let back) = read else {
        Issue.record("\(double) came back as \(read)")
        continue
      }
      #expect(back.bitPattern == double.bitPattern, "\(double)")
    }
  }

  @Test(
    "a double is written as short as it can be",
    arguments: [
      (1, "1.0"), (-0.0, "-0.0"), (0, "0.0"), (0.1, "0.1"), (-12.5, "-12.5"), (1e15, "1000000000000000.0"),
      (1e16, "1e+16"), (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
      (.leastNonzeroMagnitude, "5e-324"),
    ] as [(Double, String)])
  func written(double: Double, text: String) { #expect(Value.double(double).json == text) }

  @Test(
    "integers are written digit by digit", arguments: [0, 9, 10, -1, -10, 99, 100, .max, .min] as [Int64])
  func integers(integer: Int64) throws {
    #expect(Value.int(integer).json == integer.description)
    #expect(try Value(json: integer.description) == .int(integer))
  }

  @Test("numbers too small for a double become zero, too large ones are refused")
  func extremes() throws {
    #expect(try Value(json: "1e-999") == .double(0))
    #expect(try Value(json: "0e99999999999999999999") == .double(0))
    #expect(throws: JSONError("expected a number that fits a double", offset: 1, isRefusal: true)) {
      try Value(json: "[1e99999999999999999999]")
    }
    #expect(throws: JSONError.self) { try Value(json: String(repeating: "9", count: 100_000)) }
    #expect(try Value(json: "0." + String(repeating: "0", count: 100_000) + "1") == .double(0))
    #expect(try Value(json: "-9223372036854775809").double == -9_223_372_036_854_775_808)
    #expect(try Value(json: "18446744073709551616").double == 18_446_744_073_709_551_616)
  }
}
