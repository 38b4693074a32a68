import GenAPIValue

/// What a function answered.
public enum FunctionResult: Sendable, Hashable {
  /// The function answered.
  case ok(Value)
  /// The function says that something is wrong.
  case error(FunctionError)
}

/// A function's own "no": not a crash, not a timeout.
public struct FunctionError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What went wrong; clients read it only where it is for them.
  public var reason: ByteText
  /// Trying again would not help: no retry.
  public var isFinal: Bool
  /// The reason is worded for the client and reaches it, up to 4 096 bytes of it; else the client reads "Internal Server Error".
  public var isForClient: Bool

  /// Makes an error. A final one is not tried again; one for clients is told to them word for word, cut after 4 096 bytes.
  public init(_ reason: ByteText, isFinal: Bool = false, isForClient: Bool = false) {
    self.reason = reason
    self.isFinal = isFinal
    self.isForClient = isForClient
  }

  public var description: String { reason.string }
}

extension FunctionError {
  /// What a function threw that is its "no", in whichever words; nil for anything else.
  ///
  /// A node of the cluster tells a caller this one, who else read of a crash.
  package init?(thrown error: any Error) {
    switch error {
    case let error as FunctionError: self = error
    case let error as ArgumentError:
      self.init(ClientTexts.invalidArgument(ByteText(error.description)), isFinal: true, isForClient: true)
    default: return nil
    }
  }
}
