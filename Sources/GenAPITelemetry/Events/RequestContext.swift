import GenAPIValue

/// Which request an event belongs to.
///
/// A reference, made once a request, so that each of its events carries one pointer instead of three strings.
public final class RequestContext: Sendable, Hashable {
  /// The client's name of the request.
  public let requestID: ByteText
  /// The function that was asked for.
  public let function: FunctionIdentity
  /// The verified user; nil for an anonymous request.
  public let userID: ByteText?
  /// What caused it; nil for a request whose client told nothing of that.
  public let trace: TraceContext?
  /// Its span, while a tracing adapter is attached.
  public let span: LiveSpan?

  /// Makes the context of one request.
  public init(
    requestID: ByteText, function: FunctionIdentity, userID: ByteText? = nil, trace: TraceContext? = nil,
    span: LiveSpan? = nil
  ) {
    self.requestID = requestID
    self.function = function
    self.userID = userID
    self.trace = trace
    self.span = span
  }

  public static func == (a: RequestContext, b: RequestContext) -> Bool {
    a === b
      || (a.requestID == b.requestID && a.function == b.function && a.userID == b.userID
        && a.trace == b.trace)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(requestID)
    hasher.combine(function)
    hasher.combine(userID)
  }
}

extension RequestContext {
  func visit(_ visitor: inout some FieldVisitor & ~Copyable) {
    visitor.field("request_id", requestID)
    visitor.field("service", function.service)
    visitor.field("request_type", function.requestType)
    visitor.field("version", function.version)
    visitor.field("user_id", userID)
    guard let trace else { return }
    visitor.field("trace_id", trace.traceID)
    visitor.field("parent_span_id", trace.parentSpanID)
  }
}
