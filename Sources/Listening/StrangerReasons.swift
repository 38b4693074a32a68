/// Why strangers caused what is counted together: the first reasons by name, and how many more there were.
struct StrangerReasons: Sendable {
  /// Reasons that are told apart, and bytes of each: what strangers write has a share in them.
  private static let most = 12
  private static let mostBytes = 96

  private var counts: [String: Int64] = [:]
  private var others: Int64 = 0

  mutating func note(_ reason: String) {
    let isLong = reason.utf8.count > Self.mostBytes
    let reason = isLong ? String(decoding: reason.utf8.prefix(Self.mostBytes), as: UTF8.self) + "…" : reason
    if counts[reason] == nil, counts.count >= Self.most {
      others += 1
    } else {
      counts[reason, default: 0] += 1
    }
  }

  /// "token: it has expired (3), origin (2), 4 of other reasons"; nil for none.
  var text: String? {
    guard !counts.isEmpty else { return nil }
    var texts = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) (\($0.value))" }
    if others > 0 { texts.append("\(others) of other reasons") }
    return texts.joined(separator: ", ")
  }
}
