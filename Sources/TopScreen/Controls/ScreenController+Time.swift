import TopModel

extension ScreenController {
  /// Pausing, stepping and the speed of a replay.
  func travel(
    _ command: Command, _ state: inout ScreenState, _ content: ScreenContent
  ) -> [ScreenAction] {
    switch command {
    case .slower, .faster:
      guard let speed = state.replaySpeed else {
        state.message = ScreenState.Message("only a replay has a speed", .warning)
        return []
      }
      let wanted = min(max(speed * (command == .faster ? 2 : 0.5), 0.125), 64)
      state.replaySpeed = wanted
      return [.replaySpeed(wanted)]
    case .pause:
      state.settings.moment = state.isPaused ? .live : .at(content.header.at)
    default:
      guard state.isPaused else {
        // Live, the keys do what they do in lists.
        switch command {
        case .timeStart: return run(.top, state: &state, content: content)
        case .timeEnd: return run(.bottom, state: &state, content: content)
        case .timeBack: return run(.focusLeft, state: &state, content: content)
        case .timeForward: return run(.focusRight, state: &state, content: content)
        case .timeBackMinute:
          state.settings.moment = .at(content.header.at)
          return step(command, &state, content)
        case .timeForwardMinute:
          if state.replaySpeed != nil { return [.replaySeek(to: content.header.at + 60_000_000)] }
          state.message = ScreenState.Message("the screen is live; there is nothing newer")
          return []
        default: return []
        }
      }
      return step(command, &state, content)
    }
    return []
  }

  /// Whether a command goes to another moment also while a page lies over the panes: the page is of the moment that they show. Live, the
  /// arrows are for lists.
  func travels(_ command: Command, _ state: ScreenState) -> Bool {
    switch command {
    case .goToTime, .pause, .timeBackMinute, .timeForwardMinute: true
    case .timeBack, .timeForward, .timeBackFast, .timeForwardFast: state.isPaused
    default: false
    }
  }

  private func step(
    _ command: Command, _ state: inout ScreenState, _ content: ScreenContent
  ) -> [ScreenAction] {
    guard case .at(let moment) = state.settings.moment else { return [] }
    let (oldest, newest) = (content.oldestAt, content.newestAt)
    let target: Int64
    switch command {
    case .timeBack: target = moment - 1_000_000
    case .timeForward: target = moment + 1_000_000
    case .timeBackFast: target = moment - 10_000_000
    case .timeForwardFast: target = moment + 10_000_000
    case .timeBackMinute: target = moment - 60_000_000
    case .timeForwardMinute: target = moment + 60_000_000
    case .timeStart: target = oldest
    default: target = newest
    }
    return go(to: target, &state, content)
  }

  /// Shows a moment, or the nearest that is kept; what is not in the history of a recording is read again.
  func go(to target: Int64, _ state: inout ScreenState, _ content: ScreenContent) -> [ScreenAction] {
    let (oldest, newest) = (content.oldestAt, content.newestAt)
    state.settings.moment = .at(min(max(target, oldest), newest))
    if state.replaySpeed != nil, target > newest || target < oldest {
      // What is not in the history is still in the file.
      return [.replaySeek(to: target)]
    }
    if target < oldest {
      let length = TimeText.age(seconds: (newest - oldest) / 1_000_000)
      // Which moment is shown instead.
      let first = TimeText.clock(oldest, offset: state.clockOffset)
      state.message = ScreenState.Message("the history goes back \(length), to \(first)")
    }
    return []
  }
}

extension ScreenContent {
  /// The newest moment there are numbers for, microseconds since the Unix epoch.
  var newestAt: Int64 { header.at + Int64(header.secondsBack ?? 0) * 1_000_000 }

  /// The oldest moment that panes can show.
  var oldestAt: Int64 {
    max(newestAt - ScreenController.historySeconds * 1_000_000, header.oldestAt ?? 0)
  }
}
