import NIOHTTP1
import NetworkAddress

/// Which names a request may be for.
///
/// A page on the internet can point a name of its own at 127.0.0.1 (DNS rebinding), and the browser then takes a server
/// that listens only there for the page's own. So such a server answers to loopback names, and to those it was told.
struct HostPolicy: Sendable {
  /// Names besides those of loopback, in lower case, without a port. Empty lets a server that other machines can reach
  /// answer to any.
  var names: [String] = []
  /// A server that other machines can reach answers to any name, whatever `names` says: one without sockets, which
  /// monitoring finds by whatever name it has there.
  var guardsLoopbackOnly = false

  /// Load balancers, the kubelet and Prometheus ask each server by its address, and what they read is no secret to
  /// whoever knows the right name. An address as `Host` is no name that somebody could point elsewhere.
  ///
  /// - Parameters:
  ///   - isLoopback: whether the server listens on a loopback address only.
  ///   - isForSocket: whether the request is for a socket, and not for health or metrics.
  func allows(_ host: String?, isLoopback: Bool, isForSocket: Bool) -> Bool {
    guard isLoopback || !(names.isEmpty || guardsLoopbackOnly) else { return true }
    // Only what is no browser sends none: HTTP/1.0.
    guard let host else { return true }
    let name = HostName.withoutPort(host)
    if !isLoopback, !isForSocket, IPAddress(name) != nil { return true }
    return HostPort.isLoopback(name) || names.contains(name)
  }
}

/// The value of a `Host` header, or the host of an origin.
enum HostName {
  /// In lower case, without port and brackets; empty, which is nobody's name, for what is no host with at most a port
  /// behind it: RFC 3986, section 3.2.
  static func withoutPort(_ host: some StringProtocol) -> String {
    let host = host.lowercased().utf8
    let isBracketed = host.first == UInt8(ascii: "[")
    let start = isBracketed ? host.dropFirst() : host[...]
    guard let end = start.firstIndex(of: UInt8(ascii: isBracketed ? "]" : ":")) else {
      return isBracketed ? "" : String(Substring(start))
    }
    let rest = isBracketed ? start[start.index(after: end)...] : start[end...]
    let isPort = rest.first == UInt8(ascii: ":") && rest.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    guard rest.isEmpty || isPort else { return "" }
    return String(Substring(start[..<end]))
  }

  /// Whether it can be a host with an optional port: RFC 9110, section 7.2.
  static func isWellFormed(_ host: String) -> Bool {
    !host.isEmpty
      && host.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-._~:[]%!$&'()*+,;=".utf8.contains(byte)
        }
      }
  }
}
