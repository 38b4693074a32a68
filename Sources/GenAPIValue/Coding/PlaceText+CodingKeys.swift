extension PlaceText.Part {
  /// A step of a decoding's path.
  package init(_ key: any CodingKey) {
    self = key.intValue.map(Self.index) ?? .key(key.stringValue)
  }
}
