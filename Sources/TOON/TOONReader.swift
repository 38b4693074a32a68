import GenAPIValue

/// A reader of TOON text (Token-Oriented Object Notation, toon-spec: 4.0), strict by default.
///
/// Never traps and never nests deeper than its bound, whatever the bytes, and looks at each byte a bounded number of
/// times. Numbers without a point or an exponent are integers, all others doubles, and -0 is 0. A number too large for
/// a double is an error in strict mode and a text else.
///
/// What is not strict:
/// - declared counts and the number of a row's cells are not checked: missing cells are missing fields;
/// - of equal keys the last one wins, at the place of the first;
/// - blank lines may stand anywhere; indentation is rounded down to whole levels; lines that belong to no scope are
///   skipped, and so is what follows a root array;
/// - a faulty header is read as a key and a value.
///
/// Tabs in indentation, bytes that are no UTF-8, faulty escapes and missing colons are errors in both modes.
public struct TOONReader {
  /// How strictly a text is read, and its bounds.
  public struct Options: Sendable, Equatable {
    /// Spaces a level of indentation, 1 to 16.
    public var indentSize: Int
    /// Whether what the specification tells strict readers to refuse is refused.
    public var isStrict: Bool
    /// How deep arrays and objects may nest, at most `deepestMaxDepth`.
    public var maxDepth: Int
    /// The longest text that is read.
    public var maxBytes: Int
    /// What the rows of tables may repeat of their headers, in bytes of JSON. A header names each key once and every
    /// row has it, so a short text can hold a large value.
    public var maxRepeatedBytes: Int

    /// Makes options; those left out are the specification's defaults and this reader's bounds.
    public init(
      indentSize: Int = 2, isStrict: Bool = true, maxDepth: Int = TOONReader.defaultMaxDepth,
      maxBytes: Int = .max,
      maxRepeatedBytes: Int = 64 << 20
    ) {
      self.indentSize = min(max(indentSize, 1), 16)
      self.isStrict = isStrict
      self.maxDepth = min(maxDepth, TOONReader.deepestMaxDepth)
      self.maxBytes = maxBytes
      self.maxRepeatedBytes = maxRepeatedBytes
    }
  }

  /// How deep arrays and objects may nest unless told otherwise.
  public static let defaultMaxDepth = JSONReader.defaultMaxDepth
  /// How deep they may nest at most, for the sake of the stack.
  public static let deepestMaxDepth = JSONReader.deepestMaxDepth

  let bytes: UnsafeRawBufferPointer
  let options: Options
  let classes = ByteClasses()
  /// The line that is read next; nil at the end.
  var line: Line?
  var position = 0
  var lineNumber = 0
  /// Lines at this depth or deeper are inside an array whose first item was read: none may be blank before them.
  var spanDepth = Int.max
  /// Of the row that is read; kept for its memory.
  var cells: [Value] = []
  /// What the rows of tables repeated of their headers.
  var repeatedBytes = 0
  /// Whether an error's line and column are found, for which all before it is looked at. Not for one that may turn out to be
  /// none: its `column` is the offset then.
  var placesErrors = true
  /// Bytes looked at, each as often as that happened; for tests of how it grows.
  private(set) var work = 0

  private init(bytes: UnsafeRawBufferPointer, options: Options) {
    self.bytes = bytes
    self.options = options
  }

  /// Reads one document.
  ///
  /// - Throws: `TOONError` naming what is wrong, where, and the rule it breaks.
  public static func parse(
    _ bytes: UnsafeRawBufferPointer, options: Options = Options()
  ) throws(TOONError) -> Value {
    var work = 0
    return try parse(bytes, options: options, work: &work)
  }

  /// The same, telling how many bytes were looked at.
  package static func parse(
    _ bytes: UnsafeRawBufferPointer, options: Options, work: inout Int
  ) throws(TOONError) -> Value {
    guard bytes.count <= options.maxBytes else {
      throw TOONError("the text has \(bytes.count) bytes, more than \(options.maxBytes)", rule: .size)
    }
    var reader = TOONReader(bytes: bytes, options: options)
    defer { work = reader.work }
    try reader.checkUTF8()
    return try reader.document()
  }

  /// So many bytes are about to be looked at.
  @inline(__always)
  mutating func looksAt(_ count: Int) { work += count }

  // MARK: The root

  private mutating func document() throws(TOONError) -> Value {
    try advance()
    guard let first = line else { return .object([:]) }
    if first.depth == 0, let header = try header(first.start, first.end, level: 0), header.key == nil {
      let value = try body(of: header, depth: 0, level: 0)
      if options.isStrict, let line {
        throw error("nothing may follow the array or table that is the document", .rootForm, at: line.start)
      }
      return value
    }
    if first.depth == 0 || !options.isStrict, colon(first.start, first.end) == nil, try isLastLine() {
      return try value(first.start, first.end)
    }
    return .object(try scope(around: -1, level: 0, openedAt: 0))
  }

  /// Whether no other line follows; looks ahead without going there.
  private mutating func isLastLine() throws(TOONError) -> Bool {
    let here = (line, position, lineNumber)
    defer { (line, position, lineNumber) = here }
    try advance()
    return line == nil
  }

  // MARK: Errors

  mutating func error(_ message: String, _ rule: TOONError.Rule, at offset: Int) -> TOONError {
    guard placesErrors else { return TOONError(message, rule: rule, column: offset) }
    looksAt(min(offset, bytes.count))
    var number = 1
    var column = 1
    for index in 0..<min(offset, bytes.count) {
      if bytes[index] == 0x0A {
        number += 1
        column = 1
      } else if bytes[index] & 0xC0 != 0x80 {
        column += 1
      }
    }
    return TOONError(message, rule: rule, line: number, column: column)
  }

  /// One more array or object is read.
  mutating func open(_ level: Int, at offset: Int) throws(TOONError) {
    guard level < options.maxDepth else {
      throw error("expected no more than \(options.maxDepth) levels of nesting", .depth, at: offset)
    }
  }
}
