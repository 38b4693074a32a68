/// Bounds of a message's parts, in bytes.
enum MessageLimits {
  static let reference = 256
  static let name = 1_024
}

/// The first byte of a binary frame.
enum BinaryKind: UInt8 {
  case push = 0
  case reply = 1
  case broadcast = 2
}
