import TopScreen

/// Turns the bytes of a terminal into keys, clicks and pasted text.
///
/// Holds no descriptor and no clock: bytes and times (milliseconds on a clock that does not jump) go in, inputs come
/// out. What is not understood (a late answer, a key of another make) is swallowed, so that its bytes do not act as
/// keys.
struct InputDecoder {
  /// How long a lone Esc may still be the start of a sequence, and how close together come the bytes that a terminal sends at once.
  static let escapeMs: Int64 = 25
  /// How long the rest of a sequence may take, as over a slow network. What has begun is no lone Esc any more, but may be a key
  /// with Alt.
  static let sequenceMs: Int64 = 1_000
  /// How long the rest of what nobody types may take: of a sequence (`ESC [ 2`) after a cut, or one whose Esc came alone.
  static let restMs: Int64 = 2_000
  /// How long what a terminal alone sends may stop in its middle: till then its rest is none of the keys. Who types meanwhile loses
  /// what would end it, and has all keys again after so long a silence.
  static let answerGapMs: Int64 = 5_000
  /// How long such a thing may take in all; after that its bytes must come closer together than those of a hand.
  static let answerMs: Int64 = 30_000
  /// How close together are the bytes that no hand types: for so long is the rest of what no terminal is known to send waited for.
  static let steadyMs: Int64 = 100
  /// How long the bytes after an Esc that counted as a key wait for each other: a hand that types `[` waits for it.
  static let lateMs: Int64 = 1_000
  /// How long a paste may be silent before it counts as ended: a terminal that stalls must not make keys of its rest.
  static let pasteMs: Int64 = 10_000
  /// After how long a silence Ctrl-C alone ends a paste, as the key that it is: whoever waits for a screen that takes no keys presses
  /// it.
  static let stalledPasteMs: Int64 = 1_000
  /// More than any key's sequence or report has.
  private static let mostSequenceBytes = 64
  /// Of a paste or an answer that is kept; the rest is dropped. Above what the clipboard is given, in Base64.
  static let mostKeptBytes = 128 * 1_024

  private enum State: Equatable {
    case ground
    /// After an Esc.
    case escape
    /// In what may belong to an Esc which counted as a key.
    case late
    /// A sequence that ends with a letter: `ESC [ …` or `ESC O …`.
    case sequence
    /// The old mouse report: three bytes follow.
    case report(left: Int)
    /// An answer that ends with BEL or ESC \.
    case string
    case stringEscape
    case paste
  }

  private let keys: [[UInt8]: Key]
  private var state = State.ground
  /// Since the Esc; of a string or a paste, what is inside.
  private var pending: [UInt8] = []
  /// Of a character of several bytes.
  private var character: [UInt8] = []
  private var inputs: [TerminalInput] = []
  /// When what has begun is given up; nil when nothing has.
  private(set) var deadline: Int64?
  /// Nobody types Esc and a letter as close together as these bytes came: a letter with Alt.
  private var isTogether = true
  /// The Esc came with what is read now, as a terminal sends both at once.
  private var escapeIsNew = false
  /// An Esc before that came with it: of a key with Alt, should a key's sequence follow, else a key.
  private var isEscapeHeld = false
  /// When the last bytes came.
  private var lastAt: Int64 = 0
  /// Until when what comes may still be the rest of a sequence whose Esc counted as a key; nil when none did lately.
  private var lateUntil: Int64?
  /// How long an Esc is waited on: longer once the rest of a sequence came late, as it does over such a network again and again.
  private var escapeWaitMs = escapeMs
  /// How long after its Esc the rest of a sequence came.
  private var lateGapMs: Int64 = 0
  /// When what is read now came.
  private var readAt: Int64 = 0
  /// When what is read now began: a sequence, an answer.
  private var begunAt: Int64 = 0

  /// - Parameter keys: by the bytes the terminal sends for them.
  init(keys: [[UInt8]: Key]) { self.keys = keys }

  /// - Parameter since: when it was looked last whether there are any: they may have come any time since. nil where they were read as
  ///   they came.
  mutating func decode(_ bytes: some Sequence<UInt8>, at now: Int64, since: Int64? = nil) -> [TerminalInput] {
    inputs = []
    readAt = now
    escapeIsNew = false
    isTogether = now - (since ?? now) <= Self.escapeMs
    if let lateUntil, now > lateUntil { self.lateUntil = nil }
    let bytes = Array(bytes)
    if state == .paste, now - lastAt >= Self.stalledPasteMs, bytes == [3] { endPaste() }
    for byte in bytes { take(byte) }
    lastAt = now
    noteDeadline(now)
    return inputs
  }

  /// Call when the deadline has passed and there is nothing to read.
  mutating func expire(at now: Int64) -> [TerminalInput] {
    guard let deadline, now >= deadline else { return [] }
    inputs = []
    switch state {
    case .escape:
      inputs = [.key(Key(.escape))]
      lateUntil = now + Self.restMs
    case .late: takeAsTyped()
    case .paste: endPaste()
    default: break
    }
    reset()
    self.deadline = nil
    return inputs
  }

