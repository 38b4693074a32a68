import Foundation
import GenAPIStream
import GenAPIValue
import OutsideText
import TopModel
import TopScreen

/// What the dashboard knows and shows, without a terminal: messages go in, grids come out.
final class Dashboard {
  let feed: any Feed
  private(set) var targetStates = TargetStates()
  private(set) var model: ClusterModel
  private let views = ViewCache()
  var screen = ScreenState()
  var renderer: ScreenRenderer
  let controller: ScreenController
  /// Whether `content` has the names that keys may ask for.
  private var hasNames = false
  /// How the screen was when `content` was made.
  private var contentKey: ContentKey?
  /// How many contents were made: dear ones, each reads the history for every pane.
  private(set) var contentsMade = 0
  /// How many events a search looks at for one content. All of them where something is printed once; a screen that is
  /// drawn ten times a second shows what was found by then.
  var eventsALook = Int.max
  /// When a changed filter is to be asked for, by the clock that does not jump.
  private var narrowAt: Int64?
  /// By address: the target's number in the model.
  private let places: [ByteText: Int]
  let catalogue: ThemeCatalogue
  let isColorless: Bool
  /// The screen as it began.
  private(set) var startScreen = ScreenState()
  /// What was said of the pictures written last.
  var wrote: String?
  /// When the recording that is being written was begun, microseconds since the Unix epoch.
  var recordingBeganAt: Int64?
  private let hasBell: Bool
  private var problemsTold = 0
  private var skipsTold = 0
  /// The moment a paused recording is read to; the panes follow until it is there.
  var sought: Int64?
  let setup: DashboardSetup
  /// What was made last.
  private var content: ScreenContent?
  /// The model changed since.
  private var isContentOld = true
  /// The last second of a recording that passed.
  private var replayedSecond: Int64?
  /// The quarter of an hour in which the offsets of the wall clock were looked for.
  private var zoneQuarter: Int64?

