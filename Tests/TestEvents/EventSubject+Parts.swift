import GenAPITelemetry

extension EventSubject {
  /// Which of them it has.
  public var parts: EventSubjectParts {
    switch self {
    case .request: .request
    case .named(let service, let requestType, let user):
      EventSubjectParts([
        service == nil ? .nothing : .service, requestType == nil ? .nothing : .requestType,
        user == nil ? .nothing : .user,
      ])
    case .everything: .everything
    }
  }
}
