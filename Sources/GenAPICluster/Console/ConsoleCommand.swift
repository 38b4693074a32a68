import ErlangNode
import GenAPIGateway
import GenAPIValue

/// What an operator can call on a gateway from the console of any node in its cluster.
///
/// All of them are in one table, `ConsoleCommand.all`: it says what is callable, what needs which admin action, and what
/// docs/console.md lists.
struct ConsoleCommand: Sendable {
  /// Under which names it is called, as Elixir writes them: `PhoenixGenApi.ConfigDb.get`.
  var names: [ByteText]
  /// How many arguments it takes.
  var arity: ClosedRange<Int>
  /// What `gateway.admin_actions` has to list; nil for what changes nothing.
  var action: AdminAction?
  /// What it does, for a person.
  var summary: String
  var run: @Sendable (ConsoleCall) async throws -> ConsoleAnswer

  /// Changes nothing, and answers a term.
  static func tells(
    _ names: ByteText..., arity: ClosedRange<Int>, _ summary: String,
    _ run: @escaping @Sendable (ConsoleCall) async throws -> Term
  ) -> ConsoleCommand {
    ConsoleCommand(names: names, arity: arity, summary: summary) { .term(try await run($0)) }
  }

  /// Changes nothing, prints at the caller's console, and answers `:ok`.
  static func prints(
    _ names: ByteText..., arity: ClosedRange<Int>, _ summary: String,
    _ run: @escaping @Sendable (ConsoleCall) async throws -> String
  ) -> ConsoleCommand {
    ConsoleCommand(names: names, arity: arity, summary: summary) { .printed(ByteText(try await run($0))) }
  }

  /// Changes something, and needs an admin action.
  static func changes(
    _ names: ByteText..., arity: ClosedRange<Int>, _ action: AdminAction, _ summary: String,
    _ run: @escaping @Sendable (ConsoleCall) async throws -> ConsoleAnswer
  ) -> ConsoleCommand {
    ConsoleCommand(names: names, arity: arity, action: action, summary: summary, run: run)
  }

  static let all: [ConsoleCommand] = limits + configs + pulls + failed + pools + relay + diagnostics

  /// `1`, or `1–3`.
  var arityText: String {
    arity.count == 1 ? "\(arity.lowerBound)" : "\(arity.lowerBound)–\(arity.upperBound)"
  }

  /// Its row of the table in docs/console.md.
  var row: String {
    let names = names.map { "`\($0)/\(arityText)`" }.joined(separator: ", ")
    return "| \(names) | \(action.map { "`\($0.rawValue)`" } ?? "–") | \(summary) |"
  }
}

/// What a command says.
enum ConsoleAnswer: Sendable {
  case term(Term)
  /// Is printed where it was called; the call's answer is `:ok`.
  case printed(ByteText)

  static let done = ConsoleAnswer.term(.atom("ok"))

  /// `{:error, reason}`
  static func error(_ reason: Term) -> ConsoleAnswer { .term(.error(reason)) }
}
