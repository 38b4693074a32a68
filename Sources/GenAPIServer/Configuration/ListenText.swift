import GenAPIStream
import Listening
import NetworkAddress

/// `host:port`, `[::1]:4710`, or `unix:/path` where Unix sockets are taken.
enum ListenText {
  static let allowed = "host:port, such as 127.0.0.1:4700"

  static func tcp(_ text: String) -> (host: String, port: Int)? {
    guard let hostPort = try? HostPort(text, ports: 0...65_535), let port = hostPort.port else { return nil }
    return (hostPort.host, port)
  }

  static func address(_ text: String) -> ListenAddress? {
    if text.hasPrefix("unix:") {
      let path = String(text.dropFirst(5))
      return path.isEmpty ? nil : .unix(path: path)
    }
    return tcp(text).map { .tcp(host: $0.host, port: $0.port) }
  }

  /// nil when a listener can be there; else why not.
  static func fault(_ address: ListenAddress) -> String? {
    switch address {
    case .tcp(let host, _): return ListenHost.fault(host).map { "\"\(host)\" \($0)" }
    case .unix(let path):
      if path.utf8.contains(0) { return "the path of a socket cannot hold a zero byte" }
      let count = path.utf8.count
      return count > ListenProblem.longestUnixPath
        ? "the path of a socket may have \(ListenProblem.longestUnixPath) bytes, and this has \(count)" : nil
    }
  }
}

extension ServerSettingReader {
  /// `host:port` of a setting that has one; nil after a fault.
  mutating func tcp(_ key: String, _ text: String) -> (host: String, port: Int)? {
    guard let (host, port) = ListenText.tcp(text) else {
      fault(key, "must be \(ListenText.allowed), not \"\(text.cut(bytes: 64))\"")
      return nil
    }
    if let reason = ListenText.fault(.tcp(host: host, port: port)) { fault(key, reason) }
    return (host, port)
  }
}
