import ErlangNode
import GenAPIGateway
import GenAPIValue

/// What terms of a config must not hold: a config names functions, and brings none.
///
/// Its arguments go back to nodes as they came. A fun among them would run whatever its node is asked to run, under the name of
/// a function that is let through (`lists.map`), and a struct of a module that touches files does so under that of `Enum`.
enum ConfigTerms {
  /// What is wrong with a field, in words that begin with its name; nil when all of it is data.
  ///
  /// - Parameter isArgument: it is handed to a function as it came, which may know what a process in it is for.
  static func fault(_ field: ByteText, _ term: Term, isArgument: Bool = false) -> ByteText? {
    fault(in: term, isArgument: isArgument).map { "\(field.cut(bytes: 64)) \($0)" }
  }

  /// The same of every field of a function's config.
  static func faults(of config: TermMap) -> [ByteText] {
    config.pairs.compactMap { key, term in
      let name = key.atomName ?? ByteText(key.erlangText)
      if let fault = fault(in: key, isArgument: true) { return "the name of a field \(fault)" }
      guard ElixirConfig.references.contains(name), let parts = term.tupleElements, parts.count == 3 else {
        return fault(name, term)
      }
      return fault(name, parts[0]) ?? fault(name, parts[1]) ?? fault(name, parts[2], isArgument: true)
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
    case .integer, .bigInteger, .float, .atom, .binary, .bitString: return nil
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
