/// Warns of certificates that expire soon: when that is first seen, and again each time that one of few days is left.
package struct ExpiryWatch {
  /// Whoever renews certificates by a program does so when a third of 90 days is left; less is a sign that it fails.
  private static let days: [Int64] = [0, 1, 3, 7, 14, 21]

  /// The days that were told of a certificate, by what it is and when it expires.
  private var told: [String: Int64] = [:]

  package init() {}

  /// - Parameter now: seconds since the Unix epoch.
  package mutating func warnings(_ certificates: [CertificateUse], at now: Int64) -> [String] {
    var kept: [String: Int64] = [:]
    var warnings: [String] = []
    for certificate in certificates {
      guard let expiresAt = certificate.expiresAt else { continue }
      let left = expiresAt.saturatingSubtract(now)
      guard let step = Self.days.first(where: { left <= $0 * 86_400 }) else { continue }
      let key = "\(certificate.use) \(certificate.path) \(expiresAt)"
      kept[key] = step
      guard told[key] != step else { continue }
      let when =
        left <= 0 ? "has expired" : "expires in \(left / 86_400) days and \(left % 86_400 / 3_600) hours"
      warnings.append("the certificate \(certificate.path) (\(certificate.use)) \(when)")
    }
    told = kept
    return warnings
  }
}
