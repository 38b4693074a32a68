import ArgumentParser

/// A length of time as a person writes it: `500ms`, `1s`, `0.5`, `2m`, `1h`; seconds unless a unit is given.
struct Interval: Equatable {
  var milliseconds: Int

  init(milliseconds: Int) { self.milliseconds = milliseconds }

  init(parsing text: String, allowed: ClosedRange<Int>) throws {
    let units: [(suffix: String, milliseconds: Double)] = [
      ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("", 1_000),
    ]
    let unit = units.first { text.hasSuffix($0.suffix) } ?? units[4]
    guard let number = Double(text.dropLast(unit.suffix.count)), number.isFinite else {
      throw ValidationError("write a time such as 500ms, 2s, 1m or 1h")
    }
    let milliseconds = (number * unit.milliseconds).rounded()
    guard milliseconds >= Double(allowed.lowerBound), milliseconds <= Double(allowed.upperBound) else {
      throw ValidationError(
        "from \(Self.text(allowed.lowerBound)) to \(Self.text(allowed.upperBound)) is allowed")
    }
    self.milliseconds = Int(milliseconds)
  }

  private static func text(_ milliseconds: Int) -> String {
    milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
  }
}
