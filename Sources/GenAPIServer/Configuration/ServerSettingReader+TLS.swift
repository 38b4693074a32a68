import Foundation
import GenAPITLS
import NIOSSL
import OutsideText

extension ServerSettingReader {
  /// The TLS of a section that listens: `tls_certificate` and `tls_key`, and `tls_ca` where there is one.
  ///
  /// Every file is read and the key tried with its certificate, so that nothing is left for the start to find wrong.
  ///
  /// - Returns: nil without these settings, and after a fault.
  mutating func tls(_ section: String, takesAuthority: Bool = false) -> TLS? {
    let (certificateKey, keyKey, authorityKey) =
      ("\(section).tls_certificate", "\(section).tls_key", "\(section).tls_ca")
    let certificate = string(certificateKey, nil)
    let key = string(keyKey, nil)
    let authority = takesAuthority ? string(authorityKey, nil) : nil
    guard certificate != nil || key != nil || authority != nil else { return nil }
    if certificate == nil { fault(certificateKey, "is needed: TLS takes tls_certificate and tls_key") }
    if key == nil { fault(keyKey, "is needed: TLS takes tls_certificate and tls_key") }
    let chain = certificate.flatMap { certificates($0, certificateKey) }
    let privateKey = key.flatMap { self.privateKey($0, keyKey) }
    let trusted = authority.map { certificates($0, authorityKey) }
    guard let chain, let privateKey else { return nil }
    if case .some(.none) = trusted { return nil }
    var tls = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
    if let authority, trusted != nil {
      tls.trustRoots = .file(path(authority))
      // Names of nodes are not names of hosts.
      tls.certificateVerification = .noHostnameVerification
    }
    do {
      let encryption = try TLS(tls)
      if let certificate { certificateUses.append(CertificateUse(section, path(certificate))) }
      return encryption
    } catch NIOSSLError.failedToLoadPrivateKey {
      fault(keyKey, "\"\(key ?? "")\" is not the key of the certificate in \"\(certificate ?? "")\"")
    } catch {
      fault(certificateKey, "cannot be used with its key: \(TLS.words(error) ?? "\(error)")")
    }
    return nil
  }

  private mutating func certificates(_ name: String, _ setting: String) -> [NIOSSLCertificate]? {
    guard let bytes = contents(name, setting) else { return nil }
    guard let chain = try? NIOSSLCertificate.fromPEMBytes(bytes), !chain.isEmpty else {
      fault(setting, "\"\(name)\" holds no certificate in PEM")
      return nil
    }
    return chain
  }

  private mutating func privateKey(_ name: String, _ setting: String) -> NIOSSLPrivateKey? {
    noteSecretFile(path(name))
    guard let bytes = contents(name, setting) else { return nil }
    // A passphrase would be asked for at the terminal.
    let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) { (give: ([UInt8]) -> Void) in give([]) }
    if key == nil { fault(setting, "\"\(name)\" holds no key in PEM, or one with a passphrase") }
    return key
  }

  /// Chains and bundles of authorities are far shorter.
  private static var mostPEMBytes: Int { 4 << 20 }

  private mutating func contents(_ name: String, _ setting: String) -> [UInt8]? {
    secretFiles.insert(path(name))
    // PEM is text.
    guard let text = text(name, of: setting, atMost: Self.mostPEMBytes) else { return nil }
    noteContents(text, of: setting)
    guard !text.allSatisfy(\.isWhitespace) else {
      fault(setting, "\"\(name)\" is empty")
      return nil
    }
    return Array(text.utf8)
  }
}
