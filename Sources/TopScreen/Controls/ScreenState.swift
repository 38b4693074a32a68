import GenAPIValue
import TopModel

/// What the user made of the screen: a value, so that a key press is a function from one to the next.
public struct ScreenState: Equatable, Sendable {
  public var size = ScreenSize(width: 80, height: 24)
  public var settings = ViewSettings()
  public var focus = PaneKind.requests
  public var isZoomed = false
  public var hidden: Set<PaneKind> = []
  /// The columns the user wants, by pane; a pane that is not here shows all.
  public var columns: [PaneKind: [String]] = [:]
  public var lists: [PaneKind: ListState] = [:]
  /// The events pane shows the newest ones.
  public var isFollowing = true
  /// The list of events as it was when it was held or paused; at most `ScreenContent.mostEvents`.
  var heldEvents: [EventRow] = []
  /// The filter it was made with.
  var heldFilter = FilterExpression()
  /// By request id, of the details that are open: its events, though the model has forgotten them.
  var keptTraces: [ByteText: [EventRow]] = [:]
  /// What lies over the panes; the last one is on top.
  public var dialogs: [Dialog] = []
  public var filterLine: FilterLine?
  /// Newest last; at most 50.
  public var filterHistory: [String] = []
  public var themeName = Theme.standard.name
  public var message: Message?
  /// What a recording has written so far, in bytes; nil when there is none.
  public var recordedBytes: Int64?
  /// The speed of a replay; nil when the data is live.
  public var replaySpeed: Double?
  /// A replay has come to its end: nothing more will come.
  public var isReplayOver = false
  /// How far the screen is behind the present, when there is more to take than this machine can; nil when it keeps up.
  public var behindSeconds: Int64?
  /// Seconds the wall clock is ahead of UTC.
  public var clockOffset = 0
  public var usesASCII = false

  public init() {}

  public struct Message: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
      case note, warning
    }

    public var text: String
    public var kind: Kind

    public init(_ text: String, _ kind: Kind = .note) {
      self.text = text
      self.kind = kind
    }
  }

  public var layout: ScreenLayout {
    ScreenLayout(size: size, focus: focus, isZoomed: isZoomed, hidden: hidden)
  }

  public var isPaused: Bool { settings.moment != .live }

  public subscript(list pane: PaneKind) -> ListState {
    get { lists[pane] ?? ListState() }
    set { lists[pane] = newValue }
  }
}
