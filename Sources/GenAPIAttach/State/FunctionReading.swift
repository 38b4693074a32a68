import ErlangTerms
import GenAPITelemetry
import OutsideText

/// Function configs as the agent tells them.
enum FunctionReading {
  /// `{Service, Type, Version, [Nodes, Choice, Timeout, ResponseType, Retry, Check, Callback, Before, After, Disabled]}`
  static func functions(_ items: [Term], sources: [ByteText: (source: ByteText, version: ByteText?)])
    -> [FunctionState]
  {
    var seen: Set<ByteText> = []
    return items.compactMap { item in
      guard let parts = item.tupleElements, parts.count == 4, let service = parts[0].name,
        let type = parts[1].name,
        let fields = parts[3].listElements, fields.count == 10
      else { return nil }
      let source = sources[service]
      let function = FunctionState(
        service: service, requestType: type, version: parts[2].name, enabled: fields[9] != .atom("true"),
        nodes: nodes(fields[0]), responseType: fields[3].name ?? "sync", source: source?.source ?? "local",
        configVersion: source?.version, timeoutMs: fields[2].integerValue,
        permission: permission(fields[5], fields[6]),
        retry: fields[4].isNil ? nil : fields[4].words, chooseNode: fields[1].words ?? "random",
        hooks: hooks(fields[7], "before") + hooks(fields[8], "after"))
      // A service's name may be there as an atom and as a text.
      return seen.insert(function.entryKey).inserted ? function : nil
    }
  }

  /// A row that was read without the agent, as the agent tells it:
  /// `{{Service, Type, Version}, [Nodes, Choice, Timeout, ResponseType, Retry, Check, Callback, Before, After, Disabled]}`, where
  /// module and function are a list; `'EXIT'` for what has none.
  static func projected(_ row: Term) -> Term? {
    guard let parts = row.tupleElements, parts.count == 2, let key = parts[0].tupleElements, key.count == 3,
      var fields = parts[1].listElements, fields.count == 10
    else { return nil }
    for index in [6, 7, 8] { fields[index] = reference(fields[index]) ?? .atom("nil") }
    // The nodes are a list too; a function that lists them is no two nodes, which have an @.
    if let two = reference(fields[0]), !(two.tupleElements ?? []).contains(where: isNode) { fields[0] = two }
    return .tuple(key + [.list(fields)])
  }

  private static func isNode(_ term: Term) -> Bool {
    term.atomName?.utf8.contains(UInt8(ascii: "@")) ?? false
  }

  /// `[Module, Function]` as a tuple.
  private static func reference(_ term: Term) -> Term? {
    guard let two = term.listElements, two.count == 2,
      two.allSatisfy({ $0.atomName != nil && $0 != .atom("EXIT") })
    else { return nil }
    return .tuple(two)
  }

  private static func nodes(_ term: Term) -> [ByteText] {
    if let list = term.listElements { return list.compactMap(\.name) }
    return [term.functionName ?? term.name].compactMap { $0 }
  }

  private static func permission(_ check: Term, _ callback: Term) -> ByteText {
    if !callback.isNil, let name = callback.functionName { return "callback \(name)" }
    return check.words ?? "false"
  }

  private static func hooks(_ term: Term, _ phase: ByteText) -> [ByteText] {
    term.functionName.map { ["\(phase) \($0)"] } ?? []
  }
}
