import Foundation
import Listening
import NetworkAddress

extension PhoenixClientConfiguration {
  /// Reads where a socket is: `ws://HOST:PORT`, `wss://HOST:PORT` or `ws://[IPv6]:PORT`, with the path of the socket if it
  /// is another and parameters for it. The port is 4700 unless given, with TLS 443.
  ///
  /// - Parameter tls: what `wss://` is encrypted with, such as `TLS.client()` of GenAPITLS.
  /// - Throws: `PhoenixURLError` that says what is wrong.
  public init(url: String, tls: (any TransportEncryption)? = nil) throws(PhoenixURLError) {
    guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased() else {
      throw PhoenixURLError(url: url, reason: "is no URL")
    }
    guard scheme == "ws" || scheme == "wss" else {
      throw PhoenixURLError(url: url, reason: "begins with \(scheme)://")
    }
    guard parts.user == nil, parts.password == nil else {
      throw PhoenixURLError(url: url, reason: "has a user in it; a token goes in the parameter token")
    }
    guard parts.fragment == nil else { throw PhoenixURLError(url: url, reason: "has a # in it") }
    let host = HostPort.withoutBrackets(parts.host ?? "")
    guard !host.isEmpty else { throw PhoenixURLError(url: url, reason: "names no host") }
    let isSecure = scheme == "wss"
    // A number beyond an integer is no port to Foundation, and none must not stand for another.
    if parts.port == nil, let range = parts.rangeOfPort, !range.isEmpty {
      throw PhoenixURLError(url: url, reason: "has the port \(url[range]), which must be 1 to 65535")
    }
    let port = parts.port ?? (isSecure ? 443 : 4_700)
    guard (1...65_535).contains(port) else {
      throw PhoenixURLError(url: url, reason: "has the port \(port), which must be 1 to 65535")
    }
    self.init(host: host, port: port)
    if !parts.percentEncodedPath.isEmpty, parts.percentEncodedPath != "/" { path = parts.percentEncodedPath }
    for item in parts.queryItems ?? [] {
      if item.name == "vsn" { vsn = item.value ?? "" } else { parameters[item.name] = item.value ?? "" }
    }
    guard isSecure else { return }
    guard let tls else { throw PhoenixURLError(url: url, reason: "needs TLS, which was not given") }
    self.tls = tls
  }
}

/// Why a text names no socket.
public struct PhoenixURLError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was given.
  public var url: String
  /// What is wrong with it, for people.
  public var reason: String

  public var description: String {
    "\"\(url)\" \(reason); write ws://HOST:PORT or wss://HOST:PORT, an IPv6 address in brackets"
  }
}
