import GenAPIServer
import InMemoryLogging
import Logging
import Testing

@Suite("Log lines")
struct ShownLogHandlerTests {
  @Test("a newline or an escape sequence from outside cannot forge a line, in no part of it")
  func forged() {
    let kept = InMemoryLogHandler()
    var logger = Logger(label: "x") { _ in ShownLogHandler(kept) }
    let forged = "a\n2026-01-01 error : all is lost\u{1B}[2J\u{9B}\u{202E}"
    logger[metadataKey: "kept\n"] = .string(forged)
    logger.error(
      "name \(forged)",
      metadata: [
        "text": .string(forged), "value": .stringConvertible(Forged(description: forged)), "key\n": "x",
        "list": .array([.string(forged), .dictionary(["in\n": .string(forged)])]),
      ])
    let entry = kept.entries[0]
    let text = "\(entry.message) \(entry.metadata)"
    #expect(text.contains("a␊2026-01-01"))
    // Dictionaries describe their strings with escapes of their own: what is looked for is the characters themselves.
    for scalar in text.unicodeScalars {
      #expect(scalar.value >= 0x20 && scalar.value != 0x9B && scalar.value != 0x202E)
    }
    #expect(!text.contains("\\n") && !text.contains("u{"))
  }

  private struct Forged: CustomStringConvertible {
    var description: String
  }
}
