import ErlangTerms
import OutsideText

/// The agent's source, as it is sent: a text of Erlang, see `Agent/genapi_agent_1.erl`.
public enum AgentProgram {
  /// What the module is called; its number is its version, so that agents of two versions live beside each other.
  public static let module: ByteText = "genapi_agent_1"

  /// The source as it lies in the package.
  public static let source = String(decoding: PackageResources.genapi_agent_1_erl, as: UTF8.self)

  /// The source without macros, since the gateway's compiler is given forms: a line `-define(NAME, value).` is taken out, and
  /// `?NAME` replaced by the value. Lines stay where they are.
  static let expanded: String = {
    var values = ["MODULE": module.string]
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      guard line.hasPrefix("-define("), let comma = line.firstIndex(of: ","), let end = line.range(of: ").")
      else { return String(line) }
      let name = String(line[line.index(line.startIndex, offsetBy: 8)..<comma])
      values[name] = line[line.index(after: comma)..<end.lowerBound].trimming()
      return ""
    }
    return lines.map { replaceMacros(in: $0, values) }.joined(separator: "\n")
  }()

  /// The part of it that only reads the library, which is interpreted there where no agent is wanted.
  static let reading: String = {
    guard let mark = expanded.range(of: "%% What is read of the library. ") else { return "" }
    return String(expanded[mark.lowerBound...])
  }()

  /// Has functions of `Functions`, which are by name and arity, interpreted, for each section of `Sections` one.
  static let runner = """
    Run = fun(Run, Name, Arguments) ->
              Function = {'fun', 1, {clauses, maps:get({Name, length(Arguments)}, Functions)}},
              Local = {value, fun(Called, Given) -> Run(Run, Called, Given) end},
              apply(erl_eval:expr(Function, [], Local, none, value), Arguments)
          end,
    [{Section, try Run(Run, Name, []) catch _:_ -> failed end} || {Section, Name} <- Sections].
    """

  private static func replaceMacros(in line: String, _ values: [String: String]) -> String {
    guard line.contains("?") else { return line }
    var result = ""
    var rest = line[...]
    while let mark = rest.firstIndex(of: "?") {
      result += rest[..<mark]
      rest = rest[rest.index(after: mark)...]
      let name = rest.prefix { $0 == "_" || $0.isASCII && $0.isUppercase }
      result += values[String(name)] ?? "?\(name)"
      rest = rest[name.endIndex...]
    }
    return result + rest
  }

  /// Cuts scanned tokens into those of one form each: a form ends with a dot.
  static func forms(of tokens: [Term]) -> [Term] {
    var forms: [Term] = []
    var form: [Term] = []
    for token in tokens {
      form.append(token)
      if token.tupleElements?.first == .atom("dot") {
        forms.append(.list(form))
        form = []
      }
    }
    return forms
  }
}

extension Substring {
  fileprivate func trimming() -> String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
