import GenAPITelemetry
import GenAPIValue

/// An event as a subscriber sees it: its name, and its fields as they were sent.
///
/// Kept generic, so that events of a newer gateway can be shown by an older reader.
public struct EventRecord: Sendable, Equatable {
  /// The gateway node it came from; filled in by the subscriber, since one connection has one node.
  public var node: ByteText?
  /// The node's own sequence number.
  public var sequence: Int64
  /// Microseconds since the Unix epoch, by the node's clock.
  public var at: Int64
  /// The full path: `phoenix_gen_api.executor.request.stop`.
  public var name: ByteText
  private var fields: EventFields

  var fieldBytes: Int { fields.storedBytes }

  public init(
    node: ByteText? = nil, sequence: Int64, at: Int64, name: ByteText, measurements: ValueObject = [:],
    metadata: ValueObject = [:]
  ) {
    self.node = node
    self.sequence = sequence
    self.at = at
    self.name = name
    fields = .objects(measurements: measurements, metadata: metadata)
  }

  init(sequence: Int64, at: Int64, name: ByteText, fields: FieldsText) {
    self.sequence = sequence
    self.at = at
    self.name = name
    self.fields = .text(fields)
  }

  /// All of them, read anew at each look when the event came over a stream: `measurement(_:)` costs less for one.
  public var measurements: ValueObject {
    get { fields.measurements }
    set { fields = .objects(measurements: newValue, metadata: fields.metadata) }
  }

  /// All of them, read anew at each look when the event came over a stream: `metadata(_:)` costs less for one.
  public var metadata: ValueObject {
    get { fields.metadata }
    set { fields = .objects(measurements: fields.measurements, metadata: newValue) }
  }

  /// One of the measurements; nil where the event has none of this name.
  public func measurement(_ key: StaticString) -> Value? { fields.measurement(key) }
  /// One of the metadata's fields; nil where the event has none of this name.
  public func metadata(_ key: StaticString) -> Value? { fields.metadata(key) }

  public static func == (a: EventRecord, b: EventRecord) -> Bool {
    a.sequence == b.sequence && a.at == b.at && a.node == b.node && a.name == b.name
      && a.measurements == b.measurements && a.metadata == b.metadata
  }

  /// nil for an event this build does not know.
  public var known: EventName? { EventName(path: name) }

  /// Also of an event this build does not know; nil for one of a category it does not know.
  public var category: EventCategory? { EventCategory(ofEvent: shortName) }

  /// Whether it is about every service and function, whichever it names.
  public var concernsEverything: Bool { known?.definition.about == .everything }

  /// The name without `phoenix_gen_api.`.
  public var shortName: ByteText {
    name.dropping(prefix: EventName.prefix) ?? name
  }

  /// The service that it is about; nil for none.
  public var service: ByteText? { metadata("service")?.string }
  /// The request type that it is about; nil for none.
  public var requestType: ByteText? { metadata("request_type")?.string }
  /// The function's version, or that of a service's configs; nil for none.
  public var version: ByteText? { metadata("version")?.string }
  /// The request that it is about; nil for none.
  public var requestID: ByteText? { metadata("request_id")?.string }
  /// Who the event is about; the sender of a relay message.
  public var userID: ByteText? { (metadata("user_id") ?? metadata("from_user_id"))?.string }
  /// How long what ended with it took, in microseconds; nil where nothing did.
  public var durationUs: Int64? { measurement("duration_us")?.int }
  /// Whether a request ended with it: `executor.request.stop`, or `executor.request.exception`. Each request has one of them.
  public var endsRequest: Bool {
    switch known {
    case .executorRequestStop, .executorRequestException: true
    default: false
    }
  }
  /// How a request ended; nil for an event that ends none, and for an outcome of a newer gateway.
  public var outcome: RequestOutcome? {
    if let told = metadata("outcome")?.string { return RequestOutcome(told) }
    return known == .executorRequestException ? .exception : nil
  }
  /// The same as a gateway calls it, also an outcome that only a newer one knows.
  public var outcomeName: ByteText? {
    metadata("outcome")?.string ?? (known == .executorRequestException ? "exception" : nil)
  }
}
