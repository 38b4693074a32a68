import Testing
import TopScreen

@testable import genapi_top

@Suite struct InputDecoderTests {
  private var decoder = InputDecoder(keys: KeySequences.common)

  private func inputs(_ text: String) -> [TerminalInput] {
    var decoder = decoder
    return decoder.decode(text.utf8, at: 0) + decoder.expire(at: 10_000)
  }

  @Test("letters are keys, of any script, and bytes that are no UTF-8 are left out")
  func characters() {
    #expect(inputs("a日") == [.key(.character("a")), .key(.character("日"))])
    var decoder = decoder
    let found = decoder.decode([0xFF, 0xC3, 0x28, 0x80, 0x61, 0xED, 0xA0, 0x80, 0x62], at: 0)
    #expect(found == [.key(.character("(")), .key(.character("a")), .key(.character("b"))])
  }

  @Test("control characters are keys with Ctrl, but for those with a key of their own")
  func controls() {
    #expect(
      inputs("\u{3}\r\t\u{7F}\u{0}")
        == [.key(.control("c")), .key(Key(.enter)), .key(Key(.tab)), .key(Key(.backspace))])
  }

  @Test("a lone Esc is the key once nothing has followed for 25 ms")
  func loneEscape() {
    var decoder = decoder
    #expect(decoder.decode([0x1B], at: 100).isEmpty)
    #expect(decoder.deadline == 125)
    #expect(decoder.expire(at: 124).isEmpty)
    #expect(decoder.expire(at: 125) == [.key(Key(.escape))])
    #expect(decoder.deadline == nil)
  }

  @Test(
    "a letter with Alt is neither Esc nor the letter; who types Esc and a letter while nobody looks gets both"
  )
  func alt() {
    for text in ["q", "W", "\r", " ", "é"] { #expect(inputs("\u{1B}\(text)j") == [.key(.character("j"))]) }
    var decoder = decoder
    #expect(decoder.decode("\u{1B}q".utf8, at: 100, since: 90).isEmpty)
    // Sent one after the other, however soon.
    #expect(decoder.decode([0x1B], at: 200).isEmpty)
    #expect(decoder.decode("q".utf8, at: 210) == [.key(Key(.escape)), .key(.character("q"))])
    #expect(
      decoder.decode("\u{1B}q".utf8, at: 300, since: 200) == [.key(Key(.escape)), .key(.character("q"))])
  }

  @Test(
    "Esc and an arrow that come at once are the arrow with Alt, which does nothing; one after the other they are both"
  )
  func escapeAndArrow() {
    for sequence in Self.sequences where sequence.count > 2 && KeySequences.common[sequence] != nil {
      let key = inputs(String(decoding: sequence, as: UTF8.self))
      var decoder = decoder
      #expect(decoder.decode([0x1B] + sequence, at: 0) + decoder.expire(at: 5_000) == [], "\(sequence)")
      #expect(decoder.decode("j".utf8, at: 6_000) == [.key(.character("j"))])
      #expect(decoder.decode([0x1B, 0x1B], at: 10_000).isEmpty)
      #expect(decoder.decode(sequence.dropFirst(), at: 10_010) == [], "cut")
      let both = [.key(Key(.escape))] + key
      for pause: Int64 in [1, 10, 40, 500] {
        #expect(read([[0x1B], sequence[...]], every: pause, from: 20_000 * pause, &decoder) == both)
      }
      decoder = self.decoder
      #expect(decoder.decode([0x1B] + sequence, at: 300, since: 0) == both, "nobody looked")
    }
  }

  @Test("Esc directly followed by a click, a paste, an answer or Esc is both")
  func escapeAndMore() {
    #expect(inputs("\u{1B}\u{1B}[200~q\u{1B}[201~") == [.key(Key(.escape)), .pasted("q")])
    #expect(inputs("\u{1B}\u{1B}]52;c;YWI=\u{7}") == [.key(Key(.escape)), .clipboard("YWI=")])
    #expect(inputs("\u{1B}\u{1B}[?1;2c") == [.key(Key(.escape)), .attributes])
    #expect(inputs("\u{1B}\u{1B}[\u{1B}[A") == [.key(Key(.escape)), .key(Key(.up))])
    #expect(inputs("\u{1B}\u{1B}[1") == [.key(Key(.escape))])
    #expect(
      inputs("\u{1B}\u{1B}[<0;12;5M") == [.key(Key(.escape)), .mouse(MouseEvent(.left, column: 11, row: 4))])
    #expect(inputs("\u{1B}\u{1B}") == [.key(Key(.escape)), .key(Key(.escape))])
  }

  @Test(
    "a mouse's report whose Esc came so early that it was a key types nothing, and neither does one that was cut for a second"
  )
  func reportInPieces() {
    let click = TerminalInput.mouse(MouseEvent(.left, column: 11, row: 4))
    var decoder = decoder
    #expect(decoder.decode([0x1B], at: 0).isEmpty)
    #expect(decoder.expire(at: 60) == [.key(Key(.escape))])
    #expect(decoder.decode("[<0;12;5M".utf8, at: 60) == [click])
    #expect(
      decoder.decode("[<".utf8, at: 70) + decoder.expire(at: 200) == [
        .key(.character("[")), .key(.character("<")),
      ])
    for cut in 3..<9 {
      let bytes = Array("\u{1B}[<0;12;5M".utf8)
      #expect(decoder.decode(bytes[..<cut], at: 1_000).isEmpty)
      #expect(decoder.expire(at: 2_200).isEmpty)
      #expect(decoder.decode(bytes[cut...], at: 2_200) == [click])
    }
  }

  @Test("a bracket after Esc is a key still, alone, before another key, and later")
  func bracketAfterEscape() {
    for (text, found) in [
      ("[", [TerminalInput.key(.character("["))]), ("[a", [.key(.character("[")), .key(.character("a"))]),
    ] {
      var decoder = decoder
      _ = decoder.decode([0x1B], at: 0)
      _ = decoder.expire(at: 25)
      #expect(decoder.decode(text.utf8, at: 100) + decoder.expire(at: 10_000) == found)
    }
    var decoder = decoder
    _ = decoder.decode([0x1B], at: 0)
    _ = decoder.expire(at: 25)
    #expect(decoder.decode("[<".utf8, at: 5_000) == [.key(.character("[")), .key(.character("<"))])
  }

  @Test("a sequence is one key however its bytes come, also when they come slowly")
  func pieces() {
    for text in ["\u{1B}[A", "\u{1B}[1;2C", "\u{1B}[<64;300;20M", "é", "\u{1B}[200~x\u{1B}[201~"] {
      var decoder = decoder
      var found: [TerminalInput] = []
      for (index, byte) in text.utf8.enumerated() {
        found += decoder.decode([byte], at: Int64(index) * 20)
        found += decoder.expire(at: Int64(index) * 20 + 19)
      }
      #expect(found == inputs(text))
      #expect(found.count == 1)
    }
  }

  /// Reads pieces that come some time after each other, and looks for more all the while, as the loop does.
  private func read(
    _ pieces: [ArraySlice<UInt8>], every pause: Int64, from start: Int64 = 0, _ decoder: inout InputDecoder
  ) -> [TerminalInput] {
    var found: [TerminalInput] = []
    for (index, piece) in pieces.enumerated() {
      let at = start + Int64(index) * pause
      found += decoder.decode(piece, at: at)
      for passed in stride(from: 1, to: pause, by: 1) { found += decoder.expire(at: at + passed) }
    }
    return found + decoder.expire(at: start + Int64(pieces.count) * pause + 15_000)
  }

  private static let sequences: [[UInt8]] =
    KeySequences.common.keys.sorted { $0.lexicographicallyPrecedes($1) }
    + ["\u{1B}[<0;12;5M", "\u{1B}[200~q\u{1B}[201~", "\u{1B}]52;c;YWI=\u{7}", "\u{1B}[?1;2c"].map {
      Array($0.utf8)
    }

  @Test("every sequence reads as the same wherever it is cut and however long the pause, but for a lone Esc")
  func cuts() {
    for bytes in Self.sequences where bytes.count > 1 {
      let whole = inputs(String(decoding: bytes, as: UTF8.self))
      #expect(whole.count == 1)
      for cut in 1..<bytes.count {
        for pause: Int64 in [20, 70, 150, 900] {
          var decoder = decoder
          let found = read([bytes[..<cut], bytes[cut...]], every: pause, &decoder)
          let isLone = cut == 1 && pause >= InputDecoder.escapeMs
          #expect(found == (isLone ? [.key(Key(.escape))] : []) + whole, "\(bytes) at \(cut), \(pause) ms")
          // Such a network is known then.
          guard pause < 500 else { continue }
          let again = read([bytes[..<cut], bytes[cut...]], every: pause, from: 100_000, &decoder)
          #expect(again == whole, "\(bytes) at \(cut), \(pause) ms, again")
        }
      }
    }
  }

  @Test(
    "a sequence whose bytes come 70 ms apart is a key and no text; a lone Esc is as quick as before until one has come"
  )
  func slowBytes() {
    for bytes in Self.sequences where bytes.count > 1 {
      var decoder = decoder
      let whole = inputs(String(decoding: bytes, as: UTF8.self))
      let pieces = bytes.indices.map { bytes[$0...$0] }
      #expect(read(pieces, every: 70, &decoder) == [.key(Key(.escape))] + whole, "\(bytes)")
      #expect(read(pieces, every: 70, from: 100_000, &decoder) == whole, "\(bytes)")
    }
    var slow = decoder
    _ = read(Array("\u{1B}[A".utf8).map { [$0] }, every: 150, &slow)
    _ = slow.decode([0x1B], at: 200_000)
    #expect(slow.deadline == 200_300)
    var quick = decoder
    _ = read([[0x1B], [0x61]], every: 400, &quick)
    _ = quick.decode([0x1B], at: 200_000)
    #expect(quick.deadline == 200_025)
  }

  @Test(
    "a key with Alt takes no more than a key or two after it, however it goes on, and none for long when one is held down"
  )
  func typedAfterAlt() {
    let texts = ["the quick brown fox jumps over it", "Gj?Gj/x", "?jq q?x", "//...  12/", "\u{3}jk", "日本語だ"]
    for alt in (0x20..<0x7F).map({ Character(Unicode.Scalar($0)) }) {
      for text in texts where !(alt == "[" && text.hasPrefix("?")) {
        for pause: Int64 in [120, 300] {
          var decoder = decoder
          let pieces = ["\u{1B}\(alt)"] + text.map(String.init)
          let found = read(pieces.map { Array($0.utf8)[...] }, every: pause, &decoder)
          let typed = text.map { TerminalInput.key($0 == "\u{3}" ? .control("c") : .character($0)) }
          // Of an answer's beginning both: `ESC _ G`.
          let most = alt == "_" && text.hasPrefix("G") ? 2 : 1
          #expect(
            found.count >= typed.count - most && typed.suffix(found.count) == found[...],
            "Alt+\(alt), \(text) every \(pause) ms")
        }
      }
      var decoder = decoder
      let held = [Array("\u{1B}\(alt)".utf8)[...]] + Array(repeating: [UInt8(ascii: "j")], count: 100)
      #expect(read(held, every: 33, &decoder).count >= 30, "Alt+\(alt), j held down")
    }
  }

  @Test("what is typed after Esc is what was typed")
  func typedAfterEscape() {
    for text in ["[[[", "[a", "O/", "]]", "]5", "[1", "[20", "[", "]", "O"] {
      var decoder = decoder
      let pieces = ([0x1B] + Array(text.utf8)).map { [$0][...] }
      let keys = ([Key(.escape)] + text.map { .character($0) }).map { TerminalInput.key($0) }
      for pause: Int64 in [60, 300] { #expect(read(pieces, every: pause, &decoder) == keys, "\(text)") }
    }
  }

  @Test("clicks are read at any column, in the decimal form and the old one")
  func clicks() {
    #expect(inputs("\u{1B}[<0;250;50M") == [.mouse(MouseEvent(.left, column: 249, row: 49))])
    #expect(inputs("\u{1B}[<0;250;50m").isEmpty)
    var decoder = decoder
    #expect(
      decoder.decode([0x1B, 0x5B, 0x4D, 32, 32 + 223, 33], at: 0)
        == [.mouse(MouseEvent(.left, column: 222, row: 0))])
  }

  @Test("pasted text is text: no newline, escape sequence or letter of it is a key")
  func paste() {
    #expect(
      inputs("\u{1B}[200~q\n\u{1B}[Aé\u{3}\u{1B}[201~q")
        == [.pasted("q\n\u{1B}[Aé\u{3}"), .key(.character("q"))])
  }

  @Test("the rest of a paste that stalls is no keys; Ctrl-C alone ends it then, as the key that it is")
  func stalledPaste() {
    var decoder = decoder
    #expect(decoder.decode("\u{1B}[200~abc".utf8, at: 0).isEmpty)
    #expect(decoder.expire(at: 9_000).isEmpty)
    #expect(decoder.decode("q\r".utf8, at: 9_000).isEmpty)
    #expect(decoder.decode("W\u{1B}[201~".utf8, at: 12_000) == [.pasted("abcq\rW")])
    var stuck = self.decoder
    #expect(stuck.decode("\u{1B}[200~abc".utf8, at: 0).isEmpty)
    #expect(stuck.decode([3], at: 400).isEmpty)
    #expect(stuck.decode([3], at: 2_000) == [.pasted("abc\u{3}"), .key(.control("c"))])
  }

  @Test("a paste that never ends is text when it has been silent for ten seconds, and is bounded")
  func endlessPaste() {
    var decoder = decoder
    #expect(decoder.decode("\u{1B}[200~abc".utf8, at: 0).isEmpty)
    #expect(decoder.expire(at: 9_999).isEmpty)
    #expect(decoder.expire(at: 10_000) == [.pasted("abc")])
    var long = self.decoder
    let begun = Array("\u{1B}[200~".utf8) + [UInt8](repeating: 0x61, count: 1_000_000)
    #expect(long.decode(begun, at: 0).isEmpty)
    guard case .pasted(let text)? = long.decode("\u{1B}[201~".utf8, at: 0).first else {
      Issue.record("the end was not seen")
      return
    }
    #expect(text.utf8.count <= InputDecoder.mostKeptBytes)
  }

  @Test("what is not understood is swallowed, and what follows is read")
  func unknown() {
    for text in [
      "\u{1B}[?1;2$y", "\u{1B}[99~", "\u{1B}]11;rgb:0/0/0\u{7}", "\u{1B}P1$r0m\u{1B}\\", "\u{1B}OZ",
      "\u{1B}[" + String(repeating: "1;", count: 200) + "\u{18}",
    ] {
      let found = inputs(text + "\u{1B}[A")
      #expect(found.last == .key(Key(.up)), "\(text.dropFirst())")
    }
    #expect(inputs("\u{1B}[99~a") == [.key(.character("a"))])
    #expect(inputs("\u{1B}]0;title") == [])
  }

  @Test("answers about the clipboard and what the terminal is are told apart from keys")
  func answers() {
    #expect(inputs("\u{1B}]52;c;YWI=\u{7}\u{1B}[?1;2c") == [.clipboard("YWI="), .attributes])
    #expect(inputs("\u{1B}]52;;YWI=\u{1B}\\") == [.clipboard("YWI=")])
  }

  /// What terminals answer to the questions there are: what they are, where the cursor is, which modes, colours and features they have.
  private static let reports = [
    "\u{1B}[?1;2c", "\u{1B}[?62;4;22c", "\u{1B}[>41;380;0c", "\u{1B}[0n", "\u{1B}[12;40R", "\u{1B}[?12;40;1R",
    "\u{1B}[8;24;80t",
    "\u{1B}[?2026;2$y", "\u{1B}[4;1$y", "\u{1B}[?0u", "\u{1B}]11;rgb:1e1e/1e1e/1e1e\u{1B}\\",
    "\u{1B}]11;rgb:ffff/ffff/ffff\u{7}",
    "\u{1B}]4;12;rgb:00/00/ff\u{7}", "\u{1B}]52;c;UnFX\u{7}", "\u{1B}P>|XTerm(380)\u{1B}\\",
    "\u{1B}P1$r0m\u{1B}\\",
    "\u{1B}P1+r544e=787465726d\u{1B}\\", "\u{1B}P!|00000000\u{1B}\\", "\u{1B}_Gi=31;OK\u{1B}\\",
    "\u{1B}[<0;12;5M",
  ]

  @Test(
    "no answer of a terminal is read as keys, wherever it is cut and however often, but for an Esc that came alone"
  )
  func answersInPieces() {
    var state: UInt64 = 11
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return Int(state >> 33) % bound
    }
    for report in Self.reports {
      let bytes = Array(report.utf8)
      for round in 0..<400 {
        var decoder = decoder
        var found: [TerminalInput] = []
        var now: Int64 = 0
        // First each byte on its own with the same gap, then any.
        let gap: Int64? = round < 4 ? [70, 300, 500, 990][round] : nil
        for (index, byte) in bytes.enumerated() {
          found += decoder.decode([byte], at: now)
          let pause = gap ?? (random(3) == 0 ? Int64(random(990)) : 0)
          // As the loop does, which looks when the deadline has come.
          if let deadline = decoder.deadline, deadline < now + pause { found += decoder.expire(at: deadline) }
          if index == 0, found.isEmpty == false { #expect(found == [.key(Key(.escape))]) }
          now += pause
        }
        let keys = found.filter { if case .key = $0 { true } else { false } }
        #expect(keys.isEmpty || keys == [.key(Key(.escape))], "\(report.dropFirst()), round \(round)")
        #expect(decoder.decode("q".utf8, at: now + 6_000).last == .key(.character("q")))
      }
    }
  }

  @Test(
    "an answer that stops in its middle has its rest dropped for five seconds, and hinders nobody for longer")
  func brokenAnswers() {
    for report in Self.reports {
      let bytes = Array(report.utf8)
      for cut in 4..<bytes.count {
        var decoder = decoder
        #expect(decoder.decode(bytes[..<cut], at: 0).isEmpty)
        let end = decoder.deadline ?? 0
        #expect(end <= InputDecoder.answerGapMs, "\(report.dropFirst()) at \(cut)")
        #expect(decoder.expire(at: end).isEmpty)
        #expect(decoder.decode("q".utf8, at: end) == [.key(.character("q"))])
      }
    }
    // Who types on and on gets the keys back as well, and Ctrl-C and Esc at once.
    var decoder = decoder
    _ = decoder.decode("\u{1B}]11;".utf8, at: 0)
    var now: Int64 = 0
    var found: [TerminalInput] = []
    while found.isEmpty, now < 60_000 {
      now += 300
      if let deadline = decoder.deadline, deadline < now { _ = decoder.expire(at: deadline) }
      found = decoder.decode("q".utf8, at: now)
    }
    #expect(now <= InputDecoder.answerMs + 600)
    for begun in ["\u{1B}]11;rgb:", "\u{1B}[?1;"] {
      var decoder = self.decoder
      _ = decoder.decode(begun.utf8, at: 0)
      #expect(decoder.decode([3], at: 400) == [.key(.control("c"))])
      _ = decoder.decode(begun.utf8, at: 1_000)
      #expect(decoder.decode([0x1B], at: 1_400).isEmpty)
      #expect(decoder.decode("j".utf8, at: 1_800) == [.key(Key(.escape)), .key(.character("j"))])
    }
    #expect(inputs("\u{1B}[?" + String(repeating: "1;", count: 200) + "Rj") == [.key(.character("j"))])
  }

  @Test("any bytes at all leave the decoder able to read a key")
  func fuzz() {
    var state: UInt64 = 7
    let alphabet: [UInt8] = [
      0x1B, 0x5B, 0x4F, 0x5D, 0x50, 0x4D, 0x7E, 0x3C, 0x3B, 0x30, 0x32, 0x07, 0xC3, 0xF0, 0x80, 0x61, 0x18,
    ]
    for _ in 0..<5_000 {
      var decoder = decoder
      var bytes: [UInt8] = []
      for _ in 0..<12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1
        bytes.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      _ = decoder.decode(bytes, at: 0)
      _ = decoder.expire(at: 15_000)
      #expect(decoder.decode([0x71], at: 16_000).last == .key(.character("q")), "\(bytes)")
    }
  }
}
