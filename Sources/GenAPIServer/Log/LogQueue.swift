import DequeModule

/// Lines of the log that wait to be written: so many bytes at most, then new ones are dropped and counted in their place.
///
/// A value without I/O.
struct LogQueue {
  enum Entry: Equatable {
    case line([UInt8])
    /// So many lines had no room here.
    case dropped(Int64)
  }

  /// What a line costs besides its bytes, so that empty ones are bounded too.
  static let overhead = 64

  private let limit: Int
  private var entries: Deque<Entry> = []
  /// Of lines that wait or are being written.
  private(set) var bytes = 0
  /// Lines that had no room, or could not be written.
  private(set) var dropped: Int64 = 0

  init(limitBytes: Int) { limit = limitBytes }

  var isEmpty: Bool { entries.isEmpty }

  /// A line that has no room is dropped: what waits already is older, and says how it began.
  mutating func append(_ line: [UInt8]) {
    guard bytes + line.count + Self.overhead <= limit else {
      dropped += 1
      if case .dropped(let count)? = entries.last {
        entries[entries.count - 1] = .dropped(count + 1)
      } else {
        entries.append(.dropped(1))
      }
      return
    }
    bytes += line.count + Self.overhead
    entries.append(.line(line))
  }

  /// The oldest entries, one at least where there is any. Their bytes count until `wrote` says otherwise.
  mutating func take(mostBytes: Int) -> [Entry] {
    var taken: [Entry] = []
    var size = 0
    while let next = entries.first {
      if case .line(let line) = next {
        guard taken.isEmpty || size + line.count <= mostBytes else { break }
        size += line.count
      }
      taken.append(entries.removeFirst())
    }
    return taken
  }

  /// What was taken is written, or could not be.
  mutating func wrote(_ taken: [Entry], lost: Bool) {
    for case .line(let line) in taken {
      bytes -= line.count + Self.overhead
      if lost { dropped += 1 }
    }
  }
}
