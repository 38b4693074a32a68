import GenAPIValue

/// Bounds that are written as something which the argument is not.
enum ArgumentBoundFaults {
  static func faults(
    of type: Any.Type, _ spec: ArgumentSpec, _ bounds: [(name: ByteText, (any ArgumentBound)?)]
  )
    -> [ByteText]
  {
    bounds.compactMap { name, bound in
      guard let bound else { return nil }
      if bound is Duration, !ArgumentLeaf.isMade(type, of: Duration.self) {
        return "\(name) is a Duration, and it is \(ArgumentOption.swiftName(of: spec.type))"
      }
      guard spec.isWhole, case .double(let double) = bound.argumentBound, double.isFinite else { return nil }
      return "\(name) must be a whole number, as its type is, not \(ByteText("\(double)"))"
    }
  }
}
