import Foundation
import TopModel
import TopScreen

extension Dashboard {
  /// What a key asks of the program around; the rest is done.
  func handle(_ key: Key) -> [ScreenAction] {
    if stepReplay(key) { return [] }
    let actions = controller.handle(key, state: &screen, content: currentContent(forInput: true))
    afterInput()
    return actions
  }

  func handle(_ event: MouseEvent) -> [ScreenAction] {
    let actions = controller.handle(event, state: &screen, content: currentContent(forInput: true))
    afterInput()
    return actions
  }

  /// Does what needs no terminal.
  func perform(_ action: ScreenAction) {
    switch action {
    case .filterChanged: narrowLater()
    case .themeChanged(let name): changeTheme(to: name)
    case .toggleRecording: toggleRecording()
    case .replaySpeed(let speed): (feed as? ReplayFeed)?.setSpeed(speed)
    case .quit, .copy, .bell, .redraw: break
    }
    forgetContent()
  }

  func note(copied: Bool) {
    screen.message =
      copied ? .init("copied") : .init("not copied: too long for the terminal's clipboard", .warning)
  }

  func endRecording(_ text: String, _ kind: ScreenState.Message.Kind = .note) {
    (feed as? LiveFeed)?.stopRecording()
    screen.isRecording = false
    screen.message = .init(text, kind)
  }

  /// A recording stands still while the screen does, so that one can look at it step by step.
  private func afterInput() {
    forgetContent()
    guard let replay = feed as? ReplayFeed, replay.replayClock.isPaused != screen.isPaused else { return }
    replay.setPaused(screen.isPaused)
  }

  /// Forward at the newest moment of a paused recording: reads on instead. True when it did.
  private func stepReplay(_ key: Key) -> Bool {
    guard let replay = feed as? ReplayFeed, screen.dialogs.isEmpty, screen.filterLine == nil,
      case .at(let moment) = screen.settings.moment
    else { return false }
    let seconds: Int64
    switch controller.keyMap.command(for: key) {
    case .timeForward: seconds = 1
    case .timeForwardFast: seconds = 10
    default: return false
    }
    guard moment + seconds * 1_000_000 > replay.clock ?? 0 else { return false }
    replay.step(by: seconds * 1_000_000)
    _ = receive()
    tick()
    screen.settings.moment = .at(replay.clock ?? moment)
    return true
  }

  private func changeTheme(to name: String) {
    do {
      renderer.theme = try shelf.theme(name)
      screen.themeName = renderer.theme.name
    } catch {
      screen.message = .init("\(error)", .warning)
    }
  }

  private func toggleRecording() {
    guard let live = feed as? LiveFeed else {
      screen.message = .init("a recording is shown; there is nothing to record", .warning)
      return
    }
    if let recording = live.recording {
      endRecording("recorded \(NumberText.bytes(recording.bytes)) to \(recording.path)")
      return
    }
    let path = Self.recordingName(at: Date())
    do {
      try live.record(to: path)
      screen.isRecording = true
      screen.message = .init("recording to \(path)")
    } catch {
      screen.message = .init("\(error)", .warning)
    }
  }

  /// In the folder the program was started in.
  private static func recordingName(at date: Date) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = "yyyyMMdd-HHmmss"
    return "genapi-\(format.string(from: date)).jsonl"
  }
}
