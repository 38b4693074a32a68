import CNCurses
import Foundation
import ProgramOutput
import TopScreen

/// The screen and the keyboard: the only code that touches ncurses.
///
/// Belongs to the thread that started it, since ncurses keeps its screen in globals.
final class Terminal {
  /// What the user wants of it.
  struct Options {
    /// No colours, whatever the terminal can do; bold, underline and reverse stay.
    var isColorless = false
    var hasMouse = true
  }

  private(set) var width: Int
  private(set) var height: Int
  private(set) var colors: ColorDepth = .mono

  var pairs = ColorPairs(count: 0)
  var attributes: [Style: (bits: attr_t, pair: Int32)] = [:]
  /// What the screen shows; nil when nothing on it is known.
  var painted: Grid?

  var decoder: InputDecoder
  let clipboard: ClipboardRoute
  /// What the clipboard was given, in Base64, and until when the terminal may say that it has it; nil when nothing is
  /// asked.
  var copying: (text: String, until: Int64)?

  private let options: Options
  let screen: OpaquePointer
  private var isStarted = true

  /// Opens the screen: alternate screen, no echo, every key as it comes, mouse.
  ///
  /// Throws `TerminalError` and leaves the terminal as it was.
  init(options: Options = Options(), environment: [String: String] = ProcessInfo.processInfo.environment)
    throws
  {
    guard isatty(STDOUT_FILENO) == 1 else { throw TerminalError.outputIsNoTerminal }
    guard isatty(STDIN_FILENO) == 1 else { throw TerminalError.inputIsNoTerminal }
    var modes = termios()
    tcgetattr(STDIN_FILENO, &modes)
    Self.chooseLocale()
    let name = try Self.describe(environment: environment)
    Self.preferTerminalSize(environment: environment)
    let colors = options.isColorless ? .asDescribed : ColorOffer(environment: environment)
    let opened = colors.withDescription(of: name, environment: environment) { nc_open(name) }
    guard let screen = opened else { throw TerminalError.unusable(name: name) }
    self.screen = screen
    self.options = options
    let size = ScreenSize(width: Int(nc_columns()), height: Int(nc_lines()))
    (width, height) = (size.width, size.height)
    decoder = InputDecoder(keys: KeySequences.ofTerminal())
    clipboard = ClipboardRoute(environment: environment)
    StandardErrorKeeper.keep()
    TerminalRestorer.arm(modes: modes, resetSequence: Self.resetSequence())
    SignalPipe.install()
    raw()
    noecho()
    nonl()
    nc_prepare_input()
    curs_set(0)
    startColors()
    _ = nc_refresh()
    setModes(on: true)
  }

  deinit { stop() }

  /// Gives the terminal back; a second call does nothing.
  func stop() {
    guard isStarted else { return }
    isStarted = false
    if isInBackground { return leave() }
    setModes(on: false)
    curs_set(1)
    endwin()
    TerminalRestorer.disarm()
    StandardErrorKeeper.release()
    TerminalRestorer.showCursor()
    delscreen(screen)
  }

  /// Stops the process as Ctrl-Z does anywhere, and comes back here when the shell continues it.
  func suspend() {
    setModes(on: false)
    curs_set(1)
    endwin()
    // Who ends the program meanwhile finds nothing to put back.
    TerminalRestorer.disarm()
    signal(SIGTSTP, SIG_DFL)
    raise(SIGTSTP)
    SignalPipe.install()
    resume()
  }

  /// Takes the terminal over again after the process was stopped, by whomever: the shell has set its own modes since
  /// then, though nobody told this program that it was about to stop.
  func resume() {
    awaitForeground()
    // Whoever ends it need not have given it the terminal.
    if SignalPipe.ending != nil { return }
    TerminalRestorer.rearm()
    // That it goes on is known here.
    SignalPipe.forget(SIGCONT)
    // ncurses sets its modes and the alternate screen again with the next refresh after it has given them back. Given back twice, the
    // terminal would put its cursor where it was before the first time, over what the shell wrote since.
    if !isendwin() { endwin() }
    curs_set(0)
    repaintAll()
    resize()
    _ = nc_refresh()
    setModes(on: true)
  }

  private func setModes(on: Bool) {
    guard isANSI else { return }
    try? Output.standard.write(on ? TerminalModes.on(hasMouse: options.hasMouse) : TerminalModes.off)
  }

  /// Others might show the sequences of the modes as text.
  private var isANSI: Bool { nc_capability("cup").map { String(cString: $0).hasPrefix("\u{1B}[") } ?? false }

  /// Takes over the terminal's size, within the bounds of `ScreenSize`; false when it did not change.
  @discardableResult
  func resize() -> Bool {
    guard let size = ScreenSize.ofTerminal else { return false }
    Self.tell(size)
    if size.width != Int(nc_columns()) || size.height != Int(nc_lines()) {
      resizeterm(Int32(size.height), Int32(size.width))
    }
    guard size.width != width || size.height != height else { return false }
    width = size.width
    height = size.height
    repaintAll()
    return true
  }

  /// The next painting draws every cell, whatever was there: after a resize, or when something else wrote on it.
  func repaintAll() {
    painted = nil
    _ = nc_erase()
    _ = nc_redraw_all_next_time()
  }

  /// Rings the bell.
  func ring() { beep() }

  private func startColors() {
    guard !options.isColorless, has_colors(), start_color() == nc_ok(), use_default_colors() == nc_ok() else {
      return
    }
    colors = ColorDepth(colors: Int(nc_colors()), isDirect: nc_has_direct_color() != 0)
    pairs = ColorPairs(count: Int(nc_color_pairs()))
  }
}
