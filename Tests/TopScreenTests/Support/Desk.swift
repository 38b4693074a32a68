import Locking
import TopModel

@testable import TopScreen

/// Somebody at the keys: presses them one after the other and keeps what comes of it.
final class Desk: Sendable {
  struct Seat {
    var state = ScreenState()
    var content = Sample.content
    var actions: [ScreenAction] = []
  }

  let seat = Mutex(Seat())
  var controller: ScreenController { ScreenController(themeNames: ["default", "light", "nord"]) }

  init(width: Int = 120, height: Int = 36) {
    seat.withLock { $0.state.size = ScreenSize(width: width, height: height) }
  }

  var state: ScreenState { seat.withLock { $0.state } }
  var actions: [ScreenAction] { seat.withLock { $0.actions } }
  /// The filter in force.
  var filter: String { state.settings.filter.text }

  func press(_ keys: Key...) {
    for key in keys {
      seat.withLock { $0.actions = controller.handle(key, state: &$0.state, content: $0.content) }
    }
  }

  func type(_ text: String) {
    for character in text { press(.character(character)) }
  }

  func paste(_ text: String) {
    seat.withLock { $0.actions = controller.paste(text, state: &$0.state, content: $0.content) }
  }

  func click(_ button: MouseEvent.Button, _ column: Int, _ row: Int) {
    seat.withLock {
      $0.actions = controller.handle(
        MouseEvent(button, column: column, row: row), state: &$0.state, content: $0.content)
    }
  }

  var screen: Grid { ScreenRenderer().render(seat.withLock { $0.content }, state: state) }
  var text: String { TextWriter.write(screen) }
}
