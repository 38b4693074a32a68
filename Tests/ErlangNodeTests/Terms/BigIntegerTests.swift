import ErlangNode
import Testing

@Suite("Integers beyond 64 bits")
struct BigIntegerTests {
  @Test(
    "they keep their digits both ways",
    arguments: [
      "9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616",
      "115792089237316195423570985008687907853269984665640564039457584007913129639935",
      "-100000000000000000000000000000000000000000", "1000000000000000000000000000000000000001",
    ])
  func digits(_ text: String) throws {
    let value = try #require(BigInteger(decimal: text.utf8))
    #expect(value.decimal() == text)
    let term = try TermDecoder().decode(TermEncoder().encode(.bigInteger(value)))
    #expect(term == .bigInteger(value) && term.erlangText == text)
  }

  @Test(
    "2^n and its neighbours are what repeated doubling says", arguments: [64, 65, 128, 255, 1_000, 3_000])
  func powers(_ exponent: Int) throws {
    var digits: [UInt8] = [1]
    for _ in 0..<exponent {
      var carry: UInt8 = 0
      for index in digits.indices {
        let value = digits[index] * 2 + carry
        digits[index] = value % 10
        carry = value / 10
      }
      if carry > 0 { digits.append(carry) }
    }
    let text = String(decoding: digits.reversed().map { $0 + 48 }, as: UTF8.self)
    var magnitude = [UInt8](repeating: 0, count: exponent / 8 + 1)
    magnitude[exponent / 8] = 1 << UInt8(exponent % 8)
    let value = BigInteger(isNegative: true, magnitude: magnitude)
    #expect(value.decimal() == "-" + text)
    #expect(BigInteger(decimal: "-\(text)".utf8) == value)
  }

  @Test("more digits than the bound are refused either way, and so is what is no integer")
  func bounds() {
    #expect(BigInteger(decimal: String(repeating: "9", count: 1_000).utf8)?.decimal()?.utf8.count == 1_000)
    #expect(BigInteger(decimal: String(repeating: "9", count: 1_001).utf8) == nil)
    #expect(BigInteger(isNegative: false, magnitude: Array(repeating: 255, count: 100_000)).decimal() == nil)
    #expect(BigInteger(isNegative: false, magnitude: Array(repeating: 255, count: 416)).decimal() == nil)
    for text in ["", "-", "+1", "1.5", "1e3", "12a", "--1"] { #expect(BigInteger(decimal: text.utf8) == nil) }
    #expect(BigInteger(decimal: "000".utf8) == BigInteger(isNegative: false, magnitude: []))
    #expect(BigInteger(isNegative: false, magnitude: []).decimal() == "0")
  }
}
