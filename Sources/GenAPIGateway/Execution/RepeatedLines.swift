import GenAPIValue
import Locking

/// Which lines of a log that many requests may cause are written: of one kind and function one in ten seconds, with how many there
/// were in between.
final class RepeatedLines: Sendable {
  struct Key: Hashable {
    var kind: String
    var service: ByteText
    var requestType: ByteText
  }

  private struct Entry {
    var toldAtNs: Int64
    var untold = 0
  }

  static let quietNs: Int64 = 10_000_000_000
  /// Functions that are known at one time; of more of them every line is written until there is room.
  static let most = 1_000

  private let clock: any GatewayClock
  private let entries = Mutex<[Key: Entry]>([:])

  init(_ clock: any GatewayClock) { self.clock = clock }

  /// How many lines were left out since the last one; nil when this one is left out, too.
  func take(_ key: Key) -> Int? {
    let now = clock.monotonicNanoseconds()
    return entries.withLock { entries in
      if let entry = entries[key] {
        guard now - entry.toldAtNs >= Self.quietNs else {
          entries[key]!.untold += 1
          return nil
        }
        entries[key] = Entry(toldAtNs: now)
        return entry.untold
      }
      if entries.count >= Self.most { entries = entries.filter { now - $0.value.toldAtNs < Self.quietNs } }
      if entries.count < Self.most { entries[key] = Entry(toldAtNs: now) }
      return 0
    }
  }
}
