import NIOCore

/// What a plain HTTP request gets.
public struct HTTPAnswer: Sendable, Equatable {
  /// The status code.
  public var status: Int
  /// What the body is.
  public var contentType: String
  /// Shared by all who are given the same answer, however many read it at one time.
  var content: ByteBuffer
  /// Besides those of every answer.
  var headers: [(name: String, value: String)] = []

  public init(status: Int = 200, contentType: String = "text/plain; charset=utf-8", body: [UInt8]) {
    self.status = status
    self.contentType = contentType
    content = ByteBuffer(bytes: body)
  }

  /// Makes an answer of plain text.
  public init(status: Int = 200, text: String) {
    self.init(status: status, body: Array((text + "\n").utf8))
  }

  /// What is sent after the headers.
  public var body: [UInt8] {
    get { Array(content.readableBytesView) }
    set { content = ByteBuffer(bytes: newValue) }
  }

  public static func == (one: HTTPAnswer, other: HTTPAnswer) -> Bool {
    one.status == other.status && one.contentType == other.contentType && one.content == other.content
      && one.headers.elementsEqual(other.headers, by: ==)
  }
}

/// What a plain HTTP request asks for, beside its path.
public struct HTTPQuestion: Sendable, Equatable {
  /// The header `Accept`; empty when there is none.
  public var accept: String
  /// What a command was sent; empty for a GET.
  public var body: [UInt8]
  /// Who asks over a Unix socket: the user of the process at its other end.
  public var userID: UInt32?

  public init(accept: String = "", body: [UInt8] = [], userID: UInt32? = nil) {
    self.accept = accept
    self.body = body
    self.userID = userID
  }
}

/// Answers a GET of one path, or a command that was sent there.
public typealias HTTPRoute = @Sendable (HTTPQuestion) async -> HTTPAnswer
