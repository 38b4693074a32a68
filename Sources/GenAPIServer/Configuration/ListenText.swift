import GenAPIStream

/// `host:port`, `[::1]:4710`, or `unix:/path` where Unix sockets are taken.
enum ListenText {
  static let allowed = "host:port, such as 127.0.0.1:4700"

  static func tcp(_ text: String) -> (host: String, port: Int)? {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port)
    else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    return host.isEmpty || host.contains("[") ? nil : (host, port)
  }

  static func address(_ text: String) -> ListenAddress? {
    if text.hasPrefix("unix:") {
      let path = String(text.dropFirst(5))
      return path.isEmpty ? nil : .unix(path: path)
    }
    return tcp(text).map { .tcp(host: $0.host, port: $0.port) }
  }
}
