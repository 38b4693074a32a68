import GenAPIValue

extension Value {
  /// Reads one TOON document from bytes: an array, a slice, a `String.UTF8View`, a buffer.
  ///
  /// ```swift
  /// let value = try Value(toon: "users[2]{id,name}:\n  1,Ada\n  2,Bob")
  /// ```
  ///
  /// - Throws: `TOONError` naming what is wrong, where, and the rule it breaks.
  public init(
    toon bytes: some Collection<UInt8>, options: TOONReader.Options = TOONReader.Options()
  ) throws(TOONError) {
    let result: Result<Value, TOONError>? = bytes.withContiguousStorageIfAvailable { buffer in
      Result { () throws(TOONError) in
        try TOONReader.parse(UnsafeRawBufferPointer(buffer), options: options)
      }
    }
    if let result {
      self = try result.get()
    } else {
      self = try Value(toon: Array(bytes), options: options)
    }
  }

  /// Reads one TOON document from text.
  ///
  /// - Throws: `TOONError` naming what is wrong, where, and the rule it breaks.
  public init(
    toon text: String, options: TOONReader.Options = TOONReader.Options()
  ) throws(TOONError) {
    self = try Value(toon: text.utf8, options: options)
  }

  /// The TOON document, in UTF-8.
  ///
  /// - Throws: `TOONError` when the value nests too deep.
  public func toonBytes(_ options: TOONWriter.Options = TOONWriter.Options()) throws(TOONError) -> [UInt8] {
    var writer = TOONWriter(options: options)
    try writer.document(self)
    return writer.bytes
  }

  /// The TOON document.
  ///
  /// - Throws: `TOONError` when the value nests too deep.
  public func toon(_ options: TOONWriter.Options = TOONWriter.Options()) throws(TOONError) -> String {
    String(decoding: try toonBytes(options), as: UTF8.self)
  }

  /// Neither an array nor an object.
  var isPrimitive: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  /// The same with the fields of every object in the order of their keys' bytes.
  func withSortedKeys(maxDepth: Int) throws(TOONError) -> Value {
    switch self {
    case .array(let elements):
      guard maxDepth > 0 else { throw TOONError("the value nests too deep", rule: .depth) }
      var sorted: [Value] = []
      sorted.reserveCapacity(elements.count)
      for element in elements { sorted.append(try element.withSortedKeys(maxDepth: maxDepth - 1)) }
      return .array(sorted)
    case .object(let object):
      guard maxDepth > 0 else { throw TOONError("the value nests too deep", rule: .depth) }
      var sorted = ValueObject(minimumCapacity: object.count)
      for key in object.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
        sorted[key] = try object[key]?.withSortedKeys(maxDepth: maxDepth - 1)
      }
      return .object(sorted)
    default: return self
    }
  }
}
