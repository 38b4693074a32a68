import GenAPIValue

/// What an event is about; its service, request type and user follow from that.
public enum EventSubject: Sendable {
  /// The event is about this request.
  case request(RequestContext)
  /// Some of a service, a request type and a user; without any of them it is about neither. A service is nil for a circuit
  /// breaker that is no single service's, a user for an anonymous one.
  case named(service: ByteText? = nil, requestType: ByteText? = nil, user: ByteText? = nil)
  /// Every service and function there is.
  case everything
}

extension TelemetryEvent {
  /// The request this event belongs to; nil for events outside any request.
  public var request: RequestContext? {
    if case .request(let request) = subject { request } else { nil }
  }

  /// The service this event is about; nil when it is about none, or about all.
  public var service: ByteText? {
    switch subject {
    case .request(let request): request.function.service
    case .named(let service, _, _): service
    case .everything: nil
    }
  }

  /// The request type this event is about; nil when it is about none, or about all.
  public var requestType: ByteText? {
    switch subject {
    case .request(let request): request.function.requestType
    case .named(_, let requestType, _): requestType
    case .everything: nil
    }
  }

  /// The user this event is about, or who sent the message; nil when it is about none.
  public var userID: ByteText? {
    switch subject {
    case .request(let request): request.userID
    case .named(_, _, let user): user
    case .everything: nil
    }
  }
}
