import GenAPITelemetry
import GenAPIValue
import OutsideText

extension ReloadLog.State {
  /// Says in a gateway's state what became of readings of the configuration, and which certificates are shown.
  func tell(_ state: inout GatewayState) {
    state.configuration = ConfigurationState(
      readAt: Self.microseconds(lastGoodAt), lastReadAt: Self.microseconds(lastAt), reloads: succeeded,
      failedReloads: failed, fault: lastFault.map { ByteText($0) }, waiting: waiting.map { ByteText($0) })
    state.certificates = certificates.map { certificate in
      CertificateState(
        use: ByteText(certificate.use), path: ByteText(certificate.path),
        expiresAt: certificate.expiresAt.map { $0.saturatingMultiply(1_000_000) })
    }
  }

  private static func microseconds(_ seconds: Double) -> Int64 {
    Int64(exactly: (seconds * 1_000_000).rounded()) ?? 0
  }
}
