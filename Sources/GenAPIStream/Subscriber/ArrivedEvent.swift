/// Something a subscriber tells, and when it came over the network: whoever takes it later still knows.
public struct ArrivedEvent: Sendable, Equatable {
  /// What arrived.
  public var event: SubscriberEvent
  /// Microseconds since the Unix epoch, by this machine's clock.
  public var at: Int64

  package init(event: SubscriberEvent, at: Int64) {
    self.event = event
    self.at = at
  }
}
