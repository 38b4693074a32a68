import ErlangNode
import GenAPIGateway
import GenAPIValue

/// A function's "no" on its way between nodes.
///
/// `{:error, reason}` says no more than the reason, and is what gateways in Elixir know. A gateway that reads more says so
/// in the request info, by `function_errors: true`, and may then be answered
/// `{:error, {:function_error, reason, flags}}`, whose flags are `:final`, `:for_client` and `:cut_off`: the node shuts down, and gave
/// a stream no more time.
enum FunctionErrorTerm {
  /// The key of the request info by which a gateway says that it reads the longer form.
  static let key: ByteText = "function_errors"
  private static let mark = Term.atom("function_error")

  /// - Parameter info: the request info of the call; nil for a caller that gave none.
  static func isRead(by info: TermMap?) -> Bool { info?[atom: key] == .atom("true") }

  /// What stands behind `:error`.
  static func reason(_ error: FunctionError, isRead: Bool, isCutOff: Bool = false) -> Term {
    guard isRead, error.isFinal || error.isForClient else { return .text(error.reason) }
    let flags =
      (error.isFinal ? [Term.atom("final")] : []) + (error.isForClient ? [.atom("for_client")] : [])
      + (isCutOff ? [.atom("cut_off")] : [])
    return .tuple([mark, .text(error.reason), .list(flags)])
  }

  /// Whether it says that the node shuts down and has cut a stream off.
  static func isCutOff(_ reason: Term) -> Bool {
    guard let parts = reason.tupleElements, parts.count == 3, parts[0] == mark else { return false }
    return parts[2].listElements?.contains(.atom("cut_off")) == true
  }

  /// The error of either form.
  static func error(_ reason: Term) -> FunctionError {
    guard let parts = reason.tupleElements, parts.count == 3, parts[0] == mark,
      let text = TermValue.text(parts[1]), let flags = parts[2].listElements
    else { return FunctionError(TermValue.text(reason) ?? ByteText(reason.erlangText)) }
    return FunctionError(
      text, isFinal: flags.contains(.atom("final")), isForClient: flags.contains(.atom("for_client")))
  }
}
