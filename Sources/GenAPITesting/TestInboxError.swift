/// Why an inbox has no next response to give.
public enum TestInboxError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The response of this number, from 1, did not come in this time.
  case nothing(number: Int, within: Duration)
  /// The response of this number, from 1, was not there when the client went, and does not come any more.
  case disconnected(number: Int)

  public var description: String {
    switch self {
    case .nothing(let number, let limit): "no response number \(number) came within \(limit)"
    case .disconnected(let number): "the client has gone, and no response number \(number) came before"
    }
  }
}
