extension Value {
  /// Reads one JSON value from bytes: an array, a slice, a `String.UTF8View`, a buffer.
  ///
  /// ```swift
  /// let value = try Value(json: Array(#"{"user_id": 7}"#.utf8))
  /// ```
  ///
  /// - Parameters:
  ///   - maxDepth: how deep arrays and objects may nest, at most `JSONReader.deepestMaxDepth`.
  ///   - maxBytes: the longest text that is read.
  /// - Throws: `JSONError` naming what is wrong and at which byte.
  public init(
    json bytes: some Collection<UInt8>, maxDepth: Int = JSONReader.defaultMaxDepth, maxBytes: Int = .max
  ) throws(JSONError) {
    let result: Result<Value, JSONError>? = bytes.withContiguousStorageIfAvailable { buffer in
      Result { () throws(JSONError) in
        try JSONReader.parse(UnsafeRawBufferPointer(buffer), maxDepth: maxDepth, maxBytes: maxBytes)
      }
    }
    if let result {
      self = try result.get()
    } else {
      self = try JSONReader.parse(Array(bytes).span.bytes, maxDepth: maxDepth, maxBytes: maxBytes)
    }
  }

  /// Reads one JSON value from text.
  ///
  /// - Throws: `JSONError` naming what is wrong and at which byte of the text's UTF-8.
  public init(
    json text: String, maxDepth: Int = JSONReader.defaultMaxDepth, maxBytes: Int = .max
  ) throws(JSONError) {
    self = try Value(json: text.utf8, maxDepth: maxDepth, maxBytes: maxBytes)
  }

  /// The JSON text, in UTF-8. Bytes become a Base64 string; a double that is no number becomes null.
  public var jsonBytes: [UInt8] {
    var writer = JSONWriter()
    writer.value(self)
    return writer.bytes
  }

  /// The JSON text.
  public var json: String { String(decoding: jsonBytes, as: UTF8.self) }
}
