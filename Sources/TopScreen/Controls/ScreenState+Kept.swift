import GenAPIStream
import GenAPIValue
import TopModel

/// What is being read stays, while thousands of events a second push it out of the model.
extension ScreenState {
  /// Takes over what the screen showed: the list of events as it was when it was held or paused, and the events of
  /// requests whose details are open.
  package mutating func keepWhatIsRead(_ content: ScreenContent) {
    if isFollowing && !isPaused || heldFilter != settings.filter { heldEvents = [] }
    // What was made with another filter, or is not all there yet, is not what is read.
    let isMore = reachesOldest && content.events.count > heldEvents.count
    if !isFollowing || isPaused, heldEvents.isEmpty || isMore, content.filter == settings.filter,
      !content.isSearching
    {
      heldEvents = content.events
      heldFilter = settings.filter
    }
    let open = dialogs.compactMap { dialog -> ByteText? in
      if case .detail(let open) = dialog { (open.subject.detail as? RequestDetail)?.id } else { nil }
    }
    keptTraces = keptTraces.filter { open.contains($0.key) }
    if let id = content.trace.first?.record.requestID, open.contains(id) { keptTraces[id] = content.trace }
  }
}

extension EventsPane {
  /// The events of the pane: the newest, or those that are held.
  static func found(_ source: PaneSource) -> FoundEvents {
    let (state, settings) = (source.state, source.settings)
    func fromModel() -> FoundEvents {
      source.views.events(
        source.model, settings,
        limit: state.reachesOldest ? ScreenContent.allEvents : ScreenContent.mostEvents,
        lookingThrough: source.most)
    }
    /// What was held, behind all that is older and still kept.
    func withOlder(_ held: [EventRow]) -> FoundEvents {
      guard state.reachesOldest, let first = held.first else {
        return FoundEvents(rows: held, isComplete: true)
      }
      let found = fromModel()
      let older = found.rows.filter { $0.record.at < first.record.at }
      return FoundEvents(rows: older + held, isComplete: found.isComplete)
    }
    guard let first = state.heldEvents.first, let last = state.heldEvents.last,
      state.heldFilter == settings.filter
    else { return fromModel() }
    switch settings.moment {
    case .live: return state.isFollowing ? fromModel() : withOlder(state.heldEvents)
    case .at(let moment):
      // Between what was held the model may have less; before and after it has more.
      guard first.record.at <= moment, moment <= last.record.at.saturatingAdd(1_000_000) else {
        return fromModel()
      }
      return withOlder(state.heldEvents.filter { $0.record.at <= moment })
    }
  }
}

extension ScreenContent {
  /// Takes every event of a request that is known, or was when its details were opened.
  mutating func findTrace(of id: ByteText, _ source: PaneSource) {
    let state = source.state
    let found = source.views.requestTrace(source.model, requestID: id, lookingThrough: source.most)
    note(found)
    let known = found.rows
    let ids = Set(known.map(\.id))
    let kept =
      (state.keptTraces[id] ?? []) + state.heldEvents.filter { $0.record.requestID == id }
    var seen = ids
    trace = (known + kept.filter { seen.insert($0.id).inserted })
      .sorted { ($0.record.at, $0.record.sequence) < ($1.record.at, $1.record.sequence) }
  }
}
