import GenAPITelemetry
import OutsideText
import TopModel

/// A relay group, by `RelayRow.id`.
struct GroupDetail: Detail {
  let id: ByteText

  func load(_ content: inout ScreenContent, _ source: PaneSource) {
    if content.relay.isEmpty { RelayPane.load(&content, source) }
  }

  func write(_ page: inout DetailPage, _ content: ScreenContent) { page.addGroup(id, content) }

  func terms(_ content: ScreenContent) -> [FilterTermText] {
    content.relay.first { $0.id == id }.map { [FilterTermText("", $0.group.groupID)] } ?? []
  }
}

extension DetailPage {
  private mutating func addMessages(of row: RelayRow) {
    if row.unknown.contains(.groupMessages) {
      field("messages", nil)
      return field("last message", time(row.group.lastMessageAt))
    }
    // What a gateway told last that is gone is no rate of now.
    let rate = row.isStale ? nil : row.messagesPerSecond.map { "\(NumberText.short($0))/s" }
    guard context.settings.moment != .live else {
      field("messages", NumberText.grouped(row.group.messages) + (rate.map { ", \($0) now" } ?? ""))
      return field("last message", time(row.group.lastMessageAt))
    }
    // Of the past it is kept who was in a group: its numbers are those of when that changed last.
    field("messages", rate.map { "\($0) then" })
    addNotKept("last message", isInWindow: row.messagesPerSecond.map { $0 > 0 })
  }

  /// A relay group and its members.
  mutating func addGroup(_ id: ByteText, _ content: ScreenContent) {
    guard let row = content.relay.first(where: { $0.id == id }) else { return }
    let group = row.group
    title = "Group \(group.groupID.shown)"
    field("type", group.groupType.string)
    field("gateway", row.node.string)
    addStale(row.isStale)
    field("created", time(group.createdAt))
    addMessages(of: row)
    let counts = "\(group.active) active, \(group.pending) pending, \(group.muted) muted"
    head("Members: " + counts)
    // Why somebody gets nothing is whole on a small screen, too.
    let longest = group.members.reduce(8) { max($0, min(28, DisplayWidth.of($1.userID.shown))) }
    for member in group.members.sorted(by: { $0.precedes($1) }) {
      let (symbol, key): (String, ThemeKey) =
        switch member.status {
        case "active": (context.glyphs.up, .ok)
        case "pending": (context.glyphs.pending, .warn)
        default: (context.glyphs.muted, .critical)
        }
      lines.append([
        Span(symbol + " ", context.style(key)),
        Span(name: member.userID.shown, to: longest + 1, context.style(.title)),
        Span(member.status.shown.padded(to: 8), context.style(key)),
        Span(
          " " + member.role.shown.padded(to: 7),
          member.role == "admin" ? context.style(.accent) : context.muted),
        Span(" \(row.connections(of: member)) conn", context.muted),
        Span("  since \(context.age(of: member.since))", context.muted),
        Span(Self.why(member, row).map { "  " + $0 } ?? "", context.style(.warn)),
      ])
      link(UserDetail(name: member.userID))
    }
    let all = group.active.saturatingAdd(group.pending).saturatingAdd(group.muted)
    if all > group.members.count { note("and \(all - group.members.count) more") }
  }
}

extension DetailPage {
  /// Why a member gets or says nothing; nil for one who does.
  private static func why(_ member: MemberState, _ row: RelayRow) -> String? {
    switch member.status {
    case "pending": "waits to be let in: gets nothing"
    case "muted": "may not speak"
    default: row.connections(of: member) == "0" ? "has no connection: gets nothing" : nil
    }
  }
}

extension RelayRow {
  /// How many connections a member has; a dash where its gateway does not tell.
  func connections(of member: MemberState) -> String {
    NumberText.short(unknown.contains(.memberConnections) ? nil : member.connections)
  }
}

extension MemberState {
  /// Who cannot speak is looked for first, then who may, the admins before the others.
  fileprivate func precedes(_ other: MemberState) -> Bool {
    rank == other.rank ? userID.precedesNaturally(other.userID) : rank < other.rank
  }

  private var rank: Int {
    switch status {
    case "muted": 0
    case "pending": 1
    default: role == "admin" ? 2 : 3
    }
  }
}
