import Foundation
import TopScreen

/// The one loop that owns the screen: waits for keys, signals, news and ticks, folds them into the dashboard, and
/// draws what changed.
final class ScreenLoop {
  /// How often the clock, ages and countdowns are brought up to date.
  private static let tickMilliseconds: Int64 = 1_000

  /// News is taken at most so often: at ten thousand events a second they come in thousands of pieces, and each
  /// wake costs more than what it brings.
  private static let newsMilliseconds: Int64 = 50

  private let terminal: Terminal
  private let dashboard: Dashboard
  private let wake: WakePipe
  private var pacer = FramePacer()
  private var nextTick: Int64 = 0
  private var nextNews: Int64 = 0
  /// How long news is taken in one turn, and keys are handled, in milliseconds: between two turns the screen is drawn and
  /// the user heard, however much comes.
  private static let newsBudget: Int64 = 5
  /// Where drawing takes longer, news gets as much time as that, up to this: on a busy machine half of a turn is for news,
  /// however dear a frame is.
  private static let mostNewsBudget: Int64 = 250
  /// How long the last drawing took, in milliseconds.
  private var drawingTime: Int64 = 0
  private static let inputBudget: Int64 = 50
  /// Keys that were left for the next turn.
  private var inputs: ArraySlice<TerminalInput> = []
  /// More may be left to be read.
  private var hasMoreInputs = false
  /// When it was known last that nothing had been typed, in milliseconds.
  private var nothingTypedAt: Int64 = 0
  private var searchPace = SearchPace()

  /// Pressed as soon as there is something they can act on.
  private var firstKeys: [Key]

  init(terminal: Terminal, dashboard: Dashboard, wake: WakePipe, firstKeys: [Key] = []) {
    self.firstKeys = firstKeys
    self.terminal = terminal
    self.dashboard = dashboard
    self.wake = wake
  }

  /// Runs until the user, a signal, or a recording that is over before it was to begin ends it; the exit code. The feed goes on until the caller stops it.
  func run() -> Int32 {
    dashboard.eventsALook = searchPace.events
    dashboard.resize(to: size)
    dashboard.start()
    while true {
      draw()
      let isNewsDue = Monotonic.milliseconds() >= nextNews
      let waiting = Waiting.wait(wake: isNewsDue ? wake : nil, milliseconds: timeout())
      let looked = Monotonic.milliseconds()
      if waiting.hasWaited || !waiting.hasInput { nothingTypedAt = looked }
      if waiting.hasSignal, let code = handleSignals() { return code }
      if waiting.isTerminalGone { return 128 + SIGHUP }
      // Keys before news, and what they did is seen before it: under full load the user still comes first.
      if waiting.hasInput || hasMoreInputs || !inputs.isEmpty || isInputDue {
        if handleInputs() { return 0 }
        draw()
      }
      if isNewsDue { receive(waiting) }
      if !firstKeys.isEmpty, dashboard.isReadyForKeys, pressFirstKeys() { return 0 }
      if dashboard.fellShort != nil { return 0 }
      tick()
    }
  }

  private var size: ScreenSize { ScreenSize(width: terminal.width, height: terminal.height) }

  /// What was typed so far means something else when nothing follows.
  private var isInputDue: Bool { terminal.inputDeadline.map { Monotonic.milliseconds() >= $0 } ?? false }

  private func timeout() -> Int64 {
    let now = Monotonic.milliseconds()
    var wait = max(0, nextTick - now)
    if now < nextNews {
      wait = min(wait, nextNews - now)
    } else if let due = dashboard.wait() {
      wait = min(wait, due)
    }
    if let due = terminal.inputDeadline { wait = min(wait, max(0, due - now)) }
    if hasMoreInputs || !inputs.isEmpty { wait = 0 }
    if let due = pacer.wait(at: now) {
      // A terminal that takes no output is looked at again soon, without spinning.
      wait = min(wait, due == 0 ? 20 : due)
    }
    return wait
  }

  private func receive(_ waiting: Waiting) {
    if waiting.isWoken { wake.clear() }
    CrashReport.activity = .takingNews
    defer { CrashReport.activity = .waiting }
    let received = dashboard.receive(until: Monotonic.milliseconds() + newsBudget)
    guard received != .nothing else { return }
    nextNews = Monotonic.milliseconds() + (dashboard.wait() == 0 ? 0 : Self.newsMilliseconds)
    if received == .news { pacer.noteChange() }
  }

