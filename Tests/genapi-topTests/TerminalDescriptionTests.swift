import Foundation
import Testing

@testable import genapi_top

@Suite struct TerminalDescriptionTests {
  /// A description with two names, one flag, no number and one string: `cr=\r`.
  private static let small: [UInt8] = {
    var bytes: [UInt8] = [0x1A, 0x01, 4, 0, 1, 0, 0, 0, 3, 0, 2, 0]
    bytes += Array("a|b".utf8) + [0]
    bytes += [1]
    bytes += [0]  // to an even place
    bytes += [0xFF, 0xFF, 0xFF, 0xFF, 0, 0]
    bytes += [13, 0]
    return bytes
  }()

  @Test(
    "what is not a description is refused",
    arguments: [[], [1, 2, 3], [0x1A, 0x01], Array(repeating: 0xFF, count: 64)])
  func refused(_ bytes: [UInt8]) {
    #expect(TerminalDescription(bytes) == nil)
  }

  @Test("every shorter piece of a description is refused or read, never a crash")
  func truncated() {
    for count in 0..<Self.small.count {
      #expect(TerminalDescription(Array(Self.small[..<count])) == nil)
    }
    #expect(TerminalDescription(Self.small) != nil)
  }

  @Test("the changed description is one again, with the flag RGB")
  func changed() throws {
    var description = try #require(TerminalDescription(Self.small))
    description.useDirectColor()
    let bytes = description.encoded()
    #expect(TerminalDescription(bytes) != nil)
    #expect(bytes[0] == 0x1E && bytes[1] == 0x02)
    #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("RGB\u{0}"))
  }

  @Test("a description with 8 colours becomes one with 256")
  func palette() throws {
    var description = try #require(TerminalDescription(Self.small))
    description.usePalette256()
    let again = try #require(TerminalDescription(description.encoded()))
    #expect(again.colors == 256)
    #expect(String(decoding: again.encoded(), as: UTF8.self).contains("38;5;%p1%d"))
  }

  @Test("GNU screen gets 256 colours whatever the terminal around it takes, tmux 24 bits")
  func offers() {
    #expect(
      ColorOffer(environment: ["TERM": "screen", "STY": "1.a", "COLORTERM": "truecolor"]) == .palette256)
    #expect(ColorOffer(environment: ["TERM": "screen-256color", "TMUX": "/tmp/x,1,0"]) == .direct)
    #expect(ColorOffer(environment: ["TERM": "xterm-256color", "COLORTERM": "24bit"]) == .direct)
    #expect(ColorOffer(environment: ["TERM": "xterm-256color"]) == .asDescribed)
  }
}
