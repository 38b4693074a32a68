import ArgumentParser
import Foundation
import GenAPIServer
import GenAPIValue
import OutsideText

/// Asks a running gateway of this machine, and changes it.
struct CtlCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ctl", abstract: "Look into a running gateway of this machine, and operate it.",
    discussion: """
      \(ControlCommand.all.map { "\($0.usage)\n    \($0.summary)" }.joined(separator: "\n"))

      The gateway listens on the Unix socket that its health.socket names; only the user who runs it, and root, may \
      ask there. What changes something is done when its gateway.admin_actions list the action. It ends with 0 when it \
      was done, 1 when the gateway says no, 2 when there is no answer.
      """)

  @Argument(
    help: "What to do; one of those above.",
    completion: .list(ControlCommand.all.map(\.name)))
  var command: String

  @Argument(help: ArgumentHelp("What to do it with.", valueName: "word"))
  var words: [String] = []

  @Option(help: ArgumentHelp("The gateway's socket.", valueName: "path"))
  var socket: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The gateway's configuration, whose health.socket is asked. Without either the variable GENAPI_HEALTH_SOCKET is, or \(CtlCommand.usualSocket).",
      valueName: "file"))
  var config: String?

  @Flag(help: "Print the answer as JSON.")
  var json = false

  @Option(
    parsing: .unconditional,
    help: "How long to wait for the answer, in seconds: up to an hour.",
    transform: DecimalOption.read)
  var timeout = 10.0

  @Option(help: ArgumentHelp("The service's name.", valueName: "name"))
  var service: String?

  @Option(help: ArgumentHelp("The function's version.", valueName: "version"))
  var version: String?

  @Option(help: ArgumentHelp("The user.", valueName: "id"))
  var user: String?

  @Option(help: ArgumentHelp("The device.", valueName: "id"))
  var device: String?

  @Option(help: ArgumentHelp("The user's roles, with commas between.", valueName: "roles"))
  var roles: String?

  @Option(
    help: ArgumentHelp(
      "Whose limit: SERVICE/REQUEST_TYPE; without it the global ones.", valueName: "function"))
  var function: String?

  @Option(
    help: ArgumentHelp("What the limit counts by: user_id, ip_address, an argument …", valueName: "key"))
  var key: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Requests that the limit lets through.", valueName: "n"))
  var max: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("The limit's window, in milliseconds.", valueName: "n"))
  var windowMs: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("The connection's number.", valueName: "n"))
  var connection: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("How many of a list: up to 1000.", valueName: "n"))
  var limit: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("From where on in a list.", valueName: "n"))
  var offset: String?

  /// Where packages of the distribution put it.
  static let usualSocket = "/run/genapi-gateway/control.sock"

  /// By the names that the table of commands gives them.
  private var options: [String: String?] {
    [
      "service": service, "version": version, "user": user, "device": device, "roles": roles,
      "function": function,
      "key": key, "max": max, "window_ms": windowMs, "connection": connection, "limit": limit,
      "offset": offset,
    ]
  }

  func validate() throws {
    guard (0.01...3_600).contains(timeout) else {
      throw ValidationError("--timeout must be 0.01 to 3600 seconds, not \(timeout).")
    }
    if socket != nil, config != nil { throw ValidationError("--socket and --config do not go together.") }
    let known = try known()
    guard words.count <= known.words.count, words.count >= known.words.count(where: \.isRequired) else {
      throw ValidationError("It is: ctl \(known.usage)")
    }
    for (name, value) in options where value != nil && !known.options.contains(where: { $0.name == name }) {
      throw ValidationError("\(known.name) takes no --\(name.replacing("_", with: "-")): ctl \(known.usage)")
    }
  }

  private func known() throws -> ControlCommand {
    guard let known = ControlCommand.named(command) else {
      let names = ControlCommand.all.map(\.name).joined(separator: ", ")
      throw ValidationError("\"\(command.cut(bytes: 64))\" is no command; there are \(names).")
    }
    return known
  }

  private func fields(of known: ControlCommand) throws -> ValueObject {
    var fields = ValueObject()
    /// - Parameter file: what the text is from.
    func set(_ parameter: ControlParameter, _ text: String, of file: String? = nil) throws {
      do {
        fields[ByteText(parameter.name)] = try parameter.value(of: text)
      } catch {
        throw ValidationError((file.map { "\($0.shown): " } ?? "") + "\(error)")
      }
    }
    for (parameter, word) in zip(known.words, words) {
      let isFile = parameter.placeholder == "FILE"
      try set(parameter, isFile ? try contents(of: word) : word, of: isFile ? word : nil)
    }
    for parameter in known.options {
      if let text = options[parameter.name] ?? nil { try set(parameter, text) }
    }
    return fields
  }

  private func contents(of file: String) throws -> String {
    if file == "-" {
      return String(decoding: try StandardInput.read(atMost: TextFile.mostBytes), as: UTF8.self)
    }
    do {
      return try TextFile.read(file)
    } catch {
      throw ValidationError("\(file) \(error.description)")
    }
  }

  private func path() throws -> String {
    if let socket { return socket.hasPrefix("unix:") ? String(socket.dropFirst(5)) : socket }
    if let config {
      guard let path = try ConfigurationSource(path: config, logLevel: nil).read().controlPath else {
        throw ValidationError(
          """
          \(config) has no health.socket: the gateway listens on no socket for ctl. Give it one, such as [health] socket = \
          "\(Self.usualSocket)", and start it anew.
          """)
      }
      return path
    }
    let variable = ProcessInfo.processInfo.environment["GENAPI_HEALTH_SOCKET"] ?? ""
    return variable.isEmpty ? Self.usualSocket : variable
  }

  func run() async throws {
    EarlySignals.restore()
    let known = try known()
    let client = ControlClient(path: try path(), timeoutMs: Int64(timeout * 1_000))
    let answer: ControlClient.Answer
    do {
      answer = try await client.call(known, try fields(of: known), wantsJSON: json)
    } catch let error as ControlUnreachable {
      StandardOutput.reportError("ctl: \(error)")
      throw ExitCode(2)
    }
    let text = String(decoding: answer.body, as: UTF8.self).trimmingSuffix("\n")
    guard answer.isDone else {
      StandardOutput.reportError("ctl: \(text)")
      throw ExitCode(1)
    }
    if json {
      try StandardOutput.line(JSONShown.escaping(Array(text.utf8)))
    } else {
      try StandardOutput.line(text.shownLines)
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    utf8.reversed().starts(with: suffix.utf8.reversed())
      ? String(decoding: utf8.dropLast(suffix.utf8.count), as: UTF8.self) : self
  }
}
