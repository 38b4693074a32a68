import Foundation
import Testing

@testable import genapi_top

@Suite struct ClipboardTests {
  @Test("the way to the clipboard follows what the terminal is")
  func routes() {
    #expect(ClipboardRoute(environment: ["TERM": "xterm-256color"]) == .terminal)
    #expect(ClipboardRoute(environment: ["TERM": "screen-256color", "TMUX": "/tmp/s,1,0"]) == .tmux)
    #expect(ClipboardRoute(environment: ["TERM": "tmux-256color"]) == .tmux)
    #expect(ClipboardRoute(environment: ["TERM": "screen", "STY": "1.pts"]) == .screen)
    #expect(ClipboardRoute(environment: ["TERM": "linux"]) == .console)
  }

  @Test("GNU screen hands the text on in pieces")
  func pieces() throws {
    let text = String(repeating: "abc", count: 1_000)
    let bytes = try #require(ClipboardRoute.screen.bytes(for: text))
    let sent = String(decoding: bytes, as: UTF8.self)
    #expect(sent.hasPrefix("\u{1B}P\u{1B}]52;c;"))
    let pieces = sent.components(separatedBy: "\u{1B}\\").filter { !$0.isEmpty }
    #expect(pieces.allSatisfy { $0.utf8.count <= 502 && $0.hasPrefix("\u{1B}P") })
    #expect(
      pieces.map { String($0.dropFirst(2)) }.joined()
        == "\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{7}")
  }

  @Test("what is too long for a terminal is not sent")
  func tooLong() {
    #expect(ClipboardRoute.terminal.bytes(for: String(repeating: "x", count: 60_000)) == nil)
  }

  @Test("nobody is told that something was copied unless the terminal says so")
  func words() {
    #expect(ClipboardResult.confirmed.text.contains("copied"))
    for result in [ClipboardResult.given(.terminal), .given(.screen)] {
      #expect(result.text.contains("must allow OSC 52") && !result.text.contains("copied"))
    }
    for result in [ClipboardResult.refused(.tmux), .refused(.console), .tooLong, .stuck] {
      #expect(result.text.hasPrefix("not copied") && result.isWarning)
    }
    #expect(ClipboardResult.refused(.tmux).text.contains("set-clipboard on"))
  }
}
