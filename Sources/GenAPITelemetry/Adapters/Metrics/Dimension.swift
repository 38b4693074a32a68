import GenAPIValue

/// One dimension of a metric and its value.
struct Dimension {
  let name: String
  let value: ByteText
  /// The values come from configuration or from clients, so nobody knows how many there will be.
  let isOpen: Bool

  static func open(_ name: String, _ value: ByteText) -> Dimension {
    Dimension(name: name, value: value, isOpen: true)
  }

  /// Makes one of few values that are known beforehand.
  static func closed(_ name: String, _ value: ByteText) -> Dimension {
    Dimension(name: name, value: value, isOpen: false)
  }

  static func closed(_ name: String, _ value: some RawRepresentable<String>) -> Dimension {
    Dimension(name: name, value: ByteText(value.rawValue), isOpen: false)
  }
}