  private mutating func noteDeadline(_ now: Int64) {
    switch state {
    case .ground: deadline = nil
    case .escape: deadline = now + escapeWaitMs
    case .late: deadline = now + max(Self.lateMs, escapeWaitMs)
    case _ where isAnswer: deadline = now + answerGap(now)
    case .sequence where !isBegun(pending), .string where !isBegun([0x1B] + pending):
      // A key with Alt began it. One that is held down sends bytes as close together as a terminal: it is given up as well.
      deadline = min(now + Self.steadyMs, begunAt + Self.restMs)
    case .sequence where pending.count > 2: deadline = now + Self.restMs
    case .string where pending.count > 1: deadline = now + Self.restMs
    case .report, .stringEscape: deadline = now + Self.restMs
    case .sequence, .string: deadline = now + Self.sequenceMs
    case .paste: deadline = now + Self.pasteMs
    }
  }

  /// Whether what is read is what a terminal alone sends.
  private var isAnswer: Bool {
    let start = Array(pending.prefix(Self.mostSequenceBytes))
    return switch state {
    case .sequence: TerminalAnswer(start).isSure
    case .string, .stringEscape: TerminalAnswer([0x1B] + start).isSure
    default: false
    }
  }

  private func answerGap(_ now: Int64) -> Int64 {
    now - begunAt < Self.answerMs ? Self.answerGapMs : Self.steadyMs
  }

  private mutating func reset() {
    releaseEscape()
    state = .ground
    pending = []
  }

  private mutating func releaseEscape() {
    if isEscapeHeld { inputs.append(.key(Key(.escape))) }
    isEscapeHeld = false
  }

  private mutating func take(_ byte: UInt8) {
    switch state {
    case .ground:
      if lateUntil != nil, isBegun([0x1B, byte]) {
        pending = [0x1B, byte]
        state = .late
        begunAt = readAt
        lateGapMs = readAt - lastAt
      } else {
        lateUntil = nil
        takeInGround(byte)
      }
    case .late: takeLate(byte)
    case .escape: takeAfterEscape(byte)
    case .sequence: takeInSequence(byte)
    case .report(let left):
      pending.append(byte)
      state = .report(left: left - 1)
      if left == 1 { endReport() }
    case .string:
      switch byte {
      case 0x07: endString()
      case 0x1B:
        escapeIsNew = true
        state = .stringEscape
      case 0x03, 0x18, 0x1A: abandon(byte)
      default: keep(byte)
      }
    case .stringEscape:
      if byte == UInt8(ascii: "\\") { return endString() }
      // Given up half-way: a sequence of its own begins.
      character = []
      pending = [0x1B]
      begunAt = readAt
      state = .escape
      takeAfterEscape(byte)
    case .paste:
      keep(byte)
      if byte == UInt8(ascii: "~"), pending.suffix(Self.pasteEnd.count).elementsEqual(Self.pasteEnd) {
        pending.removeLast(Self.pasteEnd.count)
        endPaste()
      }
    }
  }

  private mutating func keep(_ byte: UInt8) {
    // Of too long a paste the newest bytes are kept in one place, so that its end is still seen.
    if pending.count >= Self.mostKeptBytes { pending.removeLast(pending.count - Self.mostKeptBytes + 64) }
    pending.append(byte)
  }

  private mutating func beginEscape() {
    releaseEscape()
    character = []
    pending = [0x1B]
    begunAt = readAt
    escapeIsNew = true
    state = .escape
  }

  private mutating func takeInGround(_ byte: UInt8) {
    if byte == 0x1B { return beginEscape() }
    if byte < 0x80 {
      character = []
      if let key = keys[[byte]] ?? Self.key(UInt32(byte)) { inputs.append(.key(key)) }
      return
    }
    // A byte that begins a character; what is no UTF-8 is left out.
    if byte >= 0xC0 { character = [] } else if character.isEmpty { return }
    character.append(byte)
    let length = character[0] >= 0xF0 ? 4 : character[0] >= 0xE0 ? 3 : 2
    guard character.count >= length else { return }
    if let text = String(validating: character, as: UTF8.self), let scalar = text.unicodeScalars.first,
      let key = Self.key(scalar.value)
    {
      inputs.append(.key(key))
    }
    character = []
  }

