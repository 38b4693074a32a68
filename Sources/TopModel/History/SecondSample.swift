/// What one gateway did in one second; when that is two minutes ago, in up to ten.
struct SecondSample: Sendable {
  /// A number of something, and how much of it happened.
  struct Count: Sendable {
    var key: Int32
    var first: Int32
    var second: Int32 = 0
  }

  /// The last second that it is of, since the Unix epoch.
  var second: Int64
  /// The first of them: the same, until it is a coarse step.
  var first: Int64
  /// How much time the counts are of, in seconds: 0 where there was no state to compare with.
  var watched = 0.0
  /// Until when the counts are, microseconds since the Unix epoch; they begin `watched` before.
  var until: Int64 = 0
  /// Functions that did something or have requests in flight, by rising number.
  var series = PackedSeries()
  /// Requests that began, of all functions; counted once it is whole.
  private(set) var started: Int64 = 0
  /// About what it takes in memory; counted once it is whole.
  private(set) var bytes = 0
  /// By limit: checks and rejections.
  var limits: [Count] = []
  /// By group: messages.
  var messages: [Count] = []
  /// By pool: refusals.
  var refusals: [Count] = []
  /// By service node: calls.
  var nodes: [NodeDelta] = []
  var events: Int32 = 0
  var cpuSeconds: Double = 0
  /// Connections that could not be accepted, and handshakes that were refused.
  var acceptFailures: Int32 = 0
  var refusedHandshakes: Int32 = 0
  /// Lines of the log that nobody will read.
  var droppedLogLines: Int32 = 0
  /// No frame came in this second or close to it: it has its share of what the next frame told.
  var isGuess = false

  init(second: Int64) {
    self.second = second
    first = second
  }

  /// How many seconds it is of.
  var span: Int { Int(second - first) + 1 }

  /// What its counts are divided by for a rate; nil where too little of it was watched.
  var rateSeconds: Double? {
    guard watched >= TargetHistory.leastWatched else { return nil }
    // That a frame came a little early or late is no other rate.
    let span = Double(span)
    return abs(watched - span) < 0.05 * span ? span : watched
  }

  /// It is whole: counts what is asked for often, so that functions are gone through once.
  mutating func close() {
    var started: Int64 = 0
    series.forEach { started += Int64($0.started) }
    self.started = started
    bytes = storedBytes
  }

  var storedBytes: Int {
    let counts = limits.count + messages.count + refusals.count
    let bytes = MemoryLayout<SecondSample>.stride + counts * MemoryLayout<Count>.stride + series.storedBytes
    return bytes + nodes.reduce(0) { $0 + MemoryLayout<NodeDelta>.stride + 32 + 4 * $1.latencies.count }
  }
}
