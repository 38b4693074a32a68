import Foundation
import GenAPIValue
import Testing

@testable import GenAPIChannels
@testable import GenAPITokens

@Suite("A first token")
struct FirstTokenTests {
  @Test(
    "what docs/production.md makes a token with makes one that is taken, and one of another secret is not")
  func documented() async throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appendingPathComponent("docs/production.md"), encoding: .utf8)
    let begin = try #require(text.firstRange(of: "<!-- run: token -->\n```python\n"))
    let end = try #require(text[begin.upperBound...].firstRange(of: "\n```"))
    let secret: ByteText = "a secret of more than thirty-two bytes, say"
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID().uuidString)")
    try "\(secret)\n".write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = ["python3", "-c", String(text[begin.upperBound..<end.lowerBound]), file.path, "u_17"]
    let output = Pipe()
    python.standardOutput = output
    try python.run()
    let token = ByteText(
      validating: try #require(try output.fileHandleForReading.readToEnd()).filter { $0 != 10 })
    python.waitUntilExit()
    #expect(python.terminationStatus == 0)
    let made = try #require(token)
    #expect(try await JWTAuthenticator(secret: secret).verify(made)["sub"]?.string == "u_17")
    await #expect(throws: AuthenticationRefused.self) {
      try await JWTAuthenticator(secret: "another secret of more than thirty-two bytes").verify(made)
    }
  }
}
