import TopModel

extension ScreenContent {
  /// Events the pane keeps to scroll through.
  package static let mostEvents = 500
  /// As many as are kept at all, for who goes back to the oldest.
  package static let allEvents = ClusterModel.mostKeptEvents

  /// What the model has to say for the panes that are on the screen; the others stay empty.
  ///
  /// - Parameters:
  ///   - views: what the model answered before; only a cache of this model.
  ///   - includingNames: also gather the names the filter and the pickers offer. Wanted when a key is about to be
  ///     handled that opens one of them.
  ///   - most: how many events each search looks at; the next content goes on from there.
  package init(
    model: ClusterModel, state: ScreenState, views: ViewCache = ViewCache(), includingNames: Bool = false,
    lookingThrough most: Int = .max
  ) {
    let settings = state.settings
    filter = settings.filter
    let layout = state.layout
    header = model.header(settings)
    var source = PaneSource(model: model, views: views, state: state, rect: layout.header, most: most)
    for place in layout.places {
      source.rect = place.rect
      place.pane.type.load(&self, source)
    }
    if layout.rect(of: .latency) != nil { timeMarks = views.timeMarks(model, settings) }
    if let mark = state.mark { compare(with: mark, source) }
    if !layout.switcher.isEmpty { troubles = views.troubles(model, settings) }
    if state.isZoomed, layout.mode == .grid, state.focus.type.isPreviewed {
      previewed = state.selectedSubject(self)
    }
    addDetails(source)
    if includingNames { names = ScreenNames(model: model, settings: settings) }
    // A key may pause the screen: then what is there now is what is read.
    if events.isEmpty { EventsPane.load(&self, source) }
  }

  /// Gathers the names that the filter and the pickers offer: a key is about to be handled that opens one of them.
  package mutating func addNames(model: ClusterModel, settings: ViewSettings) {
    names = ScreenNames(model: model, settings: settings)
  }

  /// What open details show beside the panes' data.
  private mutating func addDetails(_ source: PaneSource) {
    var subjects = source.state.dialogs.compactMap { dialog in
      if case .detail(let detail) = dialog { detail.subject } else { nil }
    }
    // A dialog over the list shows the same row: the details need only be gathered once.
    if subjects.isEmpty, let previewed { subjects = [previewed] }
    for subject in subjects { subject.detail.load(&self, source) }
  }
}

extension ScreenRenderer {
  /// The whole screen of a model.
  ///
  /// - Parameter views: kept from frame to frame by whoever draws more than one.
  package func render(model: ClusterModel, state: ScreenState, views: ViewCache = ViewCache()) -> Grid {
    render(ScreenContent(model: model, state: state, views: views), state: state)
  }
}
