import ErlangNode
import GenAPIGateway
import GenAPIValue

/// The functions that an operator calls on a gateway in Elixir, answered by this one.
///
/// ```elixir
/// :erpc.call(:"gw@host", PhoenixGenApi, :rl_status, ["user_123"])
/// ```
///
/// They have the library's names, take what its take, and answer in its shapes. What prints, prints at the caller's
/// console. What changes something is done only when the gateway's `adminActions` list it.
struct Console: Sendable {
  let gateway: Gateway

  /// What is printed of one call, in bytes; the rest is left out with a mark.
  static let mostPrinted = 256 << 10

  /// Makes them callable by other nodes.
  func serve(on node: LocalNode) {
    let processes = RelayProcesses(gateway: gateway)
    for (name, commands) in Self.byName {
      node.registerInTurn(name.module, name.function) { [weak node, gateway] arguments, caller in
        guard let node else { throw ErlangFailure.exited(.atom("noproc")) }
        guard let command = commands.first(where: { $0.arity.contains(arguments.count) }) else {
          throw ErlangFailure.raised(.atom("undef"))
        }
        let call = ConsoleCall(
          gateway: gateway, node: node, caller: caller, processes: processes, arguments: arguments)
        return try await Self.run(command, call, as: name)
      }
    }
  }

  struct Name: Hashable {
    var module: ByteText
    var function: ByteText

    /// `PhoenixGenApi.ConfigDb.get`
    init?(_ text: ByteText) {
      guard let reference = FunctionReference(parsing: text) else { return nil }
      (module, function) = ("Elixir." + reference.module, reference.function)
    }
  }

  /// A name may belong to several, with different numbers of arguments.
  static let byName: [Name: [ConsoleCommand]] = {
    var found: [Name: [ConsoleCommand]] = [:]
    for command in ConsoleCommand.all {
      for name in command.names.compactMap(Name.init) { found[name, default: []].append(command) }
    }
    return found
  }()

  private static func run(_ command: ConsoleCommand, _ call: ConsoleCall, as name: Name) async throws -> Term
  {
    if let action = command.action {
      do throws(AdminError) {
        try call.gateway.admin(as: call.caller.node).permit(action, for: description(call, name))
      } catch {
        call.note(ByteText(error.description))
        return .error(.atom("admin_action_denied"))
      }
    }
    switch try await command.run(call) {
    case .term(let term): return term
    case .printed(let text):
      let isCut = text.byteCount > mostPrinted
      call.node.write(
        (isCut ? text.prefix(bytes: mostPrinted) + "\n… cut at \(mostPrinted) bytes" : text) + "\n",
        at: call.caller)
      return .atom("ok")
    }
  }

  /// For the log: the call as it was made.
  private static func description(_ call: ConsoleCall, _ name: Name) -> ByteText {
    let arguments = call.arguments.map { ByteText($0.erlangText).cut(bytes: 200) }.joined(separator: ", ")
    let module = name.module.dropping(prefix: "Elixir.") ?? name.module
    let whole: ByteText = "\(module).\(name.function)(\(arguments))"
    return whole.cut(bytes: 500)
  }
}
