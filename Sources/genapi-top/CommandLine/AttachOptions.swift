import ArgumentParser
import ErlangNode
import Foundation
import GenAPIAttach
import GenAPIStream

/// How gateways of the Elixir library are attached, see docs/attach.md.
struct AttachOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Of erlang: targets the file with the cluster's cookie. Default: the variable GENAPI_COOKIE, or ~/.erlang.cookie.",
      valueName: "path"))
  var cookieFile: String?

  @Flag(help: "Of erlang: targets print what would be done there, and end without doing it.")
  var dryRun = false

  /// Nil when no target needs them.
  ///
  /// - Parameter targets: of which some may be of the Elixir library.
  /// - Throws: an exit code, after having told what is wrong; one of success after having printed what would be done.
  func settings(
    for targets: [StreamTarget], intervalMs: Int = StreamProtocol.defaultIntervalMs,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> AttachSettings? {
    let attached = targets.filter(\.isAttached)
    if dryRun {
      guard !attached.isEmpty else {
        throw UsageError.end(
          "--dry-run goes with targets of the form erlang:name@host", code: UsageError.usage)
      }
      let cookie = cookieSource(environment)
      for target in attached {
        try UsageError.print(AttachPlan.text(target.description, cookie: cookie).utf8)
      }
      throw ExitCode.success
    }
    guard !attached.isEmpty else {
      if cookieFile != nil {
        throw UsageError.end(
          "--cookie-file goes with targets of the form erlang:name@host", code: UsageError.usage)
      }
      return nil
    }
    do {
      var settings = AttachSettings(cookie: try cookie(environment))
      settings.interval = .milliseconds(min(max(intervalMs, 200), 60_000))
      return settings
    } catch {
      throw UsageError.end("\(error)", code: UsageError.usage)
    }
  }

  /// Where the cookie would be from.
  private func cookieSource(_ environment: [String: String]) -> String {
    let place =
      cookieFile.map { "that of the file \($0)" }
      ?? (environment["GENAPI_COOKIE"]?.isEmpty == false
        ? "that of the variable GENAPI_COOKIE" : "that of ~/.erlang.cookie")
    do { _ = try cookie(environment) } catch { return "\(place), which cannot be had: \(error)" }
    return place
  }

  private func cookie(_ environment: [String: String]) throws -> Cookie {
    if let cookieFile { return try Cookie.file(cookieFile) }
    if let secret = environment["GENAPI_COOKIE"], !secret.isEmpty { return Cookie(secret) }
    return try Cookie.fromHome()
  }
}

extension StreamTarget {
  /// It is a gateway of the Elixir library, which this program exports itself.
  var isAttached: Bool { label != nil }
}
