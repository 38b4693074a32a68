import GenAPITelemetry

/// What one subscriber was sent and what it missed. Decides for every event whether it is sent or dropped.
struct SendWindow {
  /// Bytes that may wait to be taken by the client.
  let limitBytes: Int
  private(set) var sent: Int64 = 0
  private(set) var dropped: Int64 = 0
  /// Not yet reported to the client; stands right before the next event.
  private(set) var unreported: DroppedEvents?
  /// True from the first drop until half of the buffer is free again, so that a client at its limit gets runs of
  /// events and of gaps instead of a `dropped` frame for every other event.
  private var isDropping = false
  private var lastProgressAt: Int64 = 0
  private var bufferedBefore = 0

  init(limitBytes: Int, at now: Int64) {
    self.limitBytes = limitBytes
    lastProgressAt = now
  }

  /// Whether an event of so many bytes still fits when `buffered` bytes wait; if not, it counts as dropped.
  mutating func admit(sequence: Int64, bytes: Int, buffered: Int) -> Bool {
    if buffered + bytes <= (isDropping ? limitBytes / 2 : limitBytes) {
      isDropping = false
      sent += 1
      return true
    }
    isDropping = true
    drop(DroppedEvents(count: 1, fromSequence: sequence, toSequence: sequence))
    return false
  }

  /// Events this subscriber misses, for a reason of its own.
  mutating func drop(_ events: DroppedEvents) {
    dropped += events.count
    report(events)
  }

  /// Events nobody got: the bus had no room for them. Reported, but not counted as this subscriber's.
  mutating func report(_ events: DroppedEvents) {
    unreported = unreported.map { $0.merged(with: events) } ?? events
  }

  /// Whether state frames and reports of drops may be sent when `buffered` bytes wait.
  func hasRoom(buffered: Int) -> Bool { buffered <= (isDropping ? limitBytes / 2 : limitBytes) }

  /// Takes what has to be reported before the next event.
  mutating func takeUnreported() -> DroppedEvents? {
    defer { unreported = nil }
    return unreported
  }

  /// Notes how much waits now.
  ///
  /// - Parameter written: bytes handed to the channel since the last call.
  /// - Returns: milliseconds since the client last took something, 0 when nothing waits.
  mutating func stalledFor(buffered: Int, written: Int, at now: Int64) -> Int64 {
    if buffered == 0 || buffered < bufferedBefore + written { lastProgressAt = now }
    bufferedBefore = buffered
    return now - lastProgressAt
  }
}
