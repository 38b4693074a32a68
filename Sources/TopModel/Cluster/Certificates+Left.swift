import GenAPITelemetry

extension [CertificateState] {
  /// The seconds until the one expires that expires first, 0 or less when it has; nil when none tells when it does.
  func secondsLeft(at now: Int64) -> Int64? {
    compactMap(\.expiresAt).min().map { $0.saturatingSubtract(now) / 1_000_000 }
  }
}
