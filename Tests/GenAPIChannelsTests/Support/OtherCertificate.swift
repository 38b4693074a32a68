import NIOSSL

/// Another certificate for localhost, as `TestCertificate` good for tests and for nothing else.
enum OtherCertificate {
  static func server() throws -> TLSConfiguration {
    .makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)))
  }

  /// This certificate with the key of the other one.
  static func mixed() throws -> TLSConfiguration {
    var configuration = try server()
    configuration.privateKey = try TestCertificate.server().privateKey
    return configuration
  }

  /// Trusts this certificate alone.
  static func client() throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)))
    return configuration
  }

  private static let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBmzCCAUGgAwIBAgIUVWvxjq6TUWIw3eNvTLrCOER5zp4wCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNjEwNDcxMloYDzIxMjYxMTAy
    MTA0NzEyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
    PQMBBwNCAARlVnxpRKHCw7HKIyNsLIYhEj/apPrNKRs4ORE50iKbBBCYJ1nVNxlr
    +AnVuqhbwadMXGim6aRxHk+qxXeKkZTko28wbTAdBgNVHQ4EFgQU1HBXvi6sGdkS
    yQhNgjbZcSteWJAwHwYDVR0jBBgwFoAU1HBXvi6sGdkSyQhNgjbZcSteWJAwDwYD
    VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
    zj0EAwIDSAAwRQIhANTLpHwESwTgjBemB7sigGHN6SIlSLTOiWGhjNTLrd5oAiBG
    TiKIHa6W4eGfZVx1NUXY7wM0StM/SjBTiArrt1CJkw==
    -----END CERTIFICATE-----
    """

  private static let key = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQghWBLm+UnxzzBEIV8
    jPYaBFugKYxQpL+yqS1PLBrF3AyhRANCAARlVnxpRKHCw7HKIyNsLIYhEj/apPrN
    KRs4ORE50iKbBBCYJ1nVNxlr+AnVuqhbwadMXGim6aRxHk+qxXeKkZTk
    -----END PRIVATE KEY-----
    """
}
