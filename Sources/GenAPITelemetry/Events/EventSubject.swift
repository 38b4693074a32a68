import GenAPIValue

/// What an event is about; its service, request type and user follow from that.
public enum EventSubject: Sendable {
  case request(RequestContext)
  case function(service: ByteText, requestType: ByteText)
  /// nil for a circuit breaker that is no single service's.
  case service(ByteText?)
  /// nil for nobody, and for an anonymous one.
  case user(ByteText?)
  /// Every service and function there is.
  case everything
  /// Neither a service nor a user.
  case nothing

  /// The same without whose it is.
  public enum Kind: String, Sendable, CaseIterable {
    case request
    case function
    case service
    case user
    case everything
    case nothing
  }

  public var kind: Kind {
    switch self {
    case .request: .request
    case .function: .function
    case .service: .service
    case .user: .user
    case .everything: .everything
    case .nothing: .nothing
    }
  }
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
    case .function(let service, _): service
    case .service(let service): service
    case .user, .everything, .nothing: nil
    }
  }

  /// The request type this event is about; nil when it is about none, or about all.
  public var requestType: ByteText? {
    switch subject {
    case .request(let request): request.function.requestType
    case .function(_, let requestType): requestType
    case .service, .user, .everything, .nothing: nil
    }
  }

  /// The user this event is about, or who sent the message; nil when it is about none.
  public var userID: ByteText? {
    switch subject {
    case .request(let request): request.userID
    case .user(let user): user
    case .function, .service, .everything, .nothing: nil
    }
  }
}
