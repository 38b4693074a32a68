import GenAPIValue
import TopModel

/// Everything about one row.
package struct DetailDialog: Equatable, Sendable {
  package struct Subject: Equatable, Sendable {
    let detail: any Detail

    init(_ detail: any Detail) { self.detail = detail }

    package static func == (one: Subject, other: Subject) -> Bool {
      func equals<Value: Detail>(_ value: Value) -> Bool { other.detail as? Value == value }
      return equals(one.detail)
    }
  }

  package var subject: Subject
  package var offset = 0
  /// For the events of a request: which one opens on Enter.
  package var selected = 0

  package init(_ subject: Subject) { self.subject = subject }
}
