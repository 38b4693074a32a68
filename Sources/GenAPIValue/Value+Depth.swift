extension Value {
  /// Whether arrays and objects nest deeper in it than `ValueCoding.mostLevels`: what writes or reads it calls itself for each level,
  /// and the stack of a thread has an end.
  package var isTooDeep: Bool { nests(deeperThan: ValueCoding.mostLevels) }

  /// What is said of one.
  package static let tooDeep: ByteText = "nests deeper than \(ValueCoding.mostLevels) levels"

  private func nests(deeperThan levels: Int) -> Bool {
    switch self {
    case .array(let elements):
      guard levels > 0 else { return true }
      return elements.contains { $0.nests(deeperThan: levels - 1) }
    case .object(let object):
      guard levels > 0 else { return true }
      return object.values.elements.contains { $0.nests(deeperThan: levels - 1) }
    default: return false
    }
  }
}
