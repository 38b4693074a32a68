import GenAPIValue
import OutsideText
import TopModel
import TopScreen

/// What a check saw.
struct CheckVerdict: Equatable {
  /// The lowest and the highest of one thing, and the last in words.
  struct Seen: Equatable {
    var subject: String
    var last: String
    var lowest: String
    var highest: String
    var holds: Bool
  }

  var rule: String
  var held: Bool
  /// How long it had held when the verdict fell, in milliseconds.
  var heldMs: Int64
  var seen: [Seen]

  /// More than anybody reads.
  private static let mostLines = 50

  var text: String {
    let time = "\(heldMs / 1_000).\(heldMs % 1_000 / 100) s"
    var lines = [held ? "held for \(time): \(rule)" : "does not hold: \(rule)"]
    if !held, heldMs > 0 { lines[0] += ", after it had held for \(time)" }
    if seen.isEmpty { lines.append("  nothing was measured") }
    // What does not hold is what the reader looks for.
    let ordered = held ? seen : seen.filter { !$0.holds } + seen.filter(\.holds)
    for entry in ordered.prefix(Self.mostLines) {
      let range = entry.lowest == entry.highest ? "" : " (\(entry.lowest) to \(entry.highest))"
      lines.append(
        "  \(entry.holds == held || entry.holds ? " " : "!") \(entry.subject): \(entry.last)\(range)")
    }
    if ordered.count > Self.mostLines { lines.append("  and \(ordered.count - Self.mostLines) more") }
    // Names come from strangers.
    return lines.map(\.shown).joined(separator: "\n")
  }

  var json: String {
    var json = JSONWriter()
    json.value([
      "expression": .string(ByteText(rule)), "held": .bool(held), "held_ms": .int(heldMs),
      "seen": .array(
        seen.prefix(1_000).map {
          [
            "subject": .string(ByteText($0.subject)), "last": .string(ByteText($0.last)),
            "lowest": .string(ByteText($0.lowest)),
            "highest": .string(ByteText($0.highest)), "holds": .bool($0.holds),
          ]
        }),
    ])
    return String(decoding: JSONShown.escaping(json.text.utf8), as: UTF8.self)
  }
}
