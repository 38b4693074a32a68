import GenAPIValue

/// Appends TOON text (Token-Oriented Object Notation, toon-spec: 4.0) to memory of its own.
///
/// Bytes become a Base64 string and a double that is no number becomes null, as in JSON. Integers keep their digits
/// whatever their size; a whole double below 1e21 is written as an integer.
///
/// ```swift
/// var toon = TOONWriter()
/// try toon.document(["users": [["id": 1, "name": "Ada"], ["id": 2, "name": "Bob"]]])
/// toon.text  // users[2]{id,name}:
///            //   1,Ada
///            //   2,Bob
/// ```
public struct TOONWriter: ~Copyable {
  /// How a value is laid out.
  public struct Options: Sendable, Equatable {
    /// Spaces a level of indentation, 1 to 16.
    public var indentSize: Int
    /// What stands between the values of a row.
    public var delimiter: TOONDelimiter
    /// The version of the specification that is written.
    public var version: TOONVersion
    /// The order in which an object's fields are written.
    public var keyOrder: TOONKeyOrder
    /// How deep arrays and objects may nest, at most `TOONReader.deepestMaxDepth`.
    public var maxDepth: Int

    public init(
      indentSize: Int = 2, delimiter: TOONDelimiter = .comma, version: TOONVersion = .v4,
      keyOrder: TOONKeyOrder = .encountered, maxDepth: Int = TOONReader.deepestMaxDepth
    ) {
      self.indentSize = min(max(indentSize, 1), 16)
      self.delimiter = delimiter
      self.version = version
      self.keyOrder = keyOrder
      self.maxDepth = min(maxDepth, TOONReader.deepestMaxDepth)
    }
  }

  /// The options it was made with.
  public let options: Options
  var memory: TextMemory
  let classes = ByteClasses()
  let words: TextWords
  /// What needs quotes in a text that stands anywhere in the document: it has one delimiter.
  let quotedClasses: UInt8
  /// Values looked at to find the tables; for tests of how that grows.
  package internal(set) var looks = 0

  /// - Parameter capacity: bytes that can be written before the memory grows.
  public init(options: Options = Options(), capacity: Int = 256) {
    self.options = options
    memory = TextMemory(capacity: capacity)
    words = TextWords(delimiter: options.delimiter.rawValue)
    quotedClasses = ByteClasses.special | ByteClasses.of(options.delimiter)
  }

  /// How many bytes were written.
  public var count: Int { memory.count }

  /// What was written.
  public var bytes: [UInt8] { withBytes { Array($0) } }

  /// What was written, as text.
  public var text: String { withBytes { String(decoding: $0, as: UTF8.self) } }

