import Listening

/// What to do about a node that could not be connected to, in words for whoever started the program.
enum ConnectAdvice {
  /// - Parameters:
  ///   - reason: why, as the connection has it.
  ///   - usesTLS: TLS was spoken.
  static func text(_ reason: String, usesTLS: Bool) -> String {
    if let problem = EncryptionProblem(in: reason, about: "the node") { return words(problem) }
    // A node does not tell a wrong cookie: it closes the connection.
    if reason.contains("closed during the handshake") {
      return "it closed the connection: is the cookie that of its cluster, and does it "
        + (usesTLS
          ? "take our certificate? It may want one that its authority has signed: --tls-certificate, --tls-key"
          : "speak without TLS?")
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
