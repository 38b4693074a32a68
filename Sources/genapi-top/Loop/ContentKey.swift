import GenAPIValue
import TopModel
import TopScreen

/// What of the screen's state its content is made for: while it is the same, and no news came, so is the content.
struct ContentKey: Equatable {
  private var layout: ScreenLayout
  private var settings: ViewSettings
  private var isFollowing: Bool
  private var reachesOldest: Bool
  private var subjects: [DetailDialog.Subject]
  /// Of a zoomed pane the selected row is shown beside it.
  private var selection: ListState?
  private var sort: ColumnSort?
  private var mark: Int64?

  init(_ state: ScreenState) {
    layout = state.layout
    settings = state.settings
    mark = state.mark
    isFollowing = state.isFollowing
    reachesOldest = state.reachesOldest
    subjects = state.dialogs.compactMap { dialog in
      if case .detail(let detail) = dialog { detail.subject } else { nil }
    }
    selection = state.isZoomed ? state[list: state.focus] : nil
    sort = state.isZoomed ? state.sort(of: state.focus) : nil
  }

  /// Whether the rows are the same, if not what is shown beside the one that is selected.
  func isSame(forRowsOf other: ContentKey) -> Bool {
    var one = self
    (one.selection, one.sort) = (other.selection, other.sort)
    return one == other
  }
}
