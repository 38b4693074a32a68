extension Value {
  /// Reads one JSON value.
  ///
  /// - Throws: `JSONError` naming what is wrong and at which byte.
  public init(json bytes: some Sequence<UInt8>, maxDepth: Int = JSONReader.defaultMaxDepth) throws(JSONError)
  {
    let result: Result<Value, JSONError>? = bytes.withContiguousStorageIfAvailable { buffer in
      Result { () throws(JSONError) in
        try JSONReader.parse(UnsafeRawBufferPointer(buffer), maxDepth: maxDepth)
      }
    }
    if let result {
      self = try result.get()
    } else {
      self = try Value(json: Array(bytes), maxDepth: maxDepth)
    }
  }

  public init(json text: String, maxDepth: Int = JSONReader.defaultMaxDepth) throws(JSONError) {
    self = try Value(json: Array(text.utf8), maxDepth: maxDepth)
  }

  /// The JSON text, in UTF-8.
  public var jsonBytes: [UInt8] {
    var writer = JSONWriter()
    writer.value(self)
    return writer.bytes
  }

  /// The JSON text.
  public var json: String { String(decoding: jsonBytes, as: UTF8.self) }
}
