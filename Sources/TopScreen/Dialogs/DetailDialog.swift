import GenAPIValue
import TopModel

/// Everything about one row.
public struct DetailDialog: Equatable, Sendable {
  public enum Subject: Equatable, Sendable {
    /// By `RequestRow.id`.
    case function(ByteText)
    /// The event itself, since the tail moves on.
    case event(EventRow)
    /// Every event of a request, by its id.
    case request(ByteText)
    /// By `RelayRow.id`.
    case group(ByteText)
    /// By `LimitRow.id`.
    case limit(ByteText)
    /// By `CircuitsView.Pool.id`.
    case pool(ByteText)
    /// By `CircuitsView.Breaker.id`.
    case breaker(ByteText)
    /// By name.
    case service(ByteText)
    /// By `NodeRow.id`.
    case node(ByteText)
    /// By `AlertRow.id`.
    case alert(ByteText)
  }

  public var subject: Subject
  public var offset = 0
  /// For the events of a request: which one opens on Enter.
  public var selected = 0

  public init(_ subject: Subject) { self.subject = subject }
}