  /// Shows what was written, without a copy, for the time of the call.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: memory.start, count: memory.count))
  }

  /// Begins anew, in the same memory unless that has grown beyond so many bytes.
  public mutating func restart(keepingAtMost limit: Int = .max) {
    if memory.capacity > limit { memory = TextMemory(capacity: 256) }
    memory.count = 0
  }

  /// A whole document; nothing else may be written with it.
  ///
  /// - Throws: `TOONError` when the value nests too deep.
  public mutating func document(_ value: Value) throws(TOONError) {
    if options.keyOrder == .sorted {
      try root(value.withSortedKeys(maxDepth: options.maxDepth))
    } else {
      try root(value)
    }
  }

  private mutating func root(_ value: Value) throws(TOONError) {
    switch value {
    case .array(let elements) where elements.isEmpty && options.version == .v4: literal("[]")
    case .array(let elements): try array(elements, at: .field(depth: 0), level: 0)
    case .object(let object): try rootObject(object)
    default: primitive(value)
    }
  }

  /// An empty object is an empty document.
  private mutating func rootObject(_ object: ValueObject) throws(TOONError) {
    try open(0)
    if let columns = keyedColumns(object, level: 0) {
      keyedTable(object, columns, depth: 0)
    } else {
      try fields(object, depth: 0, level: 1, isLineBegun: false)
    }
  }

  func open(_ level: Int) throws(TOONError) {
    guard level < options.maxDepth else {
      throw TOONError("the value nests deeper than \(options.maxDepth) levels", rule: .depth)
    }
  }

  // MARK: Objects

  /// - Parameter isLineBegun: the first field goes on the line that stands there, behind the mark of a list's item.
  mutating func fields(_ object: ValueObject, depth: Int, level: Int, isLineBegun: Bool) throws(TOONError) {
    var continues = isLineBegun
    // By index: what goes through an ordered dictionary by itself holds a copy of it.
    let values = object.values.elements
    for index in values.indices {
      if continues { continues = false } else { line(depth) }
      try field(object.keys[index], values[index], depth, level)
    }
  }

  private mutating func field(_ key: ByteText, _ value: Value, _ depth: Int, _ level: Int) throws(TOONError) {
    self.key(key)
    switch value {
    case .array(let elements): try array(elements, at: .field(depth: depth), level: level)
    case .object(let object):
      try open(level)
      if let columns = keyedColumns(object, level: level) {
        keyedTable(object, columns, depth: depth)
      } else {
        memory.append(UInt8(ascii: ":"))
        try fields(object, depth: depth + 1, level: level + 1, isLineBegun: false)
      }
    default:
      memory.reserve(2)
      memory.put(UInt8(ascii: ":"))
      memory.put(UInt8(ascii: " "))
      primitive(value)
    }
  }

  // MARK: Arrays

  /// Where an array's header stands: behind a key or alone in a document, or behind the mark of a list's item, where
  /// a table cannot be.
  enum Position {
    case field(depth: Int)
    case item(depth: Int)

    var depth: Int {
      switch self {
      case .field(let depth), .item(let depth): depth
      }
    }
  }

  mutating func array(_ elements: [Value], at position: Position, level: Int) throws(TOONError) {
    try open(level)
    if elements.isEmpty { return emptyArray(at: position) }
    guard let first = elements.firstIndex(where: { !$0.isPrimitive }) else { return inline(elements) }
    if first == 0, case .field(let depth) = position, let columns = columns(of: elements, level: level) {
      header(count: elements.count, isKeyed: false, columns)
      for element in elements {
        line(depth + 1)
        if case .object(let object) = element { row(object, columns) }
      }
      return
    }
    header(count: elements.count)
    for element in elements { try item(element, depth: position.depth + 1, level: level + 1) }
  }

  private mutating func emptyArray(at position: Position) {
    if case .field = position, options.version == .v4 { literal(": []") } else { header(count: 0) }
  }

  private mutating func inline(_ elements: [Value]) {
    header(count: elements.count)
    memory.append(UInt8(ascii: " "))
    var isFirst = true
    for element in elements {
      if isFirst { isFirst = false } else { memory.append(options.delimiter.rawValue) }
      primitive(element)
    }
  }

  /// An item of a list, on a line of its own.
  mutating func item(_ value: Value, depth: Int, level: Int) throws(TOONError) {
    line(depth)
    memory.append(UInt8(ascii: "-"))
    switch value {
    case .array(let elements):
      memory.append(UInt8(ascii: " "))
      try array(elements, at: .item(depth: depth), level: level)
    case .object(let object):
      try open(level)
      guard !object.isEmpty else { return }
      memory.append(UInt8(ascii: " "))
      try fields(object, depth: depth + 1, level: level + 1, isLineBegun: true)
    default:
      memory.append(UInt8(ascii: " "))
      primitive(value)
    }
  }

  // MARK: Lines

  /// Begins a line.
  mutating func line(_ depth: Int) {
    let spaces = depth * options.indentSize
    // Spaces are put eight at a time, some of them to be written over.
    memory.reserve(spaces + 9)
    if memory.count > 0 { memory.put(UInt8(ascii: "\n")) }
    var written = 0
    while written < spaces {
      memory.next.storeBytes(of: 0x2020_2020_2020_2020, toByteOffset: written, as: UInt64.self)
      written += 8
    }
    memory.count += spaces
  }

  /// The header of an array without columns: `[3]:`.
  mutating func header(count: Int) {
    bracket(count: count, isKeyed: false)
    memory.append(UInt8(ascii: ":"))
  }

  mutating func bracket(count: Int, isKeyed: Bool) {
    memory.reserve(TextMemory.longestInt + 4)
    memory.put(UInt8(ascii: "["))
    memory.put(Int64(count))
    if isKeyed { memory.put(UInt8(ascii: ":")) }
    if options.delimiter != .comma { memory.put(options.delimiter.rawValue) }
    memory.put(UInt8(ascii: "]"))
  }
}
