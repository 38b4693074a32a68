import OutsideText
import TopModel

/// Everything the screen can show of one moment.
package struct ScreenContent: Equatable, Sendable {
  package var header = HeaderView()
  /// What each pane shows, of those that show anything.
  private var panes: [PaneKind: PaneContent] = [:]
  /// The filter all of this was made with.
  package var filter = FilterExpression()
  /// Some kept events were not looked at yet: more of them may pass the filter.
  package var isSearching = false
  /// Of the kept events that the details count, how many percent were looked at; nil when all were: a part is not shown as if it were all.
  package var searchedPercent: Int?
  /// What the filter and the pickers can name; not narrowed by the filter.
  package var names = ScreenNames()
  /// For the details of a function: its own latencies.
  package var detailLatency: LatencyView?
  /// For the details of a function: by gateway and by outcome.
  package var function: FunctionView?
  /// For the details of a function or a limit: who asks most.
  package var topUsers = TopUsersView()
  /// For the details of a service: what was changed of it, latest first.
  package var configSteps: [ConfigStep] = []
  /// For the details of a gateway.
  package var gateway: GatewayView?
  /// For the details of an alert: when alerts fired, oldest first.
  package var episodes: [AlertEpisode] = []
  /// For the details of a cell of the heat map: from when on every event is kept; nil while none had to give way.
  var eventsSince: Int64?
  /// For the details of a function or a user: what the kept events of it tell.
  var breakdown = EventBreakdown()
  /// For the details of a breaker or a pool: calls that failed and tasks that were refused, oldest first.
  var breakerEvents: [EventRow] = []
  /// For the details of a request: all of its events, oldest first.
  package var trace: [EventRow] = []

  /// By pane and row: what differs from how it was at the mark.
  var changes: [PaneKind: [ByteText: RowChange]] = [:]
  var latencyBefore: LatencyView?
  /// What happened, the latest first, for the time line.
  package var timeMarks: [TimeMark] = []
  /// What is wrong in each pane, for a screen that does not show them all.
  package var troubles = Troubles()
  /// How long names in events are, so that their columns stay where they are; nil when that is not known.
  var eventWidths: EventWidths?

  /// Notes how far the events were looked through that details count.
  mutating func note(_ found: FoundEvents) {
    guard !found.isComplete else { return }
    isSearching = true
    searchedPercent = min(searchedPercent ?? 99, found.percent)
  }

  /// What is selected in a zoomed pane, when its details stand beside the list.
  package var previewed: DetailDialog.Subject?

  package init() {}

  /// What a pane shows; empty for one that is not on the screen.
  subscript<Shown: Pane>(_ pane: Shown.Type) -> Shown.Content {
    get { panes[Shown.kind]?.value as? Shown.Content ?? Shown.empty }
    set { panes[Shown.kind] = newValue == Shown.empty ? nil : PaneContent(value: newValue) }
  }

  /// No gateway has answered yet.
  var isUnconnected: Bool {
    !header.targets.isEmpty && header.targets.allSatisfy { !$0.isLive && $0.lastFrameAt == nil }
  }

  /// What stands in a pane for numbers that no gateway has sent yet; nil once one has.
  var connectionNote: String? {
    if isUnconnected {
      // One that is reached tells how much there is to read.
      return header.targets.lazy.compactMap(\.readingWords).first ?? "waiting for a gateway"
    }
    return !header.targets.isEmpty && header.targets.allSatisfy { !$0.hasTold }
      ? "the first numbers are on their way" : nil
  }

  /// How old the newest numbers are, when no gateway is connected.
  var staleSeconds: Int64? {
    guard !header.targets.isEmpty, !header.targets.contains(where: \.isLive),
      let newest = header.targets.compactMap(\.lastFrameAt).max()
    else { return nil }
    return max(0, header.at.saturatingSubtract(newest) / 1_000_000)
  }
}
