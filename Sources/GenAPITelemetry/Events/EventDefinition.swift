import GenAPIValue

/// What is known of an event by its name alone: its row in the table of events.
public final class EventDefinition: Sendable {
  /// The path without `phoenix_gen_api.`: `executor.request.stop`.
  public let shortName: ByteText
  /// The path joined with dots: `phoenix_gen_api.executor.request.stop`.
  public let path: ByteText
  /// The category that its name begins with.
  public let category: EventCategory
  /// What its subject may have.
  public let about: EventSubjectParts
  /// nil for the end of a request, where the outcome tells.
  public let severity: EventSeverity?
  /// Which outcome of requests it is found with; nil for none, and for the end of a request, which has its own.
  public let status: RequestOutcome?
  /// The fields that tell most, the first ones first: what is shown of it in one line.
  public let tells: [StaticString]

  init(
    _ shortName: ByteText, _ about: EventSubjectParts, _ severity: EventSeverity? = .normal,
    status: RequestOutcome? = nil, tells: StaticString...
  ) {
    self.shortName = shortName
    path = EventName.prefix + shortName
    // A test names the event whose first word is no category yet; a program goes on meanwhile.
    category = EventCategory(ofEvent: shortName) ?? .executor
    self.about = about
    self.severity = severity
    self.status = status
    self.tells = tells
  }
}
