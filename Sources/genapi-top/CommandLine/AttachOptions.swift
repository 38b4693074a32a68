import ArgumentParser
import ErlangNode
import Foundation
import GenAPIAttach
import GenAPIStream
import GenAPITLS

/// How gateways of the Elixir library are attached, see docs/attach.md.
struct AttachOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Of erlang: targets the file with the cluster's cookie. Default: the variable GENAPI_COOKIE, or ~/.erlang.cookie.",
      valueName: "path"))
  var cookieFile: String?

  @Option(
    help: ArgumentHelp(
      "Of erlang: targets where epmd listens on their hosts. Default: the variable ERL_EPMD_PORT, or 4369.",
      valueName: "port"))
  var epmdPort: Int?

  @Option(
    help: ArgumentHelp(
      "Of erlang: targets speak TLS, and trust what this PEM file has signed.", valueName: "path"))
  var tlsCa: String?

  @Option(
    help: ArgumentHelp(
      "Of erlang: targets speak TLS, and show this certificate, a PEM file.", valueName: "path"))
  var tlsCertificate: String?

  @Option(help: ArgumentHelp("The certificate's key, a PEM file.", valueName: "path"))
  var tlsKey: String?

  @Flag(help: "Of erlang: targets load nothing there, and show what can be read: no events, no counters.")
  var noAgent = false

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
        try UsageError.print(
          AttachPlan.text(target.description, cookie: cookie, usesAgent: !noAgent).utf8)
      }
      throw ExitCode.success
    }
    guard !attached.isEmpty else {
      if let option = optionsGiven.first {
        throw UsageError.end(
          "\(option) goes with targets of the form erlang:name@host", code: UsageError.usage)
      }
      return nil
    }
    do {
      var settings = AttachSettings(cookie: try cookie(environment))
      settings.epmdPort = try epmdPort.map(Self.port)
      settings.tls = try tls()
      settings.certificateLook = { try CertificateLook($0) }
      settings.usesAgent = !noAgent
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

  private var optionsGiven: [String] {
    [
      (cookieFile != nil, "--cookie-file"), (epmdPort != nil, "--epmd-port"), (tlsCa != nil, "--tls-ca"),
      (tlsCertificate != nil, "--tls-certificate"), (tlsKey != nil, "--tls-key"), (noAgent, "--no-agent"),
    ].filter(\.0).map(\.1)
  }

  private static func port(_ port: Int) throws -> Int {
    guard (1...65_535).contains(port) else {
      throw AttachOptionError("--epmd-port is \(port); it must be 1 … 65535")
    }
    return port
  }

  private func tls() throws -> TLS? {
    switch (tlsCertificate, tlsKey) {
    case (let certificate?, let key?):
      // Without it any node would be believed, and be shown the answer to the cookie's challenge.
      guard let tlsCa else {
        throw AttachOptionError(
          "--tls-certificate goes with --tls-ca: a PEM file with what has signed the node's certificate")
      }
      return try TLS.server(certificate: certificate, key: key, authority: tlsCa)
    case (nil, nil): return try tlsCa.map { try TLS.client(trusting: $0, verifiesName: false) }
    default: throw AttachOptionError("--tls-certificate and --tls-key go together")
    }
  }

  private func cookie(_ environment: [String: String]) throws -> Cookie {
    if let cookieFile { return try Cookie.file(cookieFile) }
    if let secret = environment["GENAPI_COOKIE"], !secret.isEmpty { return Cookie(secret) }
    return try Cookie.fromHome()
  }
}

/// An option that cannot be used as it was given.
private struct AttachOptionError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension StreamTarget {
  /// It is a gateway of the Elixir library, which this program exports itself.
  var isAttached: Bool { label != nil }
}
