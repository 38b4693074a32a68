import ArgumentParser
import Foundation
import GenAPIStream

/// Which gateways to watch, and how to get in.
struct TargetOptions: ParsableArguments {
  /// More than anybody watches at once; every target costs a connection and its history.
  static let mostTargets = 64

  @Argument(
    help: ArgumentHelp(
      "Gateways to watch: host, host:port, [IPv6]:port or unix:/path. Default: 127.0.0.1:4710.",
      valueName: "target"))
  var targets: [String] = []

  @Option(
    help: ArgumentHelp("What the gateways ask for. Default: the variable GENAPI_TOKEN.", valueName: "token"))
  var token: String?

  @Option(
    help: ArgumentHelp(
      "A file whose first line is the token, so that it is in no process list.", valueName: "path"))
  var tokenFile: String?

  func validate() throws {
    if token != nil, tokenFile != nil { throw ValidationError("--token and --token-file exclude each other") }
    if targets.count > Self.mostTargets {
      throw ValidationError(
        "\(targets.count) targets are too many; at most \(Self.mostTargets) can be watched")
    }
    for target in targets { _ = try parse(target, token: nil) }
  }

  /// The targets with their token, each once.
  func resolved(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> [StreamTarget]
  {
    let token = try self.token ?? fromFile() ?? environment["GENAPI_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
    let texts = targets.isEmpty ? ["\(StreamProtocol.defaultHost):\(StreamProtocol.defaultPort)"] : targets
    var seen: Set<String> = []
    return try texts.map { try parse($0, token: token) }.filter { seen.insert($0.description).inserted }
  }

  private func parse(_ text: String, token: String?) throws -> StreamTarget {
    do {
      return try StreamTarget(parsing: text, token: token)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  private func fromFile() throws -> String? {
    guard let tokenFile else { return nil }
    let text: String
    do {
      text = try String(contentsOfFile: tokenFile, encoding: .utf8)
    } catch {
      throw ValidationError("--token-file \(tokenFile) cannot be read: \(error.localizedDescription)")
    }
    let line = text.split(whereSeparator: \.isNewline).first?.trimmingCharacters(in: .whitespaces) ?? ""
    if line.isEmpty { throw ValidationError("--token-file \(tokenFile) holds no token in its first line") }
    return line
  }
}
