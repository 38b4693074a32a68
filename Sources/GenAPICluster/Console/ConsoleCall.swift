import ErlangNode
import GenAPIGateway
import GenAPIValue

/// One call of a command: its arguments, and who made it.
struct ConsoleCall: Sendable {
  let gateway: Gateway
  let node: LocalNode
  let caller: Caller
  let processes: RelayProcesses
  let arguments: [Term]

  var limiter: RateLimiter { gateway.rateLimiter }

  /// nil for an argument that was left out, or is `nil`.
  subscript(index: Int) -> Term? {
    guard index < arguments.count, arguments[index] != .atom("nil") else { return nil }
    return arguments[index]
  }

  /// Text or an atom.
  func text(_ index: Int, _ name: ByteText) throws -> ByteText {
    guard let text = TermValue.text(self[index]) else { throw fault("\(name) must be a text or an atom") }
    return text
  }

  func optionalText(_ index: Int, _ name: ByteText) throws -> ByteText? {
    self[index] == nil ? nil : try text(index, name)
  }

  /// A keyword list, or a map.
  func options(_ index: Int) throws -> [ByteText: Term] {
    guard let term = self[index] else { return [:] }
    if let map = term.map {
      return Dictionary(
        map.pairs.compactMap { pair in TermValue.text(pair.key).map { ($0, pair.value) } },
        uniquingKeysWith: { $1 })
    }
    guard let pairs = term.listElements?.map(\.tupleElements) else {
      throw fault("options must be a keyword list")
    }
    var options: [ByteText: Term] = [:]
    for pair in pairs {
      guard let pair, pair.count == 2, let name = pair[0].atomName else {
        throw fault("options must be a keyword list")
      }
      options[name] = pair[1]
    }
    return options
  }

  func list(_ index: Int, _ name: ByteText) throws -> [Term] {
    guard let list = self[index]?.listElements else { throw fault("\(name) must be a list") }
    return list
  }

  func map(_ index: Int, _ name: ByteText) throws -> TermMap {
    guard let map = self[index]?.map else { throw fault("\(name) must be a map") }
    return map
  }

  /// The process of an argument, as a connection of the gateway.
  func process(_ index: Int) async throws -> RelayProcess {
    guard case .pid(let pid) = self[index] else { throw fault("channel_pid must be a pid") }
    do {
      return try await processes.connection(of: pid, from: node)
    } catch {
      throw fault("\(Term.pid(pid).erlangText) cannot be a member: \(error)")
    }
  }

  /// What Elixir raises for an argument that a function does not take.
  func fault(_ message: ByteText) -> ErlangFailure { .raised(.argumentError(message)) }

  /// Writes a line where the call was made: what an answer has no room for.
  func note(_ text: ByteText) {
    node.write("\(gateway.configuration.node): \(ByteText(text.shown))\n", at: caller)
  }

  /// How structs look at the caller's.
  func form() async -> ElixirConfigTerm { await ElixirConfigTerm(for: caller.node, from: node) }
}
