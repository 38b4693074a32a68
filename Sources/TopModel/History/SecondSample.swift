/// What one gateway did in one second.
struct SecondSample: Sendable {
  /// A number of something, and how much of it happened.
  struct Count: Sendable {
    var key: Int32
    var first: Int32
    var second: Int32 = 0
  }

  /// Seconds since the Unix epoch.
  var second: Int64
  /// When the last state in it was taken, microseconds since the Unix epoch.
  var until: Int64
  /// Functions that did something or have requests in flight.
  var series: [SeriesDelta] = []
  /// By limit: checks and rejections.
  var limits: [Count] = []
  /// By group: messages.
  var messages: [Count] = []
  /// By pool: refusals.
  var refusals: [Count] = []
  var events: Int32 = 0
  var cpuSeconds: Double = 0
}
