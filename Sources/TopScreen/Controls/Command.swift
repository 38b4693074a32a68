/// What a key does. The raw value is its name in a configuration file and in the command palette.
package enum Command: String, CaseIterable, Sendable {
  case help
  case quit
  case back
  case palette
  case focusNext = "focus-next"
  case focusPrevious = "focus-previous"
  case focusLeft = "focus-left"
  case focusRight = "focus-right"
  case up
  case down
  case pageUp = "page-up"
  case pageDown = "page-down"
  case top
  case bottom
  case open
  case follow
  case narrow
  case findUser = "find-user"
  case zoom
  case hidePane = "hide-pane"
  case showAllPanes = "show-all-panes"
  case filter
  case clearFilter = "clear-filter"
  case pickServices = "pick-services"
  case pickNodes = "pick-nodes"
  case pickEvents = "pick-events"
  case sort
  case reverseSort = "reverse-sort"
  case sortBy = "sort-by"
  case chooseColumns = "choose-columns"
  case saveLayout = "save-layout"
  case find
  case findNext = "find-next"
  case findPrevious = "find-previous"
  case group
  case groupBack = "group-back"
  case latencyMode = "latency-mode"
  case latencyScope = "latency-scope"
  case nextCircuitView = "next-circuit-view"
  case previousCircuitView = "previous-circuit-view"
  case window
  case pause
  case timeBack = "time-back"
  case timeForward = "time-forward"
  case timeBackFast = "time-back-10s"
  case timeForwardFast = "time-forward-10s"
  case timeBackMinute = "time-back-1m"
  case timeForwardMinute = "time-forward-1m"
  case goToTime = "go-to-time"
  case compare
  case timeStart = "time-start"
  case timeEnd = "time-end"
  case slower
  case faster
  case record
  case theme
  case copy
  case share
  case redraw

  package enum Group: String, CaseIterable, Sendable {
    case general = "General"
    case panes = "Panes"
    case lists = "Lists"
    case filter = "Filter"
    case views = "Views"
    case time = "Time"
  }

  package var group: Group {
    switch self {
    case .help, .quit, .back, .palette, .theme, .copy, .share, .redraw: .general
    case .focusNext, .focusPrevious, .focusLeft, .focusRight, .zoom, .hidePane, .showAllPanes,
      .chooseColumns, .saveLayout:
      .panes
    case .up, .down, .pageUp, .pageDown, .top, .bottom, .open, .follow, .findUser, .sort, .reverseSort,
      .sortBy, .find, .findNext, .findPrevious:
      .lists
    case .filter, .narrow, .clearFilter, .pickServices, .pickNodes, .pickEvents: .filter
    case .group, .groupBack, .latencyMode, .latencyScope, .nextCircuitView, .previousCircuitView, .window:
      .views
    case .pause, .goToTime, .compare, .timeBack, .timeForward, .timeBackFast, .timeForwardFast,
      .timeBackMinute,
      .timeForwardMinute,
      .timeStart, .timeEnd, .slower, .faster, .record:
      .time
    }
  }
}
