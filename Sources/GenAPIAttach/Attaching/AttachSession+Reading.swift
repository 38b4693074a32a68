import ErlangNode
import ErlangTerms
import OutsideText

/// Watching without the agent: what the library holds is read by functions that are interpreted there, and nothing is loaded.
extension AttachSession {
  /// A section of what is read, the function that reads it, and every how many intervals it does.
  private static let sections: [(name: ByteText, function: ByteText, every: Int)] = [
    ("machine", "machine", 1), ("limits", "limits", 1), ("pools", "pools", 1), ("nodes", "nodes_known", 5),
    ("hot_keys", "few_hot_keys", 5), ("functions", "projected", 10), ("services", "services", 10),
    ("failed", "few_failed", 10), ("relay", "few_groups", 10),
  ]

  /// Reads at each interval until the connection ends, or the task is cancelled.
  func read(_ node: LocalNode, _ attached: @escaping @Sendable () async throws -> Void) async throws {
    defer { node.disconnect(from: target.node) }
    try await look(node)
    try await askRoom(node)
    let step = "reading the library"
    var functions: [(key: Term, value: Term)] = []
    for form in try await parse(AgentProgram.reading, node, step) {
      guard let parts = form.tupleElements, parts.count == 5, parts[0] == .atom("function") else { continue }
      functions.append((key: .tuple([parts[2], parts[3]]), value: parts[4]))
    }
    let runner = try await parseExpressions(AgentProgram.runner, node, step)
    let expression = Term.tuple([.atom("block"), .integer(1), runner])
    let known = Term.tuple([.atom("Functions"), .map(TermMap(functions))])
    var tick = 0
    var version = ""
    while !Task.isCancelled {
      let due = Self.sections.filter { tick % $0.every == 0 }
      let sections = Term.list(due.map { .tuple([.atom($0.name), .atom($0.function)]) })
      let bindings = Term.list([known, .tuple([.atom("Sections"), sections])])
      let answer = try await call(
        node, step, "erl_eval", "expr",
        [expression, bindings, .atom("none"), .atom("none"), .atom("value")])
      gateway.take(read: answer)
      if version.isEmpty { version = gateway.version }
      if !gateway.version.isEmpty, gateway.version != version { throw AttachError.lost(Self.upgraded) }
      if tick == 0 { try await attached() }
      tick += 1
      try? await Task.sleep(for: settings.interval.sleepable)
    }
  }
}
