import GenAPIValue

extension Value {
  /// The same with bytes as the Base64 text that clients send for them, as the encoder writes `Data` as bytes; nil when there are none.
  ///
  /// - Parameter levels: objects and lists within each other that are looked into: those that an argument's declaration tells of.
  func withTextForBytes(levels: Int = 2) -> Value? {
    switch self {
    case .bytes(let bytes): return .string(ByteText(Base64.encode(bytes)))
    case .array(var items) where levels > 0:
      var isChanged = false
      for index in items.indices {
        guard let text = items[index].withTextForBytes(levels: levels - 1) else { continue }
        (items[index], isChanged) = (text, true)
      }
      return isChanged ? .array(items) : nil
    case .object(var object) where levels > 0:
      var isChanged = false
      for (key, value) in object {
        guard let text = value.withTextForBytes(levels: levels - 1) else { continue }
        (object[key], isChanged) = (text, true)
      }
      return isChanged ? .object(object) : nil
    default: return nil
    }
  }
}
