import ArgumentParser
import ErlangNode
import Foundation
import GenAPIAttach
import GenAPIStream
import GenAPIValue
import TOMLFile
import TopScreen

/// Which gateways to watch, and how to get in.
struct TargetOptions: ParsableArguments {
  /// Prints the targets of the configuration, for a shell that completes them.
  private static let configured =
    "genapi-top config 2>/dev/null | sed -n 's/^targets = .\\(.*\\)\\].*/\\1/p' | tr -d '\",'"

  @Argument(
    help: ArgumentHelp(
      "Gateways to watch: host, host:port, [IPv6]:port, unix:/path or erlang:name@host. Default: 127.0.0.1:4710.",
      valueName: "target"), completion: .shellCommand(Self.configured))
  var targets: [String] = []

  @Option(
    help: ArgumentHelp("What the gateways ask for. Default: the variable GENAPI_TOKEN.", valueName: "token"))
  var token: String?

  @Option(
    help: ArgumentHelp(
      "A file whose first line is the token, so that it is in no process list.", valueName: "path"),
    completion: .file())
  var tokenFile: String?

  @OptionGroup var attach: AttachOptions

  @Option(
    help: ArgumentHelp(
      "The configuration. Default: $XDG_CONFIG_HOME/genapi-top/config.toml, when it is there.",
      valueName: "file"), completion: .file(extensions: ["toml"]))
  var config: String?

  func validate() throws {
    if token != nil, tokenFile != nil { throw ValidationError("--token and --token-file exclude each other") }
    if targets.count > Configuration.mostTargets {
      throw ValidationError(
        "\(targets.count) targets are too many; at most \(Configuration.mostTargets) can be watched")
    }
    for target in targets { _ = try parse(target, token: nil) }
  }

  /// The targets with their token, each once.
  func resolved(
    _ configuration: Configuration = Configuration(),
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> [StreamTarget] {
    let token = try Self.token(
      self.token, files: [(tokenFile, "--token-file"), (configuration.tokenFile, "token_file")],
      environment: environment)
    var texts = targets.isEmpty ? configuration.targets : targets
    if texts.isEmpty { texts = ["\(StreamProtocol.defaultHost):\(StreamProtocol.defaultPort)"] }
    var seen: Set<String> = []
    return try texts.map { try parse($0, token: token) }.filter { seen.insert($0.description).inserted }
  }

  private func parse(_ text: String, token: String?) throws -> StreamTarget {
    do {
      return try Self.target(parsing: text, token: token.map { ByteText($0) })
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// A target as a person writes it, on the command line or in a file. One of the Elixir library has no address before it is
  /// attached: its label tells which it is.
  static func target(parsing text: String, token: ByteText?) throws -> StreamTarget {
    guard text.hasPrefix(AttachTarget.prefix) else { return try StreamTarget(parsing: text, token: token) }
    var target = StreamTarget(.unix(path: ""))
    target.label = try AttachTarget(parsing: text).description
    return target
  }

  /// The token: as given, of the first file if it was named on the command line, of the variable, of the other files.
  static func token(_ given: String?, files: [(path: String?, name: String)], environment: [String: String])
    throws -> String?
  {
    if let given { return given }
    if let first = files.first, let token = try token(in: first.path, first.name) { return token }
    if let variable = environment["GENAPI_TOKEN"], !variable.isEmpty { return variable }
    for file in files.dropFirst() {
      if let token = try token(in: file.path, file.name) { return token }
    }
    return nil
  }

  private static func token(in path: String?, _ name: String) throws -> String? {
    guard let path else { return nil }
    let text: String
    do {
      text = try TextFile.read(path)
    } catch {
      throw ValidationError("\(name) \(path) \(error)")
    }
    if let warning = FileAccess.warning(for: path, isSecret: true) { UsageError.say(warning) }
    let line = text.split(whereSeparator: \.isNewline).first?.trimmingCharacters(in: .whitespaces) ?? ""
    if line.isEmpty { throw ValidationError("\(name) \(path) holds no token in its first line") }
    return line
  }
}
