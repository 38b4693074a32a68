import ErlangPeers
import Foundation
import Testing

@testable import GenAPIGateway

/// The deny list against the modules of a real release: each is denied, or judged here to be harmless.
@Suite("The deny list and a real release")
struct DeniedModulesTests {
  /// What only computes. `Elixir.X` stands for its submodules too.
  private static let harmless: Set<String> = [
    "array", "base64", "binary", "calendar", "dict", "gb_sets", "gb_trees", "graph", "io_lib",
    "io_lib_format",
    "io_lib_fread", "io_lib_pretty", "json", "lists", "maps", "math", "orddict", "ordsets", "prettypr",
    "proplists",
    "queue", "rand", "random", "re", "records", "sets", "sofs", "string", "unicode", "unicode_util",
    "uri_string",
    "Elixir.Access", "Elixir.Atom", "Elixir.Base", "Elixir.Bitwise", "Elixir.Calendar", "Elixir.Date",
    "Elixir.DateTime", "Elixir.Dict", "Elixir.Duration", "Elixir.Enum", "Elixir.Exception", "Elixir.Float",
    "Elixir.HashDict", "Elixir.HashSet", "Elixir.Inspect", "Elixir.Integer", "Elixir.JSON", "Elixir.Keyword",
    "Elixir.List", "Elixir.Map", "Elixir.MapSet", "Elixir.NaiveDateTime",
    "Elixir.Range",
    "Elixir.Regex", "Elixir.Set", "Elixir.Stream", "Elixir.String", "Elixir.Time", "Elixir.Tuple",
    "Elixir.URI",
    "Elixir.Version",
  ]

  private static func isHarmless(_ module: String) -> Bool {
    // A config's name with a capital is one of Elixir's: `OTP-PUB-KEY` and its like cannot be called.
    if !module.hasPrefix("Elixir."), module.first?.isUppercase == true { return true }
    let parts = module.split(separator: ".")
    let root = module.hasPrefix("Elixir.") ? parts.prefix(2).joined(separator: ".") : module
    return harmless.contains(root) || root.hasSuffix("Error")
  }

  /// The modules of an application, as the release has them.
  private static func modules(_ program: String, _ arguments: [String]) throws -> [String] {
    let process = Process()
    process.executableURL = InstalledProgram(program)!.url
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text.split(whereSeparator: \.isWhitespace).map(String.init)
  }

  private func check(_ modules: [String], atLeast: Int) {
    #expect(modules.count >= atLeast)
    let open = modules.filter { !DeniedModules.contains($0) && !Self.isHarmless($0) }
    #expect(open.isEmpty, "neither denied nor judged harmless: \(open.sorted())")
  }

  @Test(
    "every module of Erlang's is denied or harmless",
    .enabled(if: InstalledProgram("erl") != nil, "needs erl"))
  func erlang() throws {
    let applications = [
      "asn1", "common_test", "compiler", "crypto", "debugger", "dialyzer", "diameter", "edoc", "eldap",
      "erl_docgen", "erl_interface", "erts", "et", "eunit", "ftp", "inets", "kernel", "megaco", "mnesia",
      "observer", "odbc", "os_mon", "parsetools", "public_key", "reltool", "runtime_tools", "sasl", "snmp",
      "ssh", "ssl", "stdlib", "syntax_tools", "tftp", "tools", "wx", "xmerl",
    ]
    let list =
      "[io:format(\"~ts~n\", [filename:basename(F, \".beam\")]) || A <- [\(applications.joined(separator: ", "))], "
      + "F <- filelib:wildcard(filename:join([code:lib_dir(), atom_to_list(A) ++ \"-*\", \"ebin\", \"*.beam\"]))], "
      + "[io:format(\"~ts~n\", [M]) || M <- erlang:pre_loaded()], halt()."
    check(try Self.modules("erl", ["-noshell", "-eval", list]), atLeast: 200)
  }

  @Test(
    "every module of Elixir's is denied or harmless",
    .enabled(if: InstalledProgram("elixir") != nil, "needs elixir"))
  func elixir() throws {
    let list = """
      for a <- [:elixir, :eex, :iex, :mix, :logger, :ex_unit],
          f <- Path.wildcard(Path.join([:code.lib_dir(:elixir), "..", to_string(a), "ebin", "*.beam"])),
          do: IO.puts(Path.basename(f, ".beam"))
      """
    check(try Self.modules("elixir", ["-e", list]), atLeast: 300)
  }
}
