import GenAPIStream
import OutsideText
import TopModel

/// The lines of a detail dialog.
struct DetailPage {
  var title: String
  var lines: [[Span]] = []
  /// A line that leads further.
  struct Link {
    var line: Int
    var subject: DetailDialog.Subject
  }

  /// In the order of their lines.
  private(set) var links: [Link] = []
  let context: PaneContext
  let available: Int

  init(_ dialog: DetailDialog, content: ScreenContent, context: PaneContext, width: Int) {
    self.context = context
    available = width
    title = ""
    dialog.subject.detail.write(&self, content)
    if lines.isEmpty { lines = [[Span("it is gone: nothing is known of it at this moment", context.muted)]] }
    lines.cutNames(ellipsis: context.glyphs.ellipsis)
    wrap()
  }

  /// A line that is too long goes on below, so that nothing is cut without a word.
  private mutating func wrap() {
    guard lines.contains(where: { $0.displayWidth > available }) else { return }
    var wrapped: [[Span]] = []
    var places: [Int] = []
    for line in lines {
      places.append(wrapped.count)
      wrapped += line.wrapped(to: available, most: 3, ellipsis: context.glyphs.ellipsis)
    }
    for index in links.indices { links[index].line = places[links[index].line] }
    lines = wrapped
  }

  /// The columns a page may use on a screen of this size.
  static func width(of size: ScreenSize) -> Int { min(110, max(30, size.width - 10)) }

  /// Makes the line that was added last lead somewhere.
  mutating func link(_ subject: DetailDialog.Subject?) {
    guard let subject, !lines.isEmpty else { return }
    links.append(Link(line: lines.count - 1, subject: subject))
  }

  mutating func link(_ detail: (any Detail)?) { link(detail.map { DetailDialog.Subject($0) }) }

  var width: Int { lines.map(\.displayWidth).max() ?? 0 }

  mutating func head(_ text: String) {
    if !lines.isEmpty { lines.append([]) }
    lines.append([Span(text, context.style(.accent, bold: true))])
  }

  /// A name and a value; a long value goes on in the next lines.
  mutating func field(_ name: String, _ value: String?, _ key: ThemeKey = .text) {
    let parts = (value?.shown ?? context.glyphs.dash).wrapped(to: max(10, available - 20))
    for (index, part) in parts.prefix(40).enumerated() {
      let label =
        index == 0
        ? name.shown.padded(to: 18, ellipsis: context.glyphs.ellipsis) : String(repeating: " ", count: 18)
      lines.append([
        Span(label, context.muted), Span(" "), Span(part, context.style(value == nil ? .muted : key)),
      ])
    }
  }

  /// Whether what the page tells is old, in a word: grey is seen neither in a copy nor without colours.
  ///
  /// - Parameter gateways: those that told it last, where the page does not say so by itself.
  mutating func addStale(_ isStale: Bool, of gateways: [ByteText] = []) {
    guard isStale else { return }
    let names: ByteText = gateways.prefix(5).joined(separator: ", ")
    field(
      "stale",
      names.isEmpty
        ? "as it was told last: its gateway tells nothing now"
        : "as \(names) told it last: nothing is heard of \(gateways.count == 1 ? "it" : "them") now", .warn)
  }

  /// Says of something of which only the newest is kept, which came after the moment shown, that it is not known: a dash would say that
  /// there was none.
  ///
  /// - Parameter isInWindow: nil where it is not counted whether there was one within the window.
  mutating func addNotKept(_ name: String, isInWindow: Bool? = nil) {
    let isNone = isInWindow == false
    field(
      name, isNone ? "none in \(context.window); not kept from before" : "not kept: newer ones came", .muted)
  }

  /// Of one that is shown, where a gateway may have told a later one that is not kept.
  static let maybeNotTheLast = "maybe not the last"

  mutating func note(_ text: String) { lines.append([Span(text.shown, context.muted)]) }

  /// nil for a time that is not known: no gateway ran in 1970.
  func time(_ microseconds: Int64?) -> String? {
    microseconds.flatMap {
      guard $0 > 0 else { return nil }
      let clock = $0 % 1_000_000 == 0 ? TimeText.clock : TimeText.preciseClock
      return "\(clock($0, context.clockOffset)) (\(distance(to: $0)))"
    }
  }

  /// How long ago a time was at the moment shown, which may be one before it.
  private func distance(to time: Int64) -> String {
    time.saturatingSubtract(context.at) >= 1_000_000
      ? "\(TimeText.age(of: context.at, at: time)) later" : "\(context.age(of: time)) ago"
  }
}
