import TopModel

/// Everything about one row.
public struct DetailDialog: Equatable, Sendable {
  public enum Subject: Equatable, Sendable {
    /// By `RequestRow.id`.
    case function(String)
    /// The event itself, since the tail moves on.
    case event(EventRow)
    /// Every event of a request, by its id.
    case request(String)
    /// By `RelayRow.id`.
    case group(String)
    /// By `LimitRow.id`.
    case limit(String)
    /// By `CircuitsView.Pool.id`.
    case pool(String)
    /// By `CircuitsView.Breaker.id`.
    case breaker(String)
    /// By name.
    case service(String)
    /// By `NodeRow.id`.
    case node(String)
    /// By `AlertRow.id`.
    case alert(String)
  }

  public var subject: Subject
  public var offset = 0
  /// For the events of a request: which one opens on Enter.
  public var selected = 0

  public init(_ subject: Subject) { self.subject = subject }
}
