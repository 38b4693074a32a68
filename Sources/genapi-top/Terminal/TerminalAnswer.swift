/// Tells how far bytes are something that a terminal alone sends: an answer to what it was asked, or a click.
///
/// Judged by the bytes since the Esc, so that what comes in pieces, however slowly, is told apart from what a person types.
enum TerminalAnswer: Equatable {
  /// A person types it as well.
  case no
  /// It may become one.
  case maybe
  /// It is one with control sequence form, of which the rest is still to come: `ESC [ ? …`, `ESC [ 12 ; …`.
  case sequence
  /// It is one that ends with BEL or ESC \: `ESC ] 11 ; …`, `ESC P > | …`.
  case string
  /// It is all of one.
  case whole

  /// Nobody types it.
  var isSure: Bool { self != .no && self != .maybe }

  /// As many digits as a number may have by which an answer begins.
  private static let mostDigits = 5
  /// What answers of one number end with: whether all is well, where the cursor is, what the terminal is.
  private static let ends = Set("nRcty".utf8)

  /// - Parameter sequence: with the Esc.
  init(_ sequence: [UInt8]) {
    let rest = sequence.dropFirst(2)
    guard sequence.first == 0x1B, sequence.count > 1 else {
      self = sequence == [0x1B] ? .maybe : .no
      return
    }
    switch sequence[1] {
    case UInt8(ascii: "["): self = Self.ofControl(rest)
    case UInt8(ascii: "]"):
      self = Self.afterDigits(rest) { $0 == UInt8(ascii: ";") ? .string : .no }
    case UInt8(ascii: "P"):
      switch rest.first {
      case UInt8(ascii: ">"), UInt8(ascii: "!"):
        self = rest.count == 1 ? .maybe : rest.dropFirst().first == UInt8(ascii: "|") ? .string : .no
      default:
        self = Self.afterDigits(rest) { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "+") ? .string : .no }
      }
    case UInt8(ascii: "_"):
      // A `G` alone is a key: after Alt+_ it may be typed.
      let begin = "Gi=".utf8
      self = rest.starts(with: begin) ? .string : begin.starts(with: rest) ? .maybe : .no
    default: self = .no
    }
  }

  private static func ofControl(_ rest: ArraySlice<UInt8>) -> TerminalAnswer {
    if let first = rest.first, "?<>=".utf8.contains(first) { return .sequence }
    return afterDigits(rest) {
      $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "$") ? .sequence : ends.contains($0) ? .whole : .no
    }
  }

  /// What some digits are with what follows them.
  private static func afterDigits(_ rest: ArraySlice<UInt8>, _ judge: (UInt8) -> TerminalAnswer)
    -> TerminalAnswer
  {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    guard digits.count <= mostDigits else { return .no }
    guard let next = rest.dropFirst(digits.count).first else { return .maybe }
    return digits.isEmpty ? .no : judge(next)
  }
}