  init(feed: any Feed, setup: DashboardSetup) {
    self.feed = feed
    self.setup = setup
    places = Dictionary(feed.targets.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    catalogue = setup.catalogue
    isColorless = setup.isColorless
    let keyMap = setup.configuration.keyMap
    hasBell = setup.configuration.alerts.hasBell
    renderer = ScreenRenderer(theme: setup.theme, keyMap: keyMap)
    renderer.willDraw = { CrashReport.activity = .drawingPane($0) }
    model = ClusterModel(targets: feed.targets, intervalMs: feed.intervalMs)
    model.watch(setup.configuration.alerts.all)
    controller = ScreenController(keyMap: keyMap, themeNames: setup.catalogue.themes.map(\.name))
    setup.configuration.apply(to: &screen)
    startScreen = screen
    screen.themeName = setup.theme.name
    screen.settings.filter = setup.filter
    screen.recordedBytes = (feed as? LiveFeed)?.recording?.bytes
    if screen.recordedBytes != nil { recordingBeganAt = Int64(Date().timeIntervalSince1970 * 1_000_000) }
    screen.replaySpeed = (feed as? ReplayFeed)?.replayClock.speed
    screen.replayBeginsAt = (feed as? ReplayFeed)?.beginsAt
    if let problem = catalogue.problems.first { screen.message = .init(problem, .warning) }
  }

  var theme: Theme { renderer.theme }
  /// A recording is read up to where it is to begin, or to a moment that was asked for.
  var isReading: Bool { (feed as? ReplayFeed)?.sought != nil }
  /// The recording ends before it was to begin.
  var fellShort: ReplayError? { (feed as? ReplayFeed)?.fellShort }
  var isReplay: Bool { feed is ReplayFeed }
  var isAtEnd: Bool { (feed as? ReplayFeed)?.isAtEnd ?? false }

  func start() {
    _ = feed.narrow(to: screen.settings.filter.pushdown)
    feed.start()
    tick()
  }

  /// Recordings that could not be written to their end, in words.
  var recordingFailures: [String] = []

  func stop() {
    endRecording()
    feed.stop()
  }

  /// Gateways send a whole state for every new filter, so a filter that is being typed is asked for when the
  /// fingers rest. The screen itself follows every key.
  func narrowLater() { narrowAt = Monotonic.milliseconds() + 250 }

  /// What gateways did not send while another filter was on is never known: what is counted by events begins anew.
  private func narrow() {
    let filter = screen.settings.filter.pushdown
    if feed.narrow(to: filter) { model.noteOtherEvents(at: now) }
  }

  /// Milliseconds until there is something to do without being woken; nil when there is nothing.
  func wait() -> Int64? {
    let narrowing = narrowAt.map { max(0, $0 - Monotonic.milliseconds()) }
    return [feed.wait(), narrowing].compactMap { $0 }.min()
  }

  func forgetContent() { isContentOld = true }

  /// More of what is drawn is still looked for: to be drawn again, though nothing came.
  var isSearching: Bool { content?.isSearching ?? false }

  /// Takes what came, no longer than until a moment of `Monotonic`.
  func receive(until deadline: Int64 = .max) -> Received {
    if feed is LiveFeed { ownPauses.look(for: &model) }
    let told = (model.news, screen.behindSeconds, skipsTold)
    if let due = narrowAt, due <= Monotonic.milliseconds() {
      narrowAt = nil
      narrow()
    }
    // When this was: looked at once something was taken, since a recording's time follows what is taken.
    var time: Int64?
    // Many in a row come from one target.
    var last: (target: ByteText, place: Int?) = ("", nil)
    defer { followSeek() }
    feed.take(until: deadline) { message in
      let at = time ?? now
      time = at
      targetStates.note(message)
      if message.target != last.target { last = (message.target, places[message.target]) }
      if isReplay, let at = message.at { tickReplay(before: at) }
      if let place = last.place { model.fold(message.event, of: place, at: message.at ?? at) }
    }
    noteBehind()
    if feed.skips > skipsTold {
      skipsTold = feed.skips
      screen.message = .init(
        "more came than could be shown: went on with the newest; lost counts the events left out", .warning)
    }
    guard time != nil else { return .nothing }
    // A recording's time goes on with what is taken.
    let isQuiet = feed is LiveFeed && told == (model.news, screen.behindSeconds, skipsTold)
    if isQuiet { return .quiet }
    forgetContent()
    return .news
  }

  /// The first moment the model still knows.
  var oldestKept: Int64? { currentContent().header.oldestAt }

  /// A recording is read again: nothing of it has come yet.
  func forgetModel() {
    targetStates = TargetStates()
    replayedSecond = nil
    model = ClusterModel(targets: feed.targets, intervalMs: feed.intervalMs)
    model.watch(setup.configuration.alerts.all)
    content = nil
  }

  /// Less is not worth a word, in microseconds.
  private static let leastBehind: Int64 = 2_000_000

  /// There is more to take than there is time for: then what is shown is of a while ago, and says so.
  private func noteBehind() {
    screen.readingUpTo = (feed as? ReplayFeed)?.sought
    screen.replayPace = (feed as? ReplayFeed)?.heldBackTo
    let behind = feed.behind
    screen.behindSeconds = behind > Self.leastBehind ? behind / 1_000_000 : nil
  }

  private func followSeek() {
    guard let sought, let clock = feed.clock else { return }
    guard screen.isPaused else { return self.sought = nil }
    screen.settings.moment = .at(min(clock, sought))
    if clock >= sought || isAtEnd { self.sought = nil }
    if isAtEnd, clock < sought {
      screen.message = .init("the recording ends at \(TimeText.clock(clock, offset: screen.clockOffset))")
    }
    forgetContent()
  }

  /// What keys that were given at the start act on is there: each gateway has told, and a recording was read to where it begins.
  var isReadyForKeys: Bool {
    targetStates.isSettled(feed.targets) && !(feed is ReplayFeed && feed.wait() == 0)
  }

  /// A second passed; what the program around has to do about it.
  @discardableResult
  func tick() -> [ScreenAction] {
    if feed is LiveFeed { ownPauses.look(for: &model) }
    let now = now
    let firedBefore = model.timesFired
    if isReplay { tickReplay(before: now) }
    if !isReplay || isAtEnd { model.tick(at: now) }
    for (target, count) in feed.functionsToRead {
      if let place = places[target] { model.expect(functions: count, of: place) }
    }
    noteBehind()
    noteTimeZone(at: now)
    tellProblems()
    if let recording = (feed as? LiveFeed)?.recording {
      screen.recordedBytes = recording.bytes
      if recording.failure != nil { endRecording() }
    }
    screen.isReplayOver = isAtEnd
    forgetContent()
    return hasBell && model.timesFired > firedBefore ? [.bell] : []
  }

  /// Lets the seconds of a recording pass that are over before a moment, each once and at its end, however fast it is read: what alerts
  /// found does not depend on that.
  private func tickReplay(before moment: Int64) {
    let end = (moment - 1) / 1_000_000
    // The clock was set back.
    if let last = replayedSecond, end < last - 5 { replayedSecond = nil }
    guard end > replayedSecond ?? .min else { return }
    // Of a time of which nothing was recorded the last quarter of an hour is all that is kept.
    let begin = max(replayedSecond.map { $0 + 1 } ?? end, end - ClusterModel.keptSeconds)
    for second in begin...end { model.tick(at: second * 1_000_000) }
    replayedSecond = end
  }

  /// Looked for once a quarter of an hour: changes of the wall clock lie on whole quarters of one.
  private func noteTimeZone(at now: Int64) {
    let quarter = now / 900_000_000
    guard quarter != zoneQuarter else { return }
    zoneQuarter = quarter
    screen.clockOffset = LocalTime.offsets(until: now)
  }

  /// What of a recording could not be read, once.
  private func tellProblems() {
    guard let replay = feed as? ReplayFeed, let newest = replay.problems.last,
      replay.problemCount > problemsTold
    else { return }
    problemsTold = replay.problemCount
    let others = problemsTold > 1 ? " and \(problemsTold - 1) more" : ""
    screen.message = .init(newest + others, .warning)
  }

  func resize(to size: ScreenSize) {
    screen.size = size
    content = nil
  }

  func frame() -> Grid { renderer.render(currentContent(), state: screen) }

  /// As the frame before but for what a key did to it, where that needs no look at the model: what came since is drawn in its time.
  /// nil where it does.
  func frameOfInput() -> Grid? {
    guard isContentOld, let content, contentKey == ContentKey(screen) else { return nil }
    return renderer.render(content, state: screen)
  }

  /// Microseconds since the Unix epoch, of the gateways' world: a recording has its own time.
  private var ownPauses = OwnPauses()

  private var now: Int64 { feed.clock ?? Int64(Date().timeIntervalSince1970 * 1_000_000) }

  /// What is drawn now. A search of events goes on with each.
  func currentContent() -> ScreenContent {
    if let content, isCurrent, !content.isSearching { return content }
    return makeContent(includingNames: false)
  }

  /// What a key acts on: what was drawn last, which is what the user saw, as long as keys did not change what is drawn, however
  /// much came since. What is typed into the filter, and what only arranges panes, does not ask what they show.
  ///
  /// - Parameters:
  ///   - isOfState: the key does not ask what panes show.
  ///   - includingNames: with the names that the filter and the pickers offer.
  func contentForInput(isOfState: Bool = false, includingNames: Bool) -> ScreenContent {
    guard
      let drawn = content,
      isOfState || !controller.looksAtContent(screen)
        || contentKey?.isSame(forRowsOf: ContentKey(screen)) == true
    else { return makeContent(includingNames: includingNames) }
    guard includingNames, !hasNames else { return drawn }
    hasNames = true
    content?.addNames(model: model, settings: screen.settings)
    return content ?? drawn
  }

  private var isCurrent: Bool { !isContentOld && contentKey == ContentKey(screen) }

  private func makeContent(includingNames: Bool) -> ScreenContent {
    hasNames = includingNames
    let made = ScreenContent(
      model: model, state: screen, views: views, includingNames: hasNames, lookingThrough: eventsALook)
    contentsMade += 1
    content = made
    isContentOld = false
    screen.keepWhatIsRead(made)
    contentKey = ContentKey(screen)
    return made
  }

  /// The exact numbers of what the filter lets through as one line of JSON, as `docs/once.schema.json` describes them.
  func summary() throws -> [UInt8] {
    var json = JSONWriter()
    json.value(try ValueEncoder().encode(model.summary(screen.settings.filter)))
    return JSONShown.escaping(json.bytes)
  }
}
