import GenAPIValue

/// A function as one text, `service/request_type`: what the scope of a limit is called, in states, events and labels.
///
/// A `/` in a service's name is written `\/` and a `\` there `\\`, so that no two functions have one text.
package enum FunctionPath {
  package static func text(service: ByteText, requestType: ByteText) -> ByteText {
    [service.escaping(UInt8(ascii: "/")), requestType].joined(separator: "/")
  }

  /// nil for what names no function, such as `global`.
  package static func parts(of text: ByteText) -> (service: ByteText, requestType: ByteText)? {
    text.partedUnescaped(at: UInt8(ascii: "/")).map { ($0.before, $0.after) }
  }
}
