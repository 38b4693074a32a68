/// What a plain HTTP request gets.
public struct HTTPAnswer: Sendable, Equatable {
  public var status: Int
  public var contentType: String
  public var body: [UInt8]

  public init(status: Int = 200, contentType: String = "text/plain; charset=utf-8", body: [UInt8]) {
    self.status = status
    self.contentType = contentType
    self.body = body
  }

  public init(status: Int = 200, text: String) {
    self.init(status: status, body: Array((text + "\n").utf8))
  }
}

/// What a plain HTTP request asks for, beside its path.
public struct HTTPQuestion: Sendable, Equatable {
  /// The header `Accept`; empty when there is none.
  public var accept: String

  public init(accept: String = "") { self.accept = accept }
}

/// Answers a GET of one path.
public typealias HTTPRoute = @Sendable (HTTPQuestion) async -> HTTPAnswer
