import NIOSSL
import OutsideText

/// Reads what PEM files hold, and says in words what is wrong with one.
enum PEMFile {
  static func certificates(_ path: String) throws(TLSFileError) -> [NIOSSLCertificate] {
    let content = try bytes(path)
    guard let found = try? NIOSSLCertificate.fromPEMBytes(content), !found.isEmpty else {
      throw TLSFileError(path: path, reason: "holds no certificate in PEM")
    }
    return found
  }

  static func key(_ path: String) throws(TLSFileError) -> NIOSSLPrivateKey {
    let content = try bytes(path)
    // A passphrase would be asked for at the terminal.
    do {
      return try NIOSSLPrivateKey(bytes: content, format: .pem) { (give: ([UInt8]) -> Void) in give([]) }
    } catch {
      throw TLSFileError(path: path, reason: "holds no key in PEM, or one with a passphrase")
    }
  }

  /// The library says of a file that is not there what it says of one that holds something else, and knows no mark of byte order.
  private static func bytes(_ path: String) throws(TLSFileError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(TextFile.Failure) {
      bytes = try TextFile.readBytes(path)
    } catch {
      throw TLSFileError(path: path, reason: error.description)
    }
    guard !bytes.isEmpty else { throw TLSFileError(path: path, reason: "is empty") }
    return bytes
  }
}
