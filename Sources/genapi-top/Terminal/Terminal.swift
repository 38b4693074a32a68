import CNCurses
import Foundation
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

  private let options: Options
  private let screen: OpaquePointer
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
    let takesDirectColor = !options.isColorless && DirectColor.isOffered(by: environment)
    let opened =
      takesDirectColor
      ? DirectColor.withDescription(of: name, environment: environment) { nc_open(name) } : nc_open(name)
    guard let screen = opened else { throw TerminalError.unusable(name: name) }
    self.screen = screen
    self.options = options
    width = Int(nc_columns())
    height = Int(nc_lines())
    StandardErrorKeeper.keep()
    TerminalRestorer.arm(modes: modes, resetSequence: Self.resetSequence())
    SignalPipe.install()
    raw()
    noecho()
    nonl()
    _ = nc_prepare_input()
    Self.defineKeys()
    curs_set(0)
    startColors()
    if options.hasMouse { nc_mouse_on() }
    _ = nc_refresh()
  }

  deinit { stop() }

  /// Gives the terminal back; a second call does nothing.
  func stop() {
    guard isStarted else { return }
    isStarted = false
    if options.hasMouse { nc_mouse_off() }
    curs_set(1)
    endwin()
    TerminalRestorer.disarm()
    StandardErrorKeeper.release()
    TerminalRestorer.showCursor()
    delscreen(screen)
  }

  /// Stops the process as Ctrl-Z does anywhere, and comes back here when the shell continues it.
  func suspend() {
    if options.hasMouse { nc_mouse_off() }
    curs_set(1)
    endwin()
    signal(SIGTSTP, SIG_DFL)
    raise(SIGTSTP)
    SignalPipe.install()
    curs_set(0)
    if options.hasMouse { nc_mouse_on() }
    repaintAll()
    resize()
    _ = nc_refresh()
  }

  /// Takes over the terminal's size; false when it did not change.
  @discardableResult
  func resize() -> Bool {
    var newWidth: Int32 = 0
    var newHeight: Int32 = 0
    guard nc_window_size(STDOUT_FILENO, &newWidth, &newHeight) != 0 else { return false }
    if newWidth != nc_columns() || newHeight != nc_lines() { resizeterm(newHeight, newWidth) }
    guard Int(newWidth) != width || Int(newHeight) != height else { return false }
    width = Int(newWidth)
    height = Int(newHeight)
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
