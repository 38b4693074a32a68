import ErlangNode
import GenAPIGateway
import GenAPIValue

/// What a term says that a function returned, as an Elixir gateway takes it.
enum ElixirAnswer {
  /// `{:ok, value}` and whatever is no tuple is an answer, every other tuple a failure.
  ///
  /// - Parameter readsTuples: tuples that are no failure by their first element are values, for callers of functions that were
  ///   not written for a gateway.
  /// - Parameter readsConfigs: it was asked for function configs.
  static func result(_ term: Term, readsTuples: Bool = false, readsConfigs: Bool = false) -> FunctionResult {
    func value(_ term: Term) -> Value {
      readsConfigs ? ElixirConfig.values(of: term) : TermValue.value(term)
    }
    guard let parts = term.tupleElements else { return .ok(value(term)) }
    switch (parts.first, parts.count) {
    case (.atom("ok"), 2): return .ok(value(parts[1]))
    case (.atom("error"), 2): return .error(FunctionErrorTerm.error(parts[1]))
    // The two that an Elixir gateway tries again, too.
    case (.atom("error"), 3), (.atom("badrpc"), 2): return .error(FunctionError(text(term)))
    case (.atom("error"), _): return .error(FunctionError(text(term), isFinal: true))
    default:
      if readsTuples { return .ok(value(term)) }
      return .error(FunctionError("the function returned \(text(term))", isFinal: true))
    }
  }

  private static func text(_ term: Term) -> ByteText { ByteText(term.erlangText) }

  /// Whether what a stream's function returned is anything for the client: an atom, a process or a reference only says that
  /// the stream has begun.
  static func carriesData(_ term: Term) -> Bool {
    if let parts = term.tupleElements, parts.count == 2, parts[0] == .atom("ok") {
      return carriesData(parts[1])
    }
    switch term {
    case .atom, .pid, .port, .reference, .export, .opaqueFun: return false
    default: return true
    }
  }
}
