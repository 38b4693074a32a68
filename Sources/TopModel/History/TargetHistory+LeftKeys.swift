import GenAPITelemetry
import GenAPIValue

extension TargetHistory {
  /// So many states are looked at for a limit, spread over the window, however long that is.
  private static let mostStates = 120

  /// Keys of a limit that were refused within a window and are not told any more: who was refused goes away, and is in use no more a
  /// moment later. As they were told last, the newest first.
  ///
  /// - Parameters:
  ///   - length: of the window, in seconds.
  ///   - end: its last second.
  ///   - told: the limit's keys that are told at its end.
  ///   - most: how many refusals are of nobody that is told.
  func leftKeys(
    of limit: LimitState, within length: Int, before end: Int64, beside told: [HotKeyState], most: Int64
  ) -> [(state: HotKeyState, refused: Int64)] {
    let start = end - Int64(length)
    let last = slow.partition { $0.second > end } - 1
    let step = max(1, (last - slow.partition { $0.second >= start }) / Self.mostStates)
    var known = Set(told.map(\.keyValue))
    var left: [HotKeyState] = []
    for index in stride(from: last - 1, through: 0, by: -step) {
      guard slow[index].second >= start else { break }
      for key in slow[index].state.hotKeys where key.limit == limit.id && key.rejections > 0 {
        if known.insert(key.keyValue).inserted { left.append(key) }
      }
    }
    guard !left.isEmpty else { return [] }
    let before = rejectionsBefore(start, of: left)
    var rest = most
    return left.compactMap { key in
      let old = before[key.entryKey] ?? 0
      let refused = min(rest, key.rejections < old ? key.rejections : key.rejections - old)
      guard refused > 0 else { return nil }
      rest -= refused
      return (key, refused)
    }
  }
}
