import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import Locking

@testable import GenAPIGateway

extension TestConnection {
  convenience init(_ number: UInt64, onPush: @escaping @Sendable (Response) -> Void = { _ in }) {
    self.init(ConnectionID(number), onPush: onPush)
  }

  /// The messages it was sent.
  var texts: [ByteText] { responses.map { $0.result["message"]?.string ?? "" } }
}

/// A relay in virtual time whose events are recorded.
struct RelayFixture {
  let clock = VirtualClock()
  let bus: TelemetryBus
  let relay: Relay
  let events: TelemetrySubscription

  init(change: (inout RelayLimits) -> Void = { _ in }) throws {
    bus = TelemetryBus(node: "test", time: clock)
    events = try bus.subscribe("test", to: .allAndExtensions)
    var limits = RelayLimits()
    change(&limits)
    relay = Relay(bus: bus, clock: clock, limits: limits)
  }

  /// A group "g" of "ann", present on connection 1.
  static func group(_ kind: RelayGroup.Kind) throws -> (RelayFixture, TestConnection) {
    let fixture = try RelayFixture()
    let ann = TestConnection(1)
    try fixture.relay.createGroup(groupID: "g", type: kind, creator: "ann", connection: ann)
    _ = fixture.events.drain()
    return (fixture, ann)
  }

  func join(_ user: ByteText, _ number: UInt64, group: ByteText = "g") throws -> TestConnection {
    let connection = TestConnection(number)
    try relay.join(groupID: group, userID: user, connection: connection)
    return connection
  }

  func changes() -> [RelayMemberChange] {
    events.drain().events.compactMap { if case .relayMember(let change) = $0.event { change } else { nil } }
  }
}
