import GenAPIValue
import TopModel

/// How a row differs from how it was at the mark, the most important first.
package struct RowChange: Equatable, Sendable {
  struct Part: Equatable, Sendable {
    var text: String
    /// What it is now, without what it was: for where there is no room.
    var short: String
    /// How much it asks for attention; what became worse counts twice.
    var weight: Double
    /// nil for what is neither worse nor better.
    var isWorse: Bool?
  }

  private(set) var parts: [Part] = []

  /// What rows are sorted by: that of the first part.
  var weight: Double { parts.first?.weight ?? 0 }

  /// The column's name, in files and for whoever sorts by it.
  static let column = "change"

  /// It was there, and is not any more.
  static let gone: RowChange = {
    var change = RowChange()
    change.add("gone", weight: 16)
    return change
  }()

  mutating func add(_ text: String, short: String? = nil, weight: Double, isWorse: Bool? = nil) {
    parts.append(
      Part(
        text: text, short: short ?? text, weight: isWorse == true ? weight * 2 : weight, isWorse: isWorse))
    parts.sort { $0.weight > $1.weight }
  }

  /// Percentages, told from half a point on.
  ///
  /// - Parameter share: how much a point weighs.
  mutating func points(_ name: String, _ before: Double?, _ now: Double?, share: Double = 1) {
    guard let before, let now, abs(now - before) >= 0.5 else { return }
    add(
      "\(name) \(NumberText.percent(before))→\(NumberText.percent(now))",
      short: "\(name)→\(NumberText.percent(now))", weight: abs(now - before) * share,
      isWorse: now > before)
  }

  /// Numbers, told where they became a fifth more or less.
  ///
  /// - Parameters:
  ///   - weight: of twice as much.
  ///   - isWorseUp: nil where more is neither worse nor better.
  mutating func ratio(
    _ name: String, _ before: Double?, _ now: Double?, weight: Double, isWorseUp: Bool? = nil,
    _ text: (Double) -> String
  ) {
    guard let before, let now, before != now, before >= 0, now >= 0 else { return }
    let (shownBefore, shownNow) = (text(before), text(now))
    // `0`, `0.0` and `<0.1` are no change that anybody asks for.
    guard shownBefore != shownNow, ![shownBefore, shownNow].allSatisfy(Self.isNothing) else { return }
    let (less, more) = (min(before, now), max(before, now))
    // From nothing or to nothing counts as sixteen times.
    var doublings = 4.0
    if less > 0 {
      guard more / less >= 1.2 else { return }
      var rest = more / less
      doublings = 0
      while rest >= 2, doublings < 40 {
        rest /= 2
        doublings += 1
      }
      doublings += rest - 1
    }
    add(
      "\(name) \(shownBefore)→\(shownNow)", short: "\(name)→\(shownNow)", weight: weight * doublings,
      isWorse: isWorseUp.map { $0 == (now > before) })
  }

  private static func isNothing(_ text: String) -> Bool {
    text.hasPrefix("<") || text.allSatisfy { $0 == "0" || $0 == "." || $0 == "/" || $0 == "s" }
  }

  /// Counts, told whenever they differ.
  mutating func count(_ name: String, _ before: Int, _ now: Int, weight: Double, isWorseUp: Bool? = nil) {
    guard before != now else { return }
    add(
      "\(name) \(NumberText.short(before))→\(NumberText.short(now))",
      short: "\(name)→\(NumberText.short(now))", weight: weight,
      isWorse: isWorseUp.map { $0 == (now > before) })
  }

  /// The columns that all of it takes.
  var width: Int {
    parts.reduce(0) { $0 + DisplayWidth.of($1.text.shown) } + 2 * max(0, parts.count - 1)
  }

  /// The columns that the most important part takes.
  var firstWidth: Int { parts.first.map { DisplayWidth.of($0.text.shown) } ?? 0 }

  /// The columns without which not even the most important can be said.
  var leastWidth: Int { parts.first.map { DisplayWidth.of($0.short.shown) } ?? 0 }

  /// What fits, whole: the most important first, without what it was where there is no room for that.
  func spans(_ context: PaneContext, width: Int = .max) -> [Span] {
    var spans: [Span] = []
    for part in parts {
      let gap = spans.isEmpty ? 0 : 2
      let room = width - spans.displayWidth - gap
      let texts = [part.text, part.short].map(\.shown)
      guard let text = texts.first(where: { DisplayWidth.of($0) <= room }) ?? (gap == 0 ? texts[1] : nil)
      else {
        continue
      }
      let style =
        part.isWorse == true
        ? context.style(.critical, bold: true) : part.isWorse == false ? context.style(.ok) : context.text
      spans += (gap > 0 ? [Span("  ")] : []) + [Span(text, style)]
    }
    return spans
  }
}
