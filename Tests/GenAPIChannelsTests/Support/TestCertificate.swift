import NIOSSL

/// A certificate for localhost that is good for tests and for nothing else: its key is here for everybody to read.
enum TestCertificate {
  static func server() throws -> TLSConfiguration {
    .makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)))
  }

  /// Trusts that certificate alone.
  static func client() throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)))
    return configuration
  }

  private static let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBmzCCAUGgAwIBAgIUJ6cZGvTlUTCjcE4QiWrxmWoehIYwCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzIxMjMyMloYDzIxMjYxMDMw
    MjEyMzIyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
    PQMBBwNCAAS5S3IRrHgMy/Ivrrons1++qKEOZ4k/zh1OjrqBv0W/GpRK7YMQbSsd
    Tf1ByfLObvAlZMlwyMYwqgIU+JisWsAjo28wbTAdBgNVHQ4EFgQU/67nicLvbZJN
    dvkjBA0i4OrCHsAwHwYDVR0jBBgwFoAU/67nicLvbZJNdvkjBA0i4OrCHsAwDwYD
    VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
    zj0EAwIDSAAwRQIhAL0YdRtVR1tvYBLPK92edDzNUUeR+zhWAMDsa4yHWDdHAiA8
    ELb2ipqpr29dBW3jNXqy7YTj1aQouIcWCjdudU20ug==
    -----END CERTIFICATE-----
    """

  private static let key = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgd9XE77GtvefdLiUi
    mHCv782h4DZjLSSFkNgALkTftrKhRANCAAS5S3IRrHgMy/Ivrrons1++qKEOZ4k/
    zh1OjrqBv0W/GpRK7YMQbSsdTf1ByfLObvAlZMlwyMYwqgIU+JisWsAj
    -----END PRIVATE KEY-----
    """
}
