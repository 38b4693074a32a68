import GenAPITLS
import NIOSSL

/// A certificate for localhost that is good for tests and for nothing else: its key is here for everybody to read.
public struct TestCertificate: Sendable {
  /// As PEM, as is the key.
  public let certificate: String
  public let key: String

  /// What a server shows that has it.
  public func server() throws -> TLS { try server(keyOf: self) }

  /// The same with the key of another, which is none.
  public func server(keyOf other: TestCertificate) throws -> TLS {
    try TLS(
      .makeServerConfiguration(
        certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map {
          .certificate($0)
        },
        privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(other.key.utf8), format: .pem))))
  }

  /// Trusts this certificate alone.
  public func client() throws -> TLS {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)))
    return try TLS(configuration)
  }

  public static let first = TestCertificate(
    certificate: """
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
      """,
    key: """
      -----BEGIN PRIVATE KEY-----
      MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgd9XE77GtvefdLiUi
      mHCv782h4DZjLSSFkNgALkTftrKhRANCAAS5S3IRrHgMy/Ivrrons1++qKEOZ4k/
      zh1OjrqBv0W/GpRK7YMQbSsdTf1ByfLObvAlZMlwyMYwqgIU+JisWsAj
      -----END PRIVATE KEY-----
      """)

  public static let second = TestCertificate(
    certificate: """
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
      """,
    key: """
      -----BEGIN PRIVATE KEY-----
      MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQghWBLm+UnxzzBEIV8
      jPYaBFugKYxQpL+yqS1PLBrF3AyhRANCAARlVnxpRKHCw7HKIyNsLIYhEj/apPrN
      KRs4ORE50iKbBBCYJ1nVNxlr+AnVuqhbwadMXGim6aRxHk+qxXeKkZTk
      -----END PRIVATE KEY-----
      """)
}
