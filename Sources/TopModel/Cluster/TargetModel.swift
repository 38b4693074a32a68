import GenAPITelemetry

/// What is known of one gateway.
struct TargetModel: Sendable {
  let address: String
  var node: String?
  var software: String?
  var startedAt: Int64 = 0
  var connection = TargetView.Connection.connecting
  /// When the last frame came, by our clock, microseconds since the Unix epoch.
  var lastFrameAt: Int64?
  /// Our clock minus the gateway's, in microseconds: the smallest of the last 60 differences, because the way
  /// and our own waiting only ever add to it.
  var skewUs: Int64? { skews.min() }
  private var skews: [Int64] = []
  var state = GatewayState()
  var history = TargetHistory()
  /// Events that a queue had no room for, here or there.
  var lost: Int64 = 0

  /// No frame for longer than this: the numbers are old.
  static let staleAfterUs: Int64 = 3_000_000

  init(address: String) { self.address = address }

  mutating func noteSkew(_ microseconds: Int64) {
    skews.append(microseconds)
    if skews.count > 60 { skews.removeFirst() }
  }

  /// The node's name, or the address until it is known.
  var name: String { node ?? address }

  func isStale(at now: Int64) -> Bool {
    guard connection == .live, let lastFrameAt else { return true }
    return now - lastFrameAt > Self.staleAfterUs
  }

  var view: TargetView {
    TargetView(address: address, node: node, connection: connection, lastFrameAt: lastFrameAt)
  }
}
