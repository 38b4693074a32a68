import ArgumentParser
import OutsideText

/// A length of time as a person writes it: `500ms`, `1s`, `0.5`, `2m`, `1h`, `2m30s`; seconds unless a unit is given.
struct Interval: Equatable {
  var milliseconds: Int

  init(milliseconds: Int) { self.milliseconds = milliseconds }

  init(parsing text: String, allowed: ClosedRange<Int>) throws {
    let units: [(suffix: String, milliseconds: Double)] = [
      ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("", 1_000),
    ]
    func refused() -> ValidationError { ValidationError("write a time such as 500ms, 2s, 2m30s or 1h") }
    var rest = text[...]
    var sum = 0.0
    // Each part is of a smaller unit than the one before.
    var bound = Double.infinity
    repeat {
      let digits = rest.prefix { !("a"..."z").contains($0) }
      rest = rest.dropFirst(digits.count)
      let word = rest.prefix { ("a"..."z").contains($0) }
      rest = rest.dropFirst(word.count)
      guard let number = PlainNumber.decimal(digits),
        let unit = units.first(where: { $0.suffix == word }), unit.milliseconds < bound,
        !word.isEmpty || bound == .infinity
      else { throw refused() }
      sum += number * unit.milliseconds
      bound = unit.milliseconds
    } while !rest.isEmpty
    let milliseconds = sum.rounded()
    guard milliseconds >= Double(allowed.lowerBound), milliseconds <= Double(allowed.upperBound) else {
      throw ValidationError(
        "from \(Self.text(allowed.lowerBound)) to \(Self.text(allowed.upperBound)) is allowed")
    }
    self.milliseconds = Int(milliseconds)
  }

  /// As the manual writes it: `100ms`, `60s`, `15m`, `1h`, `7d`.
  private static func text(_ milliseconds: Int) -> String {
    let units: [(suffix: String, milliseconds: Int)] = [
      ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000),
    ]
    // Minutes and days are told from the second on: 60s, 24h.
    let unit = units.first { unit in
      milliseconds % unit.milliseconds == 0
        && milliseconds >= unit.milliseconds * (unit.suffix == "m" || unit.suffix == "d" ? 2 : 1)
    }
    guard let unit else { return milliseconds == 0 ? "0s" : "\(milliseconds)ms" }
    return "\(milliseconds / unit.milliseconds)\(unit.suffix)"
  }
}
