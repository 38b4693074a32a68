import ErlangNode
import GenAPIGateway
import GenAPIValue

/// What terms of a config must not hold: a config names functions, and brings none.
///
/// Its arguments go back to nodes as they came. A fun among them would run whatever its node is asked to run, under the name of
/// a function that is let through (`lists.map`), and a struct of a module that touches files does so under that of `Enum`.
enum ConfigTerms {
  /// Terms of a field that is read; a whole config has no more bytes as JSON, so one of more is refused before it is gone through.
  static let mostTerms = ConfigBounds.bytes
  /// Fields of a push and of a config: those that this gateway does not know are left out, but are looked at.
  static let mostFields = 1_000

  static let largeWords =
    "holds more than \(mostTerms) values, and a config has at most as many bytes" as ByteText

  static func tooMany(_ count: Int, _ things: ByteText, _ most: Int) -> ByteText {
    "has \(count) \(things), allowed are \(most)"
  }

  /// Whether a field holds more than is read. No more of it is looked at than it takes to tell.
  static func isLarge(_ term: Term) -> Bool {
    var left = mostTerms
    return !fits(term, &left)
  }

  private static func fits(_ term: Term, _ left: inout Int) -> Bool {
    left -= 1
    func all(_ terms: [Term]) -> Bool {
      guard terms.count <= left else { return false }
      for term in terms where !fits(term, &left) { return false }
      return true
    }
    switch term {
    case .tuple(let items), .list(let items): return all(items)
    case .improperList(let items, let tail): return all(items) && fits(tail, &left)
    case .map(let map):
      guard map.pairs.count <= left else { return false }
      for (key, value) in map.pairs where !fits(key, &left) || !fits(value, &left) { return false }
      return true
    default: return left >= 0
    }
  }

  /// What is wrong with the name of a field; nil for a name.
  static func faultOfName(_ key: Term) -> ByteText? {
    fault(in: key, isArgument: true).map { "the name of a field \($0)" }
  }

  /// What is wrong with a field, in words that begin with its name; nil when all of it is data.
  ///
  /// - Parameter isArgument: it is handed to a function as it came, which may know what a process in it is for.
  static func fault(_ field: ByteText, _ term: Term, isArgument: Bool = false) -> ByteText? {
    fault(in: term, isArgument: isArgument).map { "\(field.cut(bytes: 64)) \($0)" }
  }

  /// The same of every field of a function's config.
  static func faults(of config: TermMap) -> [ByteText] {
    guard config.pairs.count <= mostFields else {
      return ["it \(tooMany(config.pairs.count, "fields", mostFields))"]
    }
    return config.pairs.compactMap { key, term in
      let name = key.atomName ?? ByteText(key.erlangText)
      if let fault = faultOfName(key) { return fault }
      if ElixirConfig.largeFields.contains(name), isLarge(term) { return "\(name) \(largeWords)" }
      guard ElixirConfig.references.contains(name), let parts = term.tupleElements, parts.count == 3 else {
        return fault(name, term) ?? (FunctionConfig.fields.contains(name) ? shapeFault(name, term) : nil)
      }
      return fault(name, parts[0]) ?? fault(name, parts[1]) ?? fault(name, parts[2], isArgument: true)
        ?? shapeFault(name, parts[0]) ?? shapeFault(name, parts[1])
        ?? listFault("the arguments of \(name)", parts[2])
    }
  }

  /// What is wrong with a field of data in which a list has another term than a list at its end: as a list of them all it would be
  /// another value. nil when none has.
  static func shapeFault(_ field: ByteText, _ term: Term) -> ByteText? {
    improperList(in: term).map {
      "\(field.cut(bytes: 64)) holds an improper list, \(ByteText($0.erlangText).cut(bytes: 80))"
    }
  }

  /// The same of what must be a list itself, and may have anything in it, which is not repeated: arguments may be secret.
  static func listFault(_ field: ByteText, _ term: Term) -> ByteText? {
    if term.listElements != nil { return nil }
    let kind: ByteText =
      switch term {
      case .improperList: "an improper list"
      case .tuple: "a tuple"
      default: TermValue.sample(term).instead(of: "a list")
      }
    return "\(field) must be a list, not \(kind)"
  }

  private static func improperList(in term: Term) -> Term? {
    func first(_ terms: [Term]) -> Term? {
      for term in terms {
        if let found = improperList(in: term) { return found }
      }
      return nil
    }
    switch term {
    case .improperList: return term
    case .tuple(let items), .list(let items): return first(items)
    case .map(let map):
      // What a struct of a service's own holds is that service's.
      if map[atom: "__struct__"] != nil { return nil }
      for (key, value) in map.pairs {
        if let found = improperList(in: key) ?? improperList(in: value) { return found }
      }
      return nil
    default: return nil
    }
  }

  private static func fault(in term: Term, isArgument: Bool) -> ByteText? {
    // Each term is looked at once: the first of a lazy list would be found anew at every level.
    func first(_ terms: [Term]) -> ByteText? {
      for term in terms {
        if let fault = fault(in: term, isArgument: isArgument) { return fault }
      }
      return nil
    }
    switch term {
    case .integer, .float, .atom, .binary, .bitString: return nil
    // It would be read as a text that says how long it is, and be a name as any other.
    case .bigInteger(let number):
      return isArgument || number.decimal(most: WideInteger.mostDigits) != nil
        ? nil : "holds an integer of more than \(WideInteger.mostDigits) digits"
    case .tuple(let items), .list(let items): return first(items)
    case .improperList(let items, let tail): return first(items) ?? fault(in: tail, isArgument: isArgument)
    case .export, .opaqueFun:
      return "holds a fun, \(ByteText(term.erlangText).cut(bytes: 80)), and a config only names functions"
    case .pid: return isArgument ? nil : "holds a process where only data may stand"
    case .port: return isArgument ? nil : "holds a port where only data may stand"
    case .reference: return isArgument ? nil : "holds a reference where only data may stand"
    case .map(let map):
      let module = map[atom: "__struct__"]?.atomName
      if let module, DeniedModules.contains(module.string) {
        return "holds a struct of \(module.cut(bytes: 80)), whose module is denied"
      }
      // A struct of a service's own may hold what it likes: a compiled pattern is a reference.
      let isArgument = isArgument || module != nil
      for (key, value) in map.pairs {
        if let fault = fault(in: key, isArgument: isArgument) ?? fault(in: value, isArgument: isArgument) {
          return fault
        }
      }
      return nil
    }
  }
}
