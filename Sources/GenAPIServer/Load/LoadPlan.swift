import GenAPIChannels
import GenAPIValue

/// What a load generator does.
public struct LoadPlan: Sendable {
  /// One kind of request.
  public struct Kind: Sendable, Equatable {
    public var service: String
    public var requestType: String
    public var args: ValueObject
    /// How often it comes among the others.
    public var weight: Int

    public init(service: String, requestType: String, args: ValueObject = [:], weight: Int = 1) {
      self.service = service
      self.requestType = requestType
      self.args = args
      self.weight = weight
    }
  }

  public var client: ChannelClientConfiguration
  public var topic = "api:lobby"
  public var event: ByteText = "api"
  public var connections = 16
  /// Requests that each connection has under way at one time.
  public var depth = 1
  /// Requests a second over all connections; nil sends the next when one is answered.
  public var rate: Double?
  /// Milliseconds a connection waits after an answer; only without a rate.
  public var thinkMs: Int64 = 0
  public var warmUpSeconds: Double = 1
  public var seconds: Double = 10
  public var mix: [Kind]

  public init(client: ChannelClientConfiguration, mix: [Kind]) {
    self.client = client
    self.mix = mix
  }
}
