import TopModel

extension ScreenContent {
  /// Events the pane keeps to scroll through.
  public static let mostEvents = 500

  /// What the model has to say for the panes that are on the screen; the others stay empty.
  ///
  /// - Parameters:
  ///   - includingNames: also gather the names the filter and the pickers offer. Wanted when a key is about to be
  ///     handled that opens one of them.
  ///   - most: how many events each search looks at; the next content goes on from there.
  public init(
    model: ClusterModel, state: ScreenState, includingNames: Bool = false, lookingThrough most: Int = .max
  ) {
    let settings = state.settings
    filter = settings.filter
    let layout = state.layout
    header = model.header(settings)
    for place in layout.places {
      switch place.pane {
      case .requests: requests = model.requests(settings)
      case .latency:
        latency = model.latency(
          settings,
          slots: LatencyPane.slots(
            width: place.rect.width, mode: settings.latencyMode, windowSeconds: settings.window.seconds),
          rows: LatencyPane.rows(height: place.rect.height, mode: settings.latencyMode))
      case .limits: limits = model.limits(settings)
      case .circuits: circuits = model.circuits(settings, slots: max(10, min(place.rect.width, 300)))
      case .configs: configs = model.configs(settings)
      case .relay: relay = model.relay(settings)
      case .events: findEvents(model, state, most)
      case .nodes: nodes = model.nodes(settings)
      case .alerts: alerts = model.alertRows(settings)
      }
    }
    if state.isZoomed, layout.mode == .grid, SelectionPreview.suits(state.focus) {
      previewed = state.selectedSubject(self)
    }
    addDetails(model, state, most)
    if includingNames { names = ScreenNames(model: model, settings: settings) }
    // A key may pause the screen: then what is there now is what is read.
    if events.isEmpty { findEvents(model, state, most) }
  }

  /// What open details show beside the panes' data.
  private mutating func addDetails(_ model: ClusterModel, _ state: ScreenState, _ most: Int) {
    let settings = state.settings
    var subjects = state.dialogs.compactMap { dialog in
      if case .detail(let detail) = dialog { detail.subject } else { nil }
    }
    // A dialog over the list shows the same row: the details need only be gathered once.
    if subjects.isEmpty, let previewed { subjects = [previewed] }
    for subject in subjects {
      switch subject {
      case .function(let id):
        if requests.isEmpty { requests = model.requests(settings) }
        if configs.functions.isEmpty { configs = model.configs(settings) }
        if limits.isEmpty { limits = model.limits(settings) }
        if events.isEmpty { findEvents(model, state, most) }
        guard let row = requests.first(where: { $0.id == id }) else { continue }
        var scoped = settings
        scoped.latencyScope = .function(service: row.service, requestType: row.requestType)
        detailLatency = model.latency(scoped, slots: 2, rows: 12)
        function = model.function(
          service: row.service, requestType: row.requestType, version: row.version, settings)
      case .node(let id):
        if nodes.isEmpty { nodes = model.nodes(settings) }
        if let row = nodes.first(where: { $0.id == id }), row.kind == .gateway {
          gateway = model.gateway(named: row.name)
        }
      case .request(let id): findTrace(of: id, model, state, most)
      case .alert:
        if alerts.isEmpty { alerts = model.alertRows(settings) }
        episodes = model.alertEpisodes(settings)
      case .service(let name):
        if configs.services.isEmpty { configs = model.configs(settings) }
        differences = model.differences(ofService: name, settings)
      default: break
      }
    }
  }
}

extension ScreenRenderer {
  /// The whole screen of a model.
  public func render(model: ClusterModel, state: ScreenState) -> Grid {
    render(ScreenContent(model: model, state: state), state: state)
  }
}
