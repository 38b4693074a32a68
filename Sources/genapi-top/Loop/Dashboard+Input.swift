import Foundation
import TopModel
import TopScreen

extension Dashboard {
  /// What a key asks of the program around; the rest is done.
  func handle(_ key: Key) -> [ScreenAction] {
    let shown = contentForInput(
      isOfState: controller.isOfState(key, screen), includingNames: controller.needsNames(key, screen))
    let actions = controller.handle(key, state: &screen, content: shown)
    screen.keepWhatIsRead(shown)
    afterInput()
    return actions
  }

  func handle(_ event: MouseEvent) -> [ScreenAction] {
    let shown = contentForInput(includingNames: controller.needsNames(event, screen))
    let actions = controller.handle(event, state: &screen, content: shown)
    screen.keepWhatIsRead(shown)
    afterInput()
    return actions
  }

  /// Does what needs no terminal.
  func perform(_ action: ScreenAction) {
    switch action {
    case .filterChanged: narrowLater()
    case .themeChanged(let name): changeTheme(to: name)
    case .toggleRecording: toggleRecording()
    case .saveLayout: saveLayout()
    case .replaySpeed(let speed): (feed as? ReplayFeed)?.setSpeed(speed)
    case .replaySeek(let moment): seek(to: moment)
    case .share: _ = share()
    case .quit, .copy, .bell, .redraw: break
    }
  }

  /// Pasted text goes where text is typed, and nowhere else.
  func paste(_ text: String) -> [ScreenAction] {
    let shown = contentForInput(includingNames: false)
    let actions = controller.paste(text, state: &screen, content: shown)
    afterInput()
    return actions
  }

  func note(_ copied: ClipboardResult) {
    // Where a picture is stays to be read, whatever became of its path.
    let wrote = wrote.flatMap { screen.message?.text.hasPrefix($0) == true ? $0 + "; " : nil } ?? ""
    screen.message = .init(wrote + copied.text, copied.isWarning ? .warning : .note)
  }

  /// Ends the recording and says how large it is, or why it ended early.
  func endRecording() {
    guard let live = feed as? LiveFeed, let recording = live.recording else { return }
    live.stopRecording()
    screen.recordedBytes = nil
    if let failure = recording.failure {
      recordingFailures.append("\(failure)")
      screen.message = .init("recording ended: \(failure)", .warning)
    } else {
      screen.message = .init("recorded \(NumberText.bytes(recording.bytes)) to \(recording.path)")
    }
  }

  /// A recording stands still while the screen does, so that one can look at it step by step.
  private func afterInput() {
    guard let replay = feed as? ReplayFeed, replay.replayClock.isPaused != screen.isPaused else { return }
    replay.setPaused(screen.isPaused)
  }

  /// Reads the recording on to a moment, or again from its beginning when the history does not go back that far.
  private func seek(to moment: Int64) {
    guard let replay = feed as? ReplayFeed else { return }
    if moment < replay.beginsAt {
      let time = TimeText.clock(replay.beginsAt, offset: screen.clockOffset)
      screen.message = .init("the recording begins at \(time)")
    }
    let moment = max(moment, replay.beginsAt)
    if moment < oldestKept ?? moment {
      do {
        try replay.startAgain()
      } catch {
        screen.message = .init("\(error)", .warning)
        return
      }
      forgetModel()
    }
    replay.seek(to: moment)
    if screen.isPaused { sought = moment }
    _ = receive()
    tick()
  }

  private func changeTheme(to name: String) {
    do {
      renderer.theme = try catalogue.theme(name)
      screen.themeName = renderer.theme.name
    } catch {
      screen.message = .init("\(error)", .warning)
    }
  }

  private func saveLayout() {
    let started = setup.configuration
    guard let path = started.layoutFile else {
      screen.message = .init("there is no folder to save it in: set HOME or XDG_CONFIG_HOME", .warning)
      return
    }
    do {
      try LayoutFile.save(SavedLayout.text(screen, started: started), to: path)
      screen.message = .init("layout saved to \(path)")
    } catch {
      screen.message = .init("the layout is not saved: \(error)", .warning)
    }
  }

  private func toggleRecording() {
    guard let live = feed as? LiveFeed else {
      screen.message = .init("a recording is shown; there is nothing to record", .warning)
      return
    }
    if live.recording != nil { return endRecording() }
    let path = Self.recordingName(at: Date())
    do {
      try live.record(to: path)
      recordingBeganAt = Int64(Date().timeIntervalSince1970 * 1_000_000)
      screen.recordedBytes = live.recording?.bytes
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
    return freeName("genapi-\(format.string(from: date))", endings: ["jsonl"]) + ".jsonl"
  }
}
