/// A sign or word on the screen that is no name and no number of its own: what it means, when it comes, and what can be done. The help
/// page lists all of them, and so do the manual and docs/journeys.md, with which a test compares them.
package enum ScreenMark: CaseIterable, Sendable {
  case unknown, atLeast, little, endless, cut, escaped
  case stale, dim, filling, steps, lost, dropped, secondName, others, unsupported, notNarrowed
  case up, half, down, pending, firing, trouble, good, bad, differs, changed
  case configChange, muted, busy, quiet, selected, scroll, sorted
  case paused, recording, moment, connection, share
  case gauge, trend, density, lastRefused, refusing, kept, flying, lag, over

  /// As it stands on the screen; several are parted by a blank.
  package func text(_ glyphs: GlyphSet) -> String {
    switch self {
    case .unknown: glyphs.dash
    case .atLeast: glyphs.atLeast + "322"
    case .little: "<0.1 99.9"
    case .endless: "∞"
    case .cut: glyphs.ellipsis
    case .escaped: "␛ ␊ \u{FFFD}"
    case .stale: "stale"
    case .dim: "dim text"
    case .filling: "2s of 1m"
    case .steps: "10 s steps"
    case .lost: "lost 12"
    case .dropped: "cut 3"
    case .secondName: "gw1#2"
    case .others: "gw1 +2"
    case .unsupported: "(unsupported)"
    case .notNarrowed: "not by user"
    case .up: glyphs.up
    case .half: glyphs.half
    case .down: glyphs.down
    case .pending: glyphs.pending
    case .firing: glyphs.critical
    case .trouble: glyphs.warning
    case .good: glyphs.check
    case .bad: glyphs.cross
    case .differs: glyphs.differs
    case .changed: glyphs.right
    case .configChange: "+ - ~"
    case .muted: glyphs.muted
    case .busy: glyphs.busy == glyphs.idle ? glyphs.busy : "\(glyphs.busy) \(glyphs.idle)"
    case .quiet: glyphs.dot
    case .selected: glyphs.pointer
    case .scroll: String(glyphs.scrollThumb)
    case .sorted: "\(glyphs.ascending) \(glyphs.descending)"
    case .paused: glyphs.pause
    case .recording: "\(glyphs.record) rec"
    case .moment: "◆"
    case .connection: "↻"
    case .share: glyphs.isASCII ? "x2" : "×2"
    case .gauge: "\(glyphs.fullBar)\(glyphs.halfBar)\(glyphs.track)"
    case .trend: "\(glyphs.levels[0])\(glyphs.levels[3])\(glyphs.levels[6])"
    case .density: String(glyphs.shades)
    case .lastRefused: "last 8s"
    case .refusing: "for 2m"
    case .kept: "12 of 90 kept"
    case .flying: "FLY"
    case .lag: "LAG"
    case .over: "OVER%"
    }
  }

  package var meaning: String {
    switch self {
    case .unknown:
      "Not known: no gateway tells it, or nothing of that kind came in the window. It is never 0. "
        + "Of an alert: nothing is measured, as of a node that is down, or the rule holds for nothing."
    case .atLeast:
      "This or more: some gateways have not told theirs yet; wait a moment, or see which in the pane of nodes. "
        + "In the heat map: from this latency on."
    case .little: "More than none, and nearly all: 0 is said of none only, 100 of all only."
    case .endless: "More than numbers are told for."
    case .cut: "Something is cut: Enter shows the row whole, z or a wider terminal more of it."
    case .escaped: "A character of a name or a text that would steer the terminal, or is none."
    case .stale:
      "What was told last by gateways that are down or silent; it counts in no sum. The pane of nodes says which, and since when."
    case .dim: "None of it, or as it was told last by a gateway that is not heard: nothing to look at."
    case .filling: "The window is not full yet: rates and percentiles are of the seconds that were watched."
    case .steps: "A moment that is kept in steps of ten seconds: its numbers are of the step that it is in."
    case .lost:
      "Events that did not reach this screen, since it began; counters are whole. A filter makes them fewer."
    case .dropped: "Names, texts and entries of gateways that were too long or too many to be kept."
    case .secondName: "The second of two gateways that have the same name."
    case .others: "This one, and two others of which the same is so."
    case .unsupported:
      "Requests for a service, a function or a version that the gateways do not have, all together: Enter says what "
        + "was asked for, and by whom; the client, or a config that is missing, is to be mended."
    case .notNarrowed:
      "A term of the filter that this pane cannot narrow: it shows what it shows without the term."
    case .up: "Up, ready, closed, active."
    case .half:
      "Half: not ready or draining, half-open, a full pool, an alert that has not held for long enough, gateways of which some are "
        + "there, what is shown is of a while ago."
    case .down: "Down, silent or stopped; a breaker that is open."
    case .pending:
      "Waits: for a connection, for first numbers, to be let into a group, until a limit lets its key in again."
    case .firing:
      "A critical alert that fires, and beside a number that one of those is; an event of what failed."
    case .trouble:
      "Something is in trouble, as many as the number says; an alert that fires; an event to look at."
    case .good: "It went well; a rule that does not fire."
    case .bad: "Refused, a second; a config or a pull that failed, as often as the number says."
    case .differs: "Gateways have it differently: Enter says which, field by field."
    case .changed: "From the version before to the one after: of a service for five minutes since it changed."
    case .configChange: "Of configs: came or was enabled, went or was disabled, is another."
    case .muted: "A member of a group that may not speak."
    case .busy: "A worker that has work, one that has none."
    case .quiet: "An event that is neither good nor bad."
    case .selected: "The row or line that Enter opens."
    case .scroll: "Where in a longer list the rows are that are shown."
    case .sorted: "Sorted by this column, which way; on the line of times an alert."
    case .paused: "The screen is paused, how far back; a recording that has ended."
    case .recording: "All that comes is being written to a file, of this size."
    case .moment: "The moment with which every pane is compared; Esc takes it away."
    case .connection: "On the line of times: a gateway that went and came back."
    case .share: "So many times; the speed of a replay."
    case .gauge: "How full: of a limit what a key has used, of a pool its workers that are busy."
    case .trend: "How it went within the window, the newest at the right; the higher the more."
    case .density: "In the heat map: how many requests took so long then, the denser the more."
    case .lastRefused:
      "Of a limit: how long ago it refused last; it refuses no more, and is not in the title's number."
    case .refusing: "Of a limit: for how long it has refused."
    case .kept: "Events that are kept to be looked at, of all that came."
    case .flying: "Requests in flight: they began, and have no answer yet."
    case .lag: "Of a gateway: for how long nothing came of it, beyond the pace at which it tells."
    case .over: "Of calls of a service node, those that went on to another node, as it could not be reached."
    }
  }
}
