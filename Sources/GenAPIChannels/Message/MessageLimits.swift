import GenAPIValue

/// Bounds of a message's parts, in bytes.
enum MessageLimits {
  static let reference = TextLimit.name
  static let name = TextLimit.name
}

/// The first byte of a binary frame.
enum BinaryKind: UInt8 {
  case push = 0
  case reply = 1
  case broadcast = 2
}