  private var newsBudget: Int64 { min(max(Self.newsBudget, drawingTime), Self.mostNewsBudget) }

  private func draw() {
    let now = Monotonic.milliseconds()
    // Who is told to end while stopped has no terminal any more.
    guard SignalPipe.ending == nil, pacer.isDue(at: now), terminal.takesOutput else { return }
    CrashReport.activity = .drawing
    defer { CrashReport.activity = .waiting }
    // What came is drawn in the next turn, when it is due.
    if pacer.isUrgent, let frame = dashboard.frameOfInput() {
      terminal.paint(frame)
      return pacer.drewInput()
    }
    let frame = dashboard.frame()
    CrashReport.activity = .drawing
    terminal.paint(frame)
    let end = Monotonic.milliseconds()
    drawingTime = end - now
    // A search goes on from drawing to drawing, and what is replayed goes by faster than it was.
    pacer.drew(at: end, took: dashboard.isSearching || dashboard.isReplay ? 0 : drawingTime)
    guard dashboard.isSearching else { return }
    searchPace.drew(in: drawingTime)
    dashboard.eventsALook = searchPace.events
    pacer.noteChange()
  }

  private func tick() {
    let now = Monotonic.milliseconds()
    guard now >= nextTick else { return }
    // On whole seconds of the wall clock, so that the clock shown does not skip.
    let past = Int64(Date().timeIntervalSince1970 * 1_000) % Self.tickMilliseconds
    nextTick = now + Self.tickMilliseconds - past
    CrashReport.activity = .takingNews
    defer { CrashReport.activity = .waiting }
    _ = perform(dashboard.tick())
    if let result = terminal.clipboardResult(at: now) { dashboard.note(result) }
    pacer.noteChange()
  }

  /// True when the user quits.
  private func handleInputs() -> Bool {
    CrashReport.activity = .handlingInput
    defer { CrashReport.activity = .waiting }
    if inputs.isEmpty {
      inputs = terminal.readInputs(since: nothingTypedAt)[...]
      hasMoreInputs = inputs.count >= Terminal.mostInputsAtOnce
    }
    let deadline = Monotonic.milliseconds() + Self.inputBudget
    while let input = inputs.popFirst() {
      pacer.noteInput()
      switch input {
      case .clipboard, .attributes:
        if let result = terminal.clipboardResult(of: input) { dashboard.note(result) }
      case .pasted(let text): if perform(dashboard.paste(text)) { return true }
      case .key(.control("z")): suspend()
      case .key(let key): if perform(dashboard.handle(key)) { return true }
      case .mouse(let event): if perform(dashboard.handle(event)) { return true }
      }
      if Monotonic.milliseconds() >= deadline { break }
    }
    return false
  }

  /// The path goes to the clipboard as what `y` copies does.
  private func share() {
    guard let text = dashboard.share() else { return }
    dashboard.note(terminal.copy(text))
  }

  /// True when one of them quits.
  private func pressFirstKeys() -> Bool {
    let keys = firstKeys
    firstKeys = []
    pacer.noteInput()
    // They act on what came by now, though nothing of it was drawn yet.
    _ = dashboard.currentContent()
    return keys.contains { perform(dashboard.handle($0)) }
  }

  /// The terminal may have another size afterwards: nobody tells a program that is stopped.
  private func suspend() {
    terminal.suspend()
    resize()
  }

  private func resize() {
    terminal.resize()
    dashboard.resize(to: size)
    pacer.noteInput()
  }

  /// Does what only the terminal can; true when the user quits.
  private func perform(_ actions: [ScreenAction]) -> Bool {
    for action in actions {
      switch action {
      case .quit: return true
      case .copy(let text): dashboard.note(terminal.copy(text))
      case .share: share()
      case .bell: terminal.ring()
      case .redraw: terminal.repaintAll()
      default: dashboard.perform(action)
      }
    }
    return false
  }

  /// The exit code when a signal ends the program.
  private func handleSignals() -> Int32? {
    for signal in SignalPipe.drain() {
      if SignalPipe.endings.contains(signal) { return 128 + signal }
      switch signal {
      case SIGWINCH: resize()
      case SIGTSTP: suspend()
      case SIGCONT:
        terminal.resume()
        resize()
      default: break
      }
    }
    return nil
  }
}
