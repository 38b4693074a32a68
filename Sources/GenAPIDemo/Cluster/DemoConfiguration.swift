/// The settings of the demo cluster.
public struct DemoConfiguration: Sendable {
  /// Where the gateways' telemetry streams listen.
  public var host = "127.0.0.1"
  /// The port of the first gateway's stream; the others follow. 0 takes free ones.
  public var firstPort = 0
  /// Scales the load: 1 is about 500 requests a second over the cluster.
  public var load = 1.0

  public init() {}
}
