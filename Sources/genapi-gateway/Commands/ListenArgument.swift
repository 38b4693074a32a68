import ArgumentParser

/// `host:port` on the command line; `[::1]:4710` for IPv6.
struct ListenArgument: ExpressibleByArgument {
  var host: String
  var port: Int

  init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  init?(argument: String) {
    guard let colon = argument.lastIndex(of: ":"), let port = Int(argument[argument.index(after: colon)...]),
      (0...65_535).contains(port)
    else { return nil }
    var host = String(argument[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty, !host.contains("[") else { return nil }
    self.init(host: host, port: port)
  }

  var defaultValueDescription: String { "\(host):\(port)" }

  var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}
