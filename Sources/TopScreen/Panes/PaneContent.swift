import TopModel

/// What one pane shows, whatever that is.
struct PaneContent: Equatable, Sendable {
  let value: any Equatable & Sendable

  static func == (one: PaneContent, other: PaneContent) -> Bool {
    func equals<Value: Equatable>(_ value: Value) -> Bool { other.value as? Value == value }
    return equals(one.value)
  }
}

/// Where a pane's content comes from, and for what place it is made.
struct PaneSource {
  var model: ClusterModel
  /// What is known of the model's answers already.
  var views: ViewCache
  var state: ScreenState
  var rect: Rect
  /// How many events a search looks at.
  var most = Int.max

  var settings: ViewSettings { state.settings }
}
