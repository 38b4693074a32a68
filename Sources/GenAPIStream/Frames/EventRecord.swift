import GenAPITelemetry
import GenAPIValue

/// An event as a subscriber sees it: its name, and its fields as they were sent.
///
/// Kept generic, so that events of a newer gateway can be shown by an older reader.
public struct EventRecord: Sendable, Equatable {
  /// The node's own sequence number.
  public var sequence: Int64
  /// Microseconds since the Unix epoch, by the node's clock.
  public var at: Int64
  /// The full path: `phoenix_gen_api.executor.request.stop`.
  public var name: String
  public var measurements: ValueObject
  public var metadata: ValueObject

  public init(
    sequence: Int64, at: Int64, name: String, measurements: ValueObject = [:], metadata: ValueObject = [:]
  ) {
    self.sequence = sequence
    self.at = at
    self.name = name
    self.measurements = measurements
    self.metadata = metadata
  }

  /// nil for an event this build does not know.
  public var known: EventName? { EventName(path: name) }

  public var shortName: String {
    name.hasPrefix(EventName.prefix) ? String(name.dropFirst(EventName.prefix.count)) : name
  }

  public var service: String? { metadata["service"]?.string }
  public var requestType: String? { metadata["request_type"]?.string }
  public var version: String? { metadata["version"]?.string }
  public var requestID: String? { metadata["request_id"]?.string }
  public var userID: String? { (metadata["user_id"] ?? metadata["from_user_id"])?.string }
  public var durationUs: Int64? { measurements["duration_us"]?.int }
  public var outcome: RequestOutcome? { metadata["outcome"]?.string.flatMap(RequestOutcome.init) }
}
