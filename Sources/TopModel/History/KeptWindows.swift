import DequeModule
import Locking

/// The windows of one history that were asked for last, each followed from one time to the next.
///
/// Shared by the copies of a history: what is kept follows whichever asks, so that it is right for all, if dearer for two that differ.
final class KeptWindows: Sendable {
  /// Of what something was made: the samples of a history up to a second.
  private struct Made: Equatable {
    var samples: Stamp
    var end: Int64
  }

  private struct Window {
    var length: Int
    var usedAt: Int64
    var sums = WindowSums()
    var sumsOf: Made?
    var figures: (of: Made, counted: WindowFigures)?
  }

  private struct Kept {
    var windows: [Window] = []
    var sources: [(key: RequestSource.Key, source: RequestSource)] = []

    /// The place of a window, made where it is not known.
    mutating func place(of length: Int, newest: Int64) -> Int {
      if let last = windows.last, last.length == length, last.usedAt == newest { return windows.count - 1 }
      windows.removeAll { $0.length != length && (newest - $0.usedAt).magnitude > KeptWindows.mostUnused }
      if let known = windows.firstIndex(where: { $0.length == length }) {
        // The last one asked for stands at the end.
        windows.swapAt(known, windows.count - 1)
      } else {
        if windows.count >= KeptWindows.most { windows.removeFirst() }
        windows.append(Window(length: length, usedAt: newest))
      }
      windows[windows.count - 1].usedAt = newest
      return windows.count - 1
    }
  }

  /// The screen's window, and those of a few alerts.
  private static let most = 4

  /// What nobody asked for in so many seconds is forgotten: it holds seconds that the history keeps coarsely since.
  private static let mostUnused: Int64 = 30

  private let kept = Mutex(Kept())

  /// Looks at the sums of the window of `(second − length, second]`.
  ///
  /// - Parameters:
  ///   - grewFrom: as `TargetHistory.grewFrom`.
  ///   - isStill: as `TargetHistory.isStill`.
  func sums(
    of samples: Deque<SecondSample>, _ stamp: Stamp, grewFrom: Stamp?, isStill: Bool, endingAt second: Int64,
    length: Int, _ look: (WindowSums) -> Void
  ) {
    kept.withLock { kept in
      let place = kept.place(of: length, newest: samples.last?.second ?? 0)
      let wanted = Made(samples: stamp, end: second)
      if kept.windows[place].sumsOf != wanted {
        if !isStill || !kept.windows[place].sums.rest(endingAt: second, length: length) {
          let known = kept.windows[place].sumsOf?.samples
          kept.windows[place].sums.follow(
            samples.window(endingAt: second, length: length), endingAt: second,
            hasGrown: known != nil && known == grewFrom)
        }
        kept.windows[place].sumsOf = wanted
      }
      look(kept.windows[place].sums)
    }
  }

  /// What was counted in the window of `(second − length, second]`, of all functions together.
  func figures(of samples: Deque<SecondSample>, _ stamp: Stamp, endingAt second: Int64, length: Int)
    -> WindowFigures
  {
    kept.withLock { kept in
      let place = kept.place(of: length, newest: samples.last?.second ?? 0)
      let wanted = Made(samples: stamp, end: second)
      if let figures = kept.windows[place].figures, figures.of == wanted { return figures.counted }
      let counted = WindowFigures(samples.window(endingAt: second, length: length), length: length)
      kept.windows[place].figures = (wanted, counted)
      return counted
    }
  }

  /// What rows of functions are made of, made once for all that ask for the same.
  func source(_ key: RequestSource.Key, _ make: () -> RequestSource) -> RequestSource {
    if let known = kept.withLock({ $0.sources.first { $0.key == key }?.source }) { return known }
    let made = make()
    kept.withLock { kept in
      // Those of a model that changed since are of no use to anybody.
      kept.sources.removeAll { $0.key.model != key.model || $0.key.now != key.now }
      if kept.sources.count < Self.most { kept.sources.append((key, made)) }
    }
    return made
  }
}
