import GenAPIValue

/// The least and the greatest number that an argument may be, both of them allowed.
struct NumberRange: Sendable, Hashable {
  var least: Value?
  var most: Value?

  /// Whether the value is a number of this range; one that is no number at all, such as `Double.nan`, is in none.
  func contains(_ number: Value) -> Bool {
    guard let double = number.double, !double.isNaN else { return false }
    if let least, Self.isBelow(number, least) { return false }
    if let most, Self.isBelow(most, number) { return false }
    return true
  }

  /// "1 to 100", "at least 1", "at most 100": what follows "must be".
  var text: ByteText {
    switch (least, most) {
    case (let least?, let most?): "\(least.json) to \(most.json)"
    case (let least?, nil): "at least \(least.json)"
    case (nil, let most?): "at most \(most.json)"
    case (nil, nil): "a number"
    }
  }

  /// The number of this range that is nearest to 0.
  ///
  /// - Parameter isWhole: it must have no fraction; 0 when the range has no such number.
  func nearestToZero(isWhole: Bool) -> Value {
    if contains(0) { return 0 }
    let isAbove = least.map { !Self.isBelow($0, 0) } ?? false
    guard let bound = isAbove ? least : most else { return 0 }
    guard isWhole, case .double(let double) = bound else { return bound }
    return Int64(exactly: double.rounded(isAbove ? .up : .down)).map(Value.int) ?? 0
  }

  /// Every fault of the bounds themselves.
  ///
  /// - Parameter isWhole: only whole numbers of 64 bits are taken.
  func faults(isWhole: Bool) -> [ByteText] {
    var faults: [ByteText] = []
    for (name, bound) in [("min", least), ("max", most)] {
      switch bound {
      case nil, .int, .wideInteger: break
      case .double(let double) where double.isFinite: break
      case let other?:
        faults.append("\(name) must be a finite number, not \(other.shownNumber)")
      }
    }
    if faults.isEmpty, let least, let most, Self.isBelow(most, least) {
      faults.append("min must not be above max; they are \(least.json) and \(most.json)")
    }
    let nearest = nearestToZero(isWhole: true)
    if faults.isEmpty, isWhole, nearest.int == nil || !contains(nearest) {
      faults.append("whole leaves no number of 64 bits that is \(text)")
    }
    return faults
  }

  /// Exact where a conversion to `Double` would round: 2^53 + 1 is above 2^53.
  static func isBelow(_ one: Value, _ other: Value) -> Bool {
    switch (one, other) {
    case (.int(let one), .int(let other)): one < other
    case (.wideInteger(let one), .int): one.isNegative
    case (.int, .wideInteger(let other)): !other.isNegative
    case (.wideInteger(let one), .wideInteger(let other)): one < other
    case (.int(let one), .double(let other)):
      other >= 0x1p63 || (other >= -0x1p63 && one < Int64(other.rounded(.up)))
    case (.double(let one), .int(let other)):
      one < -0x1p63 || (one < 0x1p63 && Int64(one.rounded(.down)) < other)
    default: (one.double ?? .nan) < (other.double ?? .nan)
    }
  }
}

extension Value {
  /// As JSON, but for numbers that JSON has no form for: "nan", "inf".
  var shownNumber: ByteText {
    if case .double(let double) = self, !double.isFinite { return ByteText("\(double)") }
    return ByteText(json).cut(bytes: 80)
  }

  /// A number in it that is none, or infinite; nil when all are finite.
  var endlessNumber: Double? {
    switch self {
    case .double(let double): double.isFinite ? nil : double
    case .array(let items): Self.endlessNumber(in: items)
    case .object(let object): Self.endlessNumber(in: object.values)
    default: nil
    }
  }

  /// Each value is looked at once: the first of a lazy list would be found anew at every level.
  private static func endlessNumber(in values: some Sequence<Value>) -> Double? {
    for value in values {
      if let number = value.endlessNumber { return number }
    }
    return nil
  }
}
