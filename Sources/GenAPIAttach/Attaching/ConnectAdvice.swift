import GenAPITelemetry
import Listening

/// What to do about a node that could not be connected to, in words for whoever started the program.
enum ConnectAdvice {
  private static let closed = "closed during the handshake"
  private static let closedAtCookie = "closed the connection in the handshake, as with another cookie"

  /// Whether it closed it when it had our answer to its challenge.
  static func isAtCookie(_ reason: String) -> Bool { reason.contains(closedAtCookie) }

  /// Whether the node closed the connection without a word.
  static func isClosed(_ reason: String) -> Bool {
    reason.contains(closed) || reason.contains(closedAtCookie)
  }

  /// - Parameters:
  ///   - reason: why, as the connection has it.
  ///   - usesTLS: TLS was spoken.
  ///   - validity: of a certificate that is not trusted, from when to when it is good, in seconds since the Unix epoch; nil where that was
  ///     not seen.
  ///   - now: in seconds since the Unix epoch.
  static func text(
    _ reason: String, usesTLS: Bool, validity: ClosedRange<Int64>? = nil,
    now: Int64 = SystemTime().wallMicroseconds() / 1_000_000
  ) -> String {
    if let problem = EncryptionProblem(in: reason, about: "the node") {
      if problem == .untrusted, let validity { return untrusted(validity, now) }
      return words(problem)
    }
    // A node does not tell a wrong cookie: it closes the connection once it has our answer to its challenge. Whoever gets so far has
    // settled TLS before, and so has who is closed before that without it.
    if reason.contains(closedAtCookie) {
      return "it closed the connection when it had our cookie: is that the cookie of its cluster?"
    }
    if reason.contains(closed) {
      return usesTLS
        ? "it closed the connection: does it take our certificate? It may want one that its authority has signed: "
          + "--tls-certificate, --tls-key"
        : "it closed the connection before it asked for the cookie: does it speak without TLS? See --tls-ca"
    }
    // What speaks TLS answers a handshake without it by an alert, and what does not waits for more of one with it.
    if !usesTLS, reason.contains("handshake cannot be understood") {
      return "its handshake cannot be understood: does it speak TLS? See --tls-ca"
    }
    if usesTLS, reason.contains("the handshake took too long") || reason.contains("no answer within") {
      return "\(reason): does it speak TLS? Without --tls-ca and --tls-certificate it is spoken to without"
    }
    return reason
  }

  /// Whether the node showed a certificate that is not trusted.
  static func isUntrusted(_ reason: String) -> Bool {
    EncryptionProblem(in: reason, about: "the node") == .untrusted
  }

  private static func untrusted(_ validity: ClosedRange<Int64>, _ now: Int64) -> String {
    if now > validity.upperBound {
      return "its certificate has expired \(age(now - validity.upperBound)) ago"
    }
    if now < validity.lowerBound {
      return
        "its certificate is not good before \(age(validity.lowerBound - now)) from now: are both clocks right?"
    }
    return "its certificate is not signed by what --tls-ca names"
  }

  private static func age(_ seconds: Int64) -> String {
    for (unit, word) in [(86_400, "day"), (3_600, "hour"), (60, "minute")] as [(Int64, String)]
    where seconds >= unit {
      let count = seconds / unit
      return "\(count) \(word)\(count == 1 ? "" : "s")"
    }
    return "\(seconds) s"
  }

  private static func words(_ problem: EncryptionProblem) -> String {
    switch problem {
    case .untrusted, .otherName:
      "its certificate has expired, or is not signed by what --tls-ca names"
    case .unencrypted, .otherVersion:
      "it speaks no TLS that we speak; without --tls-ca and --tls-certificate it is spoken to without TLS"
    case .refusesOurs:
      "it does not trust the certificate of --tls-certificate: its authority must have signed that"
    case .oursExpired: "the certificate of --tls-certificate has expired, or was revoked"
    case .wantsOurs, .showsNone, .refuses:
      "it wants a certificate that its authority has signed: see --tls-certificate and --tls-key"
    case .ended: "it ended the connection: does it take our certificate? See --tls-certificate"
    }
  }
}
