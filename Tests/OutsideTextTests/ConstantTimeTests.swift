import OutsideText
import Testing

@Suite("A secret is compared")
struct ConstantTimeTests {
  @Test(
    "with what was given, byte for byte",
    arguments: [
      ("secret", "secret", true), ("secrex", "secret", false), ("xecret", "secret", false),
      ("secre", "secret", false), ("secretsecret", "secret", false), ("", "secret", false),
      ("secret", "", false), ("", "", true), ("jos\u{e9}", "jose\u{301}", false),
    ])
  func compares(given: String, secret: String, isEqual: Bool) {
    #expect(constantTimeEqual(ByteText(given), ByteText(secret)) == isEqual)
  }
}
