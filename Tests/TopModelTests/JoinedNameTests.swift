import GenAPITelemetry
import OutsideText
import Testing

@testable import TopModel

@Suite("Rows of things whose names read alike once they are joined")
struct JoinedNameTests {
  private static let mark: ByteText = "\u{1F}"

  @Test("are rows of their own")
  func apart() {
    let a: ByteText = "a"
    let b: ByteText = "b"
    #expect(
      RequestRow.id(service: a + Self.mark + b, requestType: "c", version: nil)
        != RequestRow.id(service: a, requestType: b + Self.mark + "c", version: nil))
    #expect(
      RequestRow.id(service: a, requestType: b + Self.mark + "c", version: nil)
        != RequestRow.id(service: a, requestType: b, version: "c" + Self.mark))
  }
}
