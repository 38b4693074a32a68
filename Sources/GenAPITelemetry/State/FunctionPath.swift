import GenAPIValue

/// A function as one text, `service/request_type`: what the scope of a limit is called, in states, events and labels.
///
/// A `/` in a service's name is written `\/` and a `\` there `\\`, so that no two functions have one text.
package enum FunctionPath {
  package static func text(service: ByteText, requestType: ByteText) -> ByteText {
    [service.escaping(UInt8(ascii: "/")), requestType].joined(separator: "/")
  }

  /// The same for people: parts that differ in blanks only look different.
  package static func shown(service: ByteText, requestType: ByteText) -> ByteText {
    [service.escaping(UInt8(ascii: "/")).asName, requestType.asName].joined(separator: "/")
  }

  /// The same of a text, which may be another scope.
  package static func shown(_ text: ByteText) -> ByteText {
    parts(of: text).map { shown(service: $0.service, requestType: $0.requestType) } ?? text.asName
  }

  /// nil for what names no function, such as `global`.
  package static func parts(of text: ByteText) -> (service: ByteText, requestType: ByteText)? {
    text.partedUnescaped(at: UInt8(ascii: "/")).map { ($0.before, $0.after) }
  }
}
