import OutsideText
import TopModel

extension DetailPage {
  /// Who asks most, is refused most, and whose requests fail most, as gateways count it: exact, or marked with how much too large
  /// a count may be.
  mutating func addTopUsers(_ view: TopUsersView) {
    guard let since = view.since, !view.users.isEmpty else { return }
    func clock(_ moment: Int64) -> String { TimeText.clock(moment, offset: context.clockOffset) }
    head(
      "Top users, counted by the gateways since \(clock(since))"
        + (view.lastSince.map { ", by some since \(clock($0))" } ?? ""))
    lines.append([Span("".padded(to: 9 + nameWidth) + "REQUESTS FAILED REFUSED", context.muted)])
    for user in view.users.prefix(10) {
      func count(_ value: Int64, _ width: Int, _ key: ThemeKey) -> Span {
        Span(
          NumberText.short(value).padded(to: width, .right), value > 0 ? context.style(key) : context.muted)
      }
      addName("", user.name, .title)
      lines.append(
        (nameIsWhole(user.name)
          ? [Span("".padded(to: 9)), Span(user.name.shown.padded(to: nameWidth), context.style(.title))]
          : [Span("".padded(to: 9 + nameWidth))])
          + [
            count(user.requests, 8, .text),
            Span(
              NumberText.short(user.failed).padded(to: 7, .right),
              context.style(Severity.failures(user.failed, of: user.requests))),
            count(user.refused, 8, .warn),
            Span(user.over > 0 ? "  up to \(NumberText.short(user.over)) less" : "  exact", context.muted),
          ])
      link(UserDetail(name: user.name))
    }
    if view.users.count > 10 {
      note("".padded(to: 9) + "and \(NumberText.counted(view.users.count - 10, "user")) more")
    }
  }

  /// The columns of a name before numbers that have to stay.
  var nameWidth: Int { min(36, max(12, available - 48)) }

  /// Whether a name has room in its column.
  func nameIsWhole(_ name: ByteText) -> Bool { DisplayWidth.of(name.shown) <= nameWidth }

  /// A name that has no room in its column, whole, on lines of its own.
  mutating func addName(_ label: String, _ name: ByteText, _ key: ThemeKey) {
    guard !nameIsWhole(name) else { return }
    for (index, part) in name.shown.wrapped(to: max(20, available - 9)).prefix(12).enumerated() {
      lines.append([
        Span((index == 0 ? label : "").padded(to: 9), context.muted), Span(part, context.style(key)),
      ])
    }
  }
}
