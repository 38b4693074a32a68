import OutsideText
import TopModel

extension ScreenController {
  /// The selected row as text, without what only a screen needs, below what it is, where and when. Whoever has the terminal
  /// says what became of it.
  func copy(_ state: inout ScreenState, _ content: ScreenContent) -> [ScreenAction] {
    let pane = state.focus.type.init(content, state)
    guard let id = selectedID(state, content), let text = pane.copyText(of: id, state) else {
      state.message = ScreenState.Message("nothing is selected", .warning)
      return []
    }
    let title = "\(state.focus.title) \(state.settings.window.label)"
    return [.copy([standing(title, state, content), text].joined(separator: "\n"))]
  }

  /// For somebody who does not see the screen: what it is about, where and when.
  func standing(_ title: String, _ state: ScreenState, _ content: ScreenContent) -> String {
    let gateways = content.header.targets.map { ($0.node ?? $0.address).shown }.joined(separator: " ")
    let time = TimeText.date(content.header.at, offset: state.clockOffset)
    let filter = state.settings.filter.text
    return [title, gateways, time, filter.isEmpty ? "" : "filter \(filter.shown)"].filter { !$0.isEmpty }
      .joined(separator: "  ")
  }
}
