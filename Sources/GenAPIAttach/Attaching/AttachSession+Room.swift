import ErlangNode
import ErlangTerms
import OutsideText

/// What a node has room for, asked before anything is put there.
extension AttachSession {
  /// Places of its atom table that a node must have left: several times what it is measured to learn, as it goes on learning meanwhile.
  private static let (atomsToLoad, atomsToRead) = (5_000, 2_500)
  /// Processes that a node must have left for the agent's, and those that compile it.
  private static let processes = 16
  private static let step = "asking for its limits"

  /// Refuses where what comes next could end the node, or leave it no processes: one whose table of atoms is full ends at once.
  ///
  /// - Throws: `AttachError.noRoom`.
  func askRoom(_ node: LocalNode) async throws(AttachError) {
    let names = ["atom_count", "atom_limit", "process_count", "process_limit"]
    let answer = try await call(
      node, Self.step, "lists", "map",
      [
        .export(module: "erlang", function: "system_info", arity: 1),
        .list(names.map { .atom(ByteText($0)) }),
      ])
    let numbers = (answer.listElements ?? []).compactMap(\.integerValue)
    guard numbers.count == names.count else { throw .agent(step: Self.step, reason: answer.erlangText) }
    if let error = Self.wantOfRoom(numbers, usesAgent: settings.usesAgent) { throw error }
  }

  /// What is too little; nil where there is room. The numbers are atoms and processes, each with how many there may be.
  static func wantOfRoom(_ numbers: [Int64], usesAgent: Bool) -> AttachError? {
    let atoms = max(0, numbers[1].saturatingSubtract(numbers[0]))
    let processes = max(0, numbers[3].saturatingSubtract(numbers[2]))
    let needed = Int64(usesAgent ? atomsToLoad : atomsToRead)
    if atoms < needed {
      return .noRoom(
        "its table of atoms has \(atoms) of \(numbers[1]) places left; \(usesAgent ? "the agent" : "reading it") is given \(needed), "
          + "since a node whose table is full ends at once"
          + (usesAgent && atoms >= atomsToRead ? "; --no-agent needs \(atomsToRead)" : ""))
    }
    if usesAgent, processes < Self.processes {
      return .noRoom(
        "it may have \(processes) more processes of \(numbers[3]); the agent is given \(Self.processes)"
          + "; try --no-agent")
    }
    return nil
  }
}
