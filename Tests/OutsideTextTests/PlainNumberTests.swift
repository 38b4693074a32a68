import OutsideText
import Testing

@Suite("A number that a person writes")
struct PlainNumberTests {
  @Test("is digits, with a point or none")
  func decimal() {
    #expect(PlainNumber.decimal("12") == 12 && PlainNumber.decimal("0.5") == 0.5)
    #expect(PlainNumber.count("12") == 12)
  }

  @Test(
    "is nothing else that C or Swift reads",
    arguments: ["", ".", "1.2.3", "0x10", "1e3", "+1", "-1", " 1", "1 ", "inf", "nan", "1_000", "\u{661}"])
  func others(text: String) {
    #expect(PlainNumber.decimal(text) == nil && PlainNumber.count(text) == nil)
  }

  @Test("has an end")
  func bounds() {
    #expect(PlainNumber.count("99999999999999999999") == nil)
    #expect(PlainNumber.decimal(String(repeating: "9", count: 400)) == nil)
  }
}
