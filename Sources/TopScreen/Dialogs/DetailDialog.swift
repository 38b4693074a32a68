import GenAPIValue
import TopModel

/// Everything about one row.
public struct DetailDialog: Equatable, Sendable {
  public struct Subject: Equatable, Sendable {
    let detail: any Detail

    init(_ detail: any Detail) { self.detail = detail }

    public static func == (one: Subject, other: Subject) -> Bool {
      func equals<Value: Detail>(_ value: Value) -> Bool { other.detail as? Value == value }
      return equals(one.detail)
    }
  }

  public var subject: Subject
  public var offset = 0
  /// For the events of a request: which one opens on Enter.
  public var selected = 0

  public init(_ subject: Subject) { self.subject = subject }
}
