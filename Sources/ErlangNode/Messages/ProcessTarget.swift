import OutsideText

/// A process, or the name of one.
public enum ProcessTarget: Hashable, Sendable {
  /// This process.
  case pid(Pid)
  /// The process that is registered under this name.
  case name(ByteText)

  var term: Term {
    switch self {
    case .pid(let pid): .pid(pid)
    case .name(let name): .atom(name)
    }
  }

  init?(_ term: Term) {
    switch term {
    case .pid(let pid): self = .pid(pid)
    case .atom(let name): self = .name(name)
    default: return nil
    }
  }
}
