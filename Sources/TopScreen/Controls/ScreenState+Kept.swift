import GenAPIStream
import GenAPIValue
import TopModel

/// What is being read stays, while thousands of events a second push it out of the model.
extension ScreenState {
  /// Takes over what the screen showed: the list of events as it was when it was held or paused, and the events of
  /// requests whose details are open.
  public mutating func keepWhatIsRead(_ content: ScreenContent) {
    if isFollowing, !isPaused {
      heldEvents = []
    } else if heldEvents.isEmpty || heldFilter != settings.filter {
      heldEvents = content.events
      heldFilter = settings.filter
    }
    let open = dialogs.compactMap { dialog -> ByteText? in
      if case .detail(let detail) = dialog, case .request(let id) = detail.subject { id } else { nil }
    }
    keptTraces = keptTraces.filter { open.contains($0.key) }
    if let id = content.trace.first?.record.requestID, open.contains(id) { keptTraces[id] = content.trace }
  }
}

extension ScreenContent {
  /// The events of the pane: the newest, or those that are held.
  static func events(_ model: ClusterModel, _ state: ScreenState) -> [EventRow] {
    let settings = state.settings
    func fromModel() -> [EventRow] { model.events(settings, limit: mostEvents) }
    guard let first = state.heldEvents.first, let last = state.heldEvents.last,
      state.heldFilter == settings.filter
    else { return fromModel() }
    switch settings.moment {
    case .live: return state.isFollowing ? fromModel() : state.heldEvents
    case .at(let moment):
      // Between what was held the model may have less; before and after it has more.
      guard first.record.at <= moment, moment <= last.record.at.adding(1_000_000) else { return fromModel() }
      return state.heldEvents.filter { $0.record.at <= moment }
    }
  }

  /// Every event of a request that is known, or was when its details were opened.
  static func trace(of id: ByteText, _ model: ClusterModel, _ state: ScreenState) -> [EventRow] {
    let known = model.requestTrace(requestID: id)
    let ids = Set(known.map(\.id))
    let kept =
      (state.keptTraces[id] ?? []) + state.heldEvents.filter { $0.record.requestID == id }
    var seen = ids
    return (known + kept.filter { seen.insert($0.id).inserted })
      .sorted { ($0.record.at, $0.record.sequence) < ($1.record.at, $1.record.sequence) }
  }
}
