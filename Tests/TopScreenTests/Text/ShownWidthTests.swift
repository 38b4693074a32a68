import OutsideText
import Testing

@testable import TopScreen

@Suite("Text of strangers on the screen")
struct ShownWidthTests {
  @Test("what is shown has no cluster without width")
  func widths() {
    for value in UInt32(0)...0x2FFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = String(Character(scalar)).shown
      #expect(DisplayWidth.of(text) > 0, "U+\(String(value, radix: 16))")
    }
  }
}
