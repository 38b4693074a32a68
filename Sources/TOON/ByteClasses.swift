/// What each byte means to a text without quotes, in one look.
struct ByteClasses {
  /// Needs quotes wherever it stands: a colon, a quote, a backslash, brackets, braces, control characters.
  static let special: UInt8 = 1
  static let comma: UInt8 = 2
  static let pipe: UInt8 = 4
  /// Has to be escaped within quotes.
  static let escaped: UInt8 = 8
  /// Needs quotes where it begins a text: `-`, `#`, a space.
  static let badStart: UInt8 = 16
  /// Begins what may be a number or a word: `+`, a digit, `t`, `f`, `n`.
  static let maybeLiteral: UInt8 = 32
  /// May begin a key without quotes.
  static let keyStart: UInt8 = 64
  /// May stand in a key without quotes.
  static let key: UInt8 = 128

  private static let table: [UInt8] = (0...255).map { (byte: Int) -> UInt8 in
    let scalar = Unicode.Scalar(UInt8(byte))
    var classes: UInt8 = 0
    if byte < 0x20 { classes |= special | escaped }
    switch scalar {
    case ":", "[", "]", "{", "}": classes |= special
    case "\"", "\\": classes |= special | escaped
    case ",": classes |= comma
    case "|": classes |= pipe
    case "-", "#", " ": classes |= badStart
    case "+", "0"..."9", "t", "f", "n": classes |= maybeLiteral
    default: break
    }
    switch scalar {
    case "a"..."z", "A"..."Z", "_": classes |= keyStart | key
    case "0"..."9", ".": classes |= key
    default: break
    }
    return classes
  }

  /// Lives as long as the program, so that a look-up needs no check of bounds and no count of references.
  private nonisolated(unsafe) static let start: UnsafePointer<UInt8> = {
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    copy.initialize(from: table, count: 256)
    return UnsafePointer(copy)
  }()

  /// The table is taken once by who looks often.
  private let start = Self.start

  @inline(__always)
  subscript(byte: UInt8) -> UInt8 { start[Int(byte)] }

  /// The class of a delimiter; a tab is a control character and special anyway.
  static func of(_ delimiter: TOONDelimiter) -> UInt8 {
    switch delimiter {
    case .comma: comma
    case .tab: special
    case .pipe: pipe
    }
  }
}
