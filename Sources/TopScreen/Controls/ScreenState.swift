import GenAPIValue
import TopModel

/// What the user made of the screen: a value, so that a key press is a function from one to the next.
package struct ScreenState: Equatable, Sendable {
  package var size = ScreenSize(width: 80, height: 24)
  package var settings = ViewSettings()
  package var focus = PaneKind.requests
  package var isZoomed = false
  package var hidden: Set<PaneKind> = []
  /// The columns the user wants, by pane; a pane that is not here shows all.
  package var columns: [PaneKind: [String]] = [:]
  /// The column a pane's rows are sorted by; a pane that is not here has its usual order. See `sort(of:)`.
  package var sorts: [PaneKind: ColumnSort] = [:]
  /// The moment that every pane is compared with, microseconds since the Unix epoch; nil when none is.
  package var mark: Int64?
  /// The cell of the heat map that is looked at; nil while none is.
  package var heatCursor: HeatCursor?
  package var lists: [PaneKind: ListState] = [:]
  /// The events pane shows the newest ones.
  package var isFollowing = true {
    didSet { if isFollowing { reachesOldest = false } }
  }
  /// The events pane goes back to the oldest event that is kept, not only as far as one usually scrolls.
  package private(set) var reachesOldest = false

  mutating func reachOldest() {
    isFollowing = false
    reachesOldest = true
  }
  /// The list of events as it was when it was held or paused; at most `ScreenContent.mostEvents`.
  var heldEvents: [EventRow] = []
  /// The filter it was made with.
  var heldFilter = FilterExpression()
  /// By request id, of the details that are open: its events, though the model has forgotten them.
  var keptTraces: [ByteText: [EventRow]] = [:]
  /// What lies over the panes; the last one is on top.
  package var dialogs: [Dialog] = []
  package var filterLine: FilterLine?
  /// What is looked for in the pane or the page on top; nil when nothing is.
  package var search: ListSearch?
  /// Newest last; at most 50.
  package var filterHistory: [String] = []
  package var themeName = Theme.standard.name
  package var message: Message?
  /// What a recording has written so far, in bytes; nil when there is none.
  package var recordedBytes: Int64?
  /// The speed of a replay; nil when the data is live.
  package var replaySpeed: Double?
  /// At which speed it is played where this machine cannot do more; nil where it keeps up.
  package var replayPace: Double?
  /// When the recording that is replayed begins, microseconds since the Unix epoch; nil live.
  package var replayBeginsAt: Int64?
  /// A replay has come to its end: nothing more will come.
  package var isReplayOver = false
  /// How far the screen is behind the present, when there is more to take than this machine can; nil when it keeps up.
  package var behindSeconds: Int64?
  /// The moment that a recording is still read up to, microseconds since the Unix epoch: what is shown meanwhile came before it.
  package var readingUpTo: Int64?
  /// Seconds the wall clock is ahead of UTC, at each moment.
  package var clockOffset: ClockOffset = 0
  package var usesASCII = false

  package init() {}

  package struct Message: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
      case note, warning
    }

    package var text: String
    package var kind: Kind

    package init(_ text: String, _ kind: Kind = .note) {
      self.text = text
      self.kind = kind
    }
  }

  /// For a first start: three of the questions that `?` answers.
  package static func firstWords(_ keyMap: KeyMap) -> String {
    func key(_ command: Command) -> String { keyMap.keys(for: command).first?.label ?? command.rawValue }
    return "\(key(.help)) Help: what do you want to know?  \(key(.open)) a function's nodes and users  "
      + "\(key(.follow)) the cause of an alert  \(key(.findUser)) a user"
  }

  package var layout: ScreenLayout {
    ScreenLayout(size: size, focus: focus, isZoomed: isZoomed, hidden: hidden)
  }

  package var isPaused: Bool { settings.moment != .live }

  package subscript(list pane: PaneKind) -> ListState {
    get { lists[pane] ?? ListState() }
    set { lists[pane] = newValue }
  }
}
