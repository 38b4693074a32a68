/// One dimension of a metric and its value.
struct Dimension {
  let name: String
  let value: String
  /// The values come from configuration or from clients, so nobody knows how many there will be.
  let isOpen: Bool

  static func open(_ name: String, _ value: String) -> Dimension {
    Dimension(name: name, value: value, isOpen: true)
  }

  /// One of few values that are known beforehand.
  static func closed(_ name: String, _ value: String) -> Dimension {
    Dimension(name: name, value: value, isOpen: false)
  }
}
