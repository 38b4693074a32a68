/// How much a client of the exporter may say, so that none keeps its event loop busy for the others: so much at once, and
/// over time as much as is given again every second.
///
/// Far above what a client has to say, which is a filter now and then and the answer to a ping every 15 s. Empty lines count as
/// others do. Pure: times are milliseconds on any clock that does not jump.
struct InboundBudget {
  /// The longest line twice.
  static let mostBytes: Int64 = 2 << 20
  static let bytesPerSecond: Int64 = 256 << 10
  static let mostLines: Int64 = 500
  static let linesPerSecond: Int64 = 50

  private var bytes = mostBytes
  /// In thousandths.
  private var lines = mostLines * 1_000
  private var filledAt: Int64

  init(at now: Int64) { filledAt = now }

  /// Takes bytes that came; false when they are too many.
  mutating func take(bytes count: Int, at now: Int64) -> Bool {
    fill(at: now)
    bytes -= Int64(count)
    return bytes >= 0
  }

  /// Takes a line; false when it is one too many.
  mutating func takeLine() -> Bool {
    lines -= 1_000
    return lines >= 0
  }

  private mutating func fill(at now: Int64) {
    let passed = min(max(0, now - filledAt), 60_000)
    filledAt = now
    bytes = min(Self.mostBytes, bytes + passed * Self.bytesPerSecond / 1_000)
    lines = min(Self.mostLines * 1_000, lines + passed * Self.linesPerSecond)
  }
}