  private mutating func takeAfterEscape(_ byte: UInt8) {
    switch byte {
    case 0x1B:
      // A key of its own, directly followed by another sequence; that of a key with Alt, where both came at once.
      releaseEscape()
      if isTogether, escapeIsNew { isEscapeHeld = true } else { inputs.append(.key(Key(.escape))) }
    case UInt8(ascii: "["), UInt8(ascii: "O"):
      pending.append(byte)
      state = .sequence
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
      releaseEscape()
      pending = [byte]
      state = .string
    default:
      let known = keys[pending + [byte]]
      reset()
      if let known { return inputs.append(.key(known)) }
      // A key with Alt is bound to nothing: it is neither Esc nor the key alone.
      if isTogether, escapeIsNew { return }
      inputs.append(.key(Key(.escape)))
      takeInGround(byte)
    }
  }

  /// What may be the rest of a sequence is held back until it is one, or cannot be one any more: then it was typed.
  private mutating func takeLate(_ byte: UInt8) {
    let sequence = pending + [byte]
    let isKey = keys[sequence] != nil || sequence == Self.pasteStart
    let answer = TerminalAnswer(sequence)
    guard isKey || answer != .no || isBegun(sequence) else {
      takeAsTyped()
      return take(byte)
    }
    pending = sequence
    guard isKey || answer.isSure else { return }
    lateUntil = nil
    escapeWaitMs = max(escapeWaitMs, min(Self.sequenceMs, 2 * lateGapMs))
    switch answer {
    case .sequence where !isKey: state = .sequence
    case .string where !isKey:
      state = .string
      pending.removeFirst()
    default: endSequence()
    }
  }

  private func isBegun(_ sequence: [UInt8]) -> Bool {
    TerminalAnswer(sequence) != .no || Self.pasteStart.starts(with: sequence)
      || keys.keys.contains { $0.count > 2 && $0.starts(with: sequence) }
  }

  private mutating func takeAsTyped() {
    let typed = pending.dropFirst()
    lateUntil = nil
    reset()
    for byte in typed { takeInGround(byte) }
  }

  private mutating func takeInSequence(_ byte: UInt8) {
    let isFirst = pending.count == 2
    if byte == 0x1B { return beginEscape() }
    // CAN and SUB end a sequence, and nothing below a blank belongs to one.
    guard byte >= 0x20, byte < 0x7F else { return abandon(byte) }
    // What is longer than any is read to its end all the same, and forgotten.
    if pending.count < Self.mostSequenceBytes { pending.append(byte) } else if byte >= 0x40 { return reset() }
    if isFirst, pending[1] == UInt8(ascii: "[") {
      if byte == UInt8(ascii: "M") {
        state = .report(left: 3)
        return
      }
      // The Linux console's F1 to F5: `ESC [ [ A`.
      if byte == UInt8(ascii: "[") { return }
    }
    if byte >= 0x40 { endSequence() }
  }

  /// Ends what is read without its end. Ctrl-C is the key that it is: whoever waits for a screen that takes no keys presses it.
  private mutating func abandon(_ byte: UInt8) {
    reset()
    if byte == 0x03 { takeInGround(byte) }
  }

  private mutating func endSequence() {
    let sequence = pending
    let key = keys[sequence]
    if key != nil, isEscapeHeld {
      isEscapeHeld = false
      return reset()
    }
    reset()
    if let key { return inputs.append(.key(key)) }
    let text = String(decoding: sequence.dropFirst(), as: UTF8.self)
    if sequence == Self.pasteStart {
      state = .paste
    } else if let event = MouseEvent(report: text) {
      inputs.append(.mouse(event))
    } else if text.hasPrefix("[?"), text.hasSuffix("c") {
      inputs.append(.attributes)
    }
  }

  private static let pasteStart = Array("\u{1B}[200~".utf8)
  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  private mutating func endPaste() {
    inputs.append(.pasted(String(decoding: pending, as: UTF8.self)))
    reset()
  }

  /// `ESC [ M` and button, column and row as bytes from 32 on.
  private mutating func endReport() {
    let numbers = pending.suffix(3).map { Int($0) - 32 }
    reset()
    if let event = MouseEvent(report: "[<\(numbers[0]);\(numbers[1]);\(numbers[2])M") {
      inputs.append(.mouse(event))
    }
  }

  private mutating func endString() {
    let text = String(decoding: pending, as: UTF8.self)
    reset()
    guard text.hasPrefix("]52;") else { return }
    let parts = text.utf8.split(separator: UInt8(ascii: ";"), maxSplits: 2, omittingEmptySubsequences: false)
    if parts.count == 3 { inputs.append(.clipboard(String(Substring(parts[2])))) }
  }

  /// A character; control characters are the key with Ctrl, but for those with a key of their own.
  static func key(_ code: UInt32) -> Key? {
    switch code {
    case 8, 127: return Key(.backspace)
    case 9: return Key(.tab)
    case 10, 13: return Key(.enter)
    case 27: return Key(.escape)
    case 1...26:
      return Unicode.Scalar(code + 96).map { Key(.character(Character($0)), control: true) }
    case 0...31, 0x80...0x9F: return nil
    default:
      return Unicode.Scalar(code).map { Key(.character(Character($0))) }
    }
  }
}
