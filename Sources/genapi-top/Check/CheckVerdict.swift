import GenAPIValue
import OutsideText
import TopModel
import TopScreen

/// What a check saw.
struct CheckVerdict: Equatable {
  enum Outcome: Equatable {
    case held
    case broken
    /// It cannot be told, and why.
    case unknown(String)
  }

  /// One thing that the expression is about: the last finding, and those with the lowest and the highest number.
  struct Seen: Equatable {
    var subject: ByteText
    var last: AlertFinding
    var lowest: AlertFinding
    var highest: AlertFinding
  }

  var rule: String
  /// Of the numbers; nil for a condition.
  var unit: AlertUnit?
  /// What they were compared with.
  var bound: Double?
  var outcome: Outcome
  /// How long it had held when the verdict fell, in milliseconds.
  var heldMs: Int64
  var seen: [Seen]

  /// More than anybody reads.
  private static let mostLines = 50

  /// What a script is told.
  var exitCode: Int32 {
    switch outcome {
    case .held: 0
    case .broken: 1
    case .unknown: 2
    }
  }

  var text: String {
    let time = "\(heldMs / 1_000).\(heldMs % 1_000 / 100) s"
    var lines: [String]
    switch outcome {
    case .held: lines = [heldMs > 0 ? "held for \(time): \(rule)" : "holds: \(rule)"]
    case .broken: lines = ["does not hold: \(rule)" + (heldMs > 0 ? ", after it had held for \(time)" : "")]
    case .unknown(let reason): lines = ["cannot be told: \(rule)", "  \(reason)"]
    }
    // What does not hold is what the reader looks for.
    let isHeld = outcome == .held
    let ordered = isHeld ? seen : seen.filter { !$0.last.holds } + seen.filter(\.last.holds)
    for entry in ordered.prefix(Self.mostLines) {
      let range =
        entry.lowest.value == entry.highest.value ? "" : " (\(entry.lowest.value) to \(entry.highest.value))"
      let mark = entry.last.holds || outcome != .broken ? " " : "!"
      lines.append("  \(mark) \(entry.subject): \(entry.last.detail ?? entry.last.value)\(range)")
    }
    if ordered.count > Self.mostLines { lines.append("  and \(ordered.count - Self.mostLines) more") }
    // Names come from strangers.
    return lines.map(\.shown).joined(separator: "\n")
  }

  /// Numbers are in the unit that their names end with.
  var json: String {
    var fields: ValueObject = ["expression": .string(ByteText(rule))]
    switch outcome {
    case .held: fields["held"] = true
    case .broken: fields["held"] = false
    case .unknown(let reason):
      fields["held"] = .null
      fields["reason"] = .string(ByteText(reason))
    }
    fields["held_ms"] = .int(heldMs)
    if let unit, let bound { fields["bound_\(unit.rawValue)"] = Self.number(bound) }
    fields["seen"] = .array(seen.prefix(1_000).map { .object(value($0)) })
    return String(decoding: JSONShown.escaping(Value.object(fields).json.utf8), as: UTF8.self)
  }

  private func value(_ entry: Seen) -> ValueObject {
    var fields: ValueObject = ["subject": .string(entry.subject), "holds": .bool(entry.last.holds)]
    guard let unit else {
      fields["is"] = .string(entry.last.detail ?? entry.last.value)
      return fields
    }
    for (name, finding) in [("last", entry.last), ("lowest", entry.lowest), ("highest", entry.highest)] {
      fields["\(name)_\(unit.rawValue)"] = finding.number.map(Self.number) ?? .null
    }
    return fields
  }

  /// Whole numbers are written as such.
  private static func number(_ number: Double) -> Value {
    Int64(exactly: number).map(Value.int) ?? .double(number)
  }
}
