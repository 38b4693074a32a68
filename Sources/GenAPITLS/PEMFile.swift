import NIOSSL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads what PEM files hold, and says in words what is wrong with one.
enum PEMFile {
  static func certificates(_ path: String) throws(TLSFileError) -> [NIOSSLCertificate] {
    try look(path)
    guard let found = try? NIOSSLCertificate.fromPEMFile(path), !found.isEmpty else {
      throw TLSFileError(path: path, reason: "holds no certificate in PEM")
    }
    return found
  }

  static func key(_ path: String) throws(TLSFileError) -> NIOSSLPrivateKey {
    try look(path)
    // A passphrase would be asked for at the terminal.
    do {
      return try NIOSSLPrivateKey(file: path, format: .pem) { (give: ([UInt8]) -> Void) in give([]) }
    } catch {
      throw TLSFileError(path: path, reason: "holds no key in PEM, or one with a passphrase")
    }
  }

  /// The library says of a file that is not there what it says of one that holds something else.
  private static func look(_ path: String) throws(TLSFileError) {
    guard let file = fopen(path, "rb") else {
      throw TLSFileError(path: path, reason: "cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    // A folder is opened, and not read.
    guard fgetc(file) != EOF else {
      throw TLSFileError(
        path: path,
        reason: ferror(file) == 0 ? "is empty" : "cannot be read: \(String(cString: strerror(errno)))")
    }
  }
}
