import GenAPIChannels
import GenAPIValue

/// What a load generator does.
package struct LoadPlan: Sendable {
  /// One kind of request.
  package struct Kind: Sendable, Equatable {
    package var service: ByteText
    package var requestType: ByteText
    package var args: ValueObject
    /// How often it comes among the others, 1 to 1000.
    package var weight: Int

    package init(service: ByteText, requestType: ByteText, args: ValueObject = [:], weight: Int = 1) {
      self.service = service
      self.requestType = requestType
      self.args = args
      self.weight = weight
    }
  }

  package var client: PhoenixClientConfiguration
  /// How long a topic's join may take, in milliseconds.
  package var joinTimeoutMs: Int64 = 10_000
  package var topic: ByteText = "api:lobby"
  package var event = PhoenixConfiguration.defaultEvent
  /// 1 to 10 000.
  package var connections = 16
  /// Requests that each connection has under way at one time, 1 to 1000.
  package var depth = 1
  /// Requests a second over all connections, 0.001 to 10 000 000; nil sends the next when one is answered.
  package var rate: Double?
  /// Milliseconds a connection waits after an answer, up to an hour; only without a rate.
  package var thinkMs: Int64 = 0
  /// Up to an hour.
  package var warmUpSeconds: Double = 1
  /// Above 0, up to a week.
  package var seconds: Double = 10
  /// False ends a request when the gateway has taken it, for functions that never answer.
  package var waitsForAnswer = true
  package var mix: [Kind]

  package init(client: PhoenixClientConfiguration, mix: [Kind]) {
    self.client = client
    self.mix = mix
  }

  /// - Throws: `LoadError` naming the value that is out of its range.
  package func validate() throws(LoadError) {
    func check(_ holds: Bool, _ what: String) throws(LoadError) { if !holds { throw LoadError(what) } }
    try check((1...10_000).contains(connections), "the connections must be 1 to 10000, not \(connections)")
    try check((1...1_000).contains(depth), "the depth must be 1 to 1000, not \(depth)")
    // What is not a number is in no range.
    if let rate {
      try check(
        (0.001...10_000_000).contains(rate), "the rate must be 0.001 to 10000000 a second, not \(rate)")
      try check(thinkMs == 0, "a think time cannot be combined with a rate")
    }
    try check((0...3_600_000).contains(thinkMs), "the time to think must be 0 to 3600000 ms, not \(thinkMs)")
    try check((0...3_600).contains(warmUpSeconds), "the warm-up must be 0 to 3600 s, not \(warmUpSeconds)")
    try check((0.01...604_800).contains(seconds), "the time must be 0.01 to 604800 s, not \(seconds)")
    try check((1...1_000).contains(mix.count), "the kinds of requests must be 1 to 1000, not \(mix.count)")
    for kind in mix {
      try check(
        (1...1_000).contains(kind.weight),
        "the weight of \(kind.service)/\(kind.requestType) must be 1 to 1000, not \(kind.weight)")
    }
  }
}
