import Foundation
import GenAPITLS
import Listening
import TestCertificates
import Testing

@testable import GenAPITLS

@Suite("TLS in words")
struct TLSWordsTests {
  /// As NIOSSL writes it.
  private static func said(_ name: String) -> String {
    "handshakeFailed(NIOSSL.BoringSSLError.sslError([Error: 268436496 error:10000410:SSL routines:OPENSSL_internal:\(name) at "
      + "/checkouts/swift-nio-ssl/Sources/CNIOBoringSSL/ssl/tls_record.cc:592]))"
  }

  @Test(
    "what the other end makes of our certificate, or of its lack, is told in words",
    arguments: [
      ("SSLV3_ALERT_HANDSHAKE_FAILURE", EncryptionProblem.refuses), ("TLSV1_ALERT_UNKNOWN_CA", .refusesOurs),
      ("TLSV1_CERTIFICATE_REQUIRED", .wantsOurs), ("TLSV1_ALERT_CERTIFICATE_REQUIRED", .wantsOurs),
      ("SSLV3_ALERT_CERTIFICATE_EXPIRED", .oursExpired), ("SSLV3_ALERT_BAD_CERTIFICATE", .refusesOurs),
      ("SSLV3_ALERT_CERTIFICATE_UNKNOWN", .refusesOurs),
      ("SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", .refusesOurs),
      ("PEER_DID_NOT_RETURN_A_CERTIFICATE", .showsNone), ("CERTIFICATE_VERIFY_FAILED", .untrusted),
      ("TLSV1_ALERT_PROTOCOL_VERSION", .otherVersion), ("WRONG_VERSION_NUMBER", .unencrypted),
    ])
  func alerts(name: String, problem: EncryptionProblem) {
    #expect(TLS.words(of: Self.said(name)) == problem.rawValue)
  }

  @Test(
    "a reason that has no words of its own is its name, without a place in a source or a number of a library's"
  )
  func others() {
    #expect(TLS.words(of: Self.said("TLSV1_ALERT_INTERNAL_ERROR")) == "TLS: tlsv1 alert internal error")
  }

  @Test("the other end is called what it is")
  func names() {
    #expect(
      EncryptionProblem.words(EncryptionProblem.refusesOurs.rawValue, about: "the node")
        == "the node does not trust the certificate that it was shown")
    #expect(
      EncryptionProblem(in: "unreachable: the node asks for a certificate of ours", about: "the node")
        == .wantsOurs)
  }

  @Test("a file that cannot be used is named, with what is wrong with it")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String, _ text: String) throws -> String {
      let path = folder.appendingPathComponent(name).path
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      return path
    }
    let first = TestCertificate.first
    let certificate = try file("cert.pem", first.certificate)
    let key = try file("key.pem", first.key)
    let other = try file("other.pem", TestCertificate.second.key)
    let empty = try file("empty.pem", "")
    let text = try file("text.pem", "no PEM")
    let missing = folder.appendingPathComponent("none.pem").path
    let faults: [(certificate: String, key: String, authority: String?, path: String, reason: String)] = [
      (missing, key, nil, missing, "cannot be read: No such file or directory"),
      (certificate, missing, nil, missing, "cannot be read: No such file or directory"),
      (empty, key, nil, empty, "is empty"),
      (folder.path, key, nil, folder.path, "cannot be read: Is a directory"),
      (key, key, nil, key, "holds no certificate in PEM"),
      (certificate, certificate, nil, certificate, "holds no key in PEM, or one with a passphrase"),
      (certificate, other, nil, other, "is not the key of the certificate in \(certificate)"),
      (certificate, key, missing, missing, "cannot be read: No such file or directory"),
      (certificate, key, text, text, "holds no certificate in PEM"),
    ]
    for fault in faults {
      #expect(throws: TLSFileError(path: fault.path, reason: fault.reason)) {
        try TLS.server(certificate: fault.certificate, key: fault.key, authority: fault.authority)
      }
    }
    #expect(throws: TLSFileError(path: text, reason: "holds no certificate in PEM")) {
      try TLS.client(trusting: text)
    }
    _ = try TLS.server(certificate: certificate, key: key, authority: certificate)
    // As some editors write them.
    let marked = try file("marked.pem", "\u{FEFF}" + first.certificate)
    _ = try TLS.server(
      certificate: marked, key: try file("marked-key.pem", "\u{FEFF}" + first.key), authority: marked)
  }
}
