import GenAPIValue

/// Bounds that are written as something which the argument is not.
enum ArgumentBoundFaults {
  static func faults(
    of type: Any.Type, _ spec: ArgumentSpec, _ bounds: [(name: ByteText, (any ArgumentBound)?)],
    _ own: NumberRange?
  )
    -> [ByteText]
  {
    let kind = ArgumentKind(type)
    let idle = [ArgumentOption.maxBytes, .maxItems, .maxItemBytes].filter {
      $0.isStated(in: spec) && $0.fits(spec.type, spec.isDecimal) && !kind.has($0)
    }
    return idle.map {
      "\(FaultWords.swift.field(ByteText($0.rawValue))) is for \($0.swiftTypes), not for \(kind.words)"
    } + numberFaults(of: type, spec, bounds, own)
  }

  private static func numberFaults(
    of type: Any.Type, _ spec: ArgumentSpec, _ bounds: [(name: ByteText, (any ArgumentBound)?)],
    _ own: NumberRange?
  ) -> [ByteText] {
    bounds.compactMap { name, bound in
      guard let bound else { return nil }
      if bound is Duration, !ArgumentLeaf.isMade(type, of: Duration.self) {
        return "\(name) is a Duration, and it is \(ArgumentOption.swiftName(of: spec.type))"
      }
      if spec.type == .map, !ArgumentLeaf.isDictionaryOfNumbers(type) {
        return
          "\(name) is for numbers, and arrays and dictionaries of numbers, not for \(ArgumentOption.swiftName(of: spec.type))"
      }
      if let own, !own.contains(bound.argumentBound), own.contains(0) {
        return "\(name) is \(bound.argumentBound.shownNumber), and its type is \(own.text)"
      }
      // A bound beyond 64 bits says that such numbers are taken.
      if own == nil, spec.isWide, case .wideInteger(let wide) = bound.argumentBound,
        wide.isNegative == (name == "min")
      {
        return
          "\(name) is \(bound.argumentBound.shownNumber), and its type is \(NumberRange(least: .int(.min), most: .int(.max)).text)"
      }
      guard spec.isWhole, case .double(let double) = bound.argumentBound, double.isFinite else { return nil }
      return "\(name) must be a whole number, as its type is, not \(ByteText("\(double)"))"
    }
  }
}
