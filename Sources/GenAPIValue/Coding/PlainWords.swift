/// Marks a decoding's failure whose words tell of the value alone, and which whoever sent it may read: what initialisers of other types
/// throw may tell anything.
package struct PlainWords: Error {
  package init() {}
}

extension DecodingError.Context {
  /// - Parameter words: what is wrong, without the name of a type.
  package init(telling words: String, at path: [any CodingKey]) {
    self.init(codingPath: path, debugDescription: words, underlyingError: PlainWords())
  }
}
