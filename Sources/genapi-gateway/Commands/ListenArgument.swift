import ArgumentParser
import NetworkAddress

/// `host:port` on the command line; `[::1]:4710` for IPv6.
struct ListenArgument: ExpressibleByArgument {
  var host: String
  var port: Int

  init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  init?(argument: String) {
    guard let hostPort = try? HostPort(argument, ports: 0...65_535), let port = hostPort.port else {
      return nil
    }
    self.init(host: hostPort.host, port: port)
  }

  var defaultValueDescription: String { HostPort(host: host, port: port).description }

  var isLoopback: Bool { HostPort.isLoopback(host) }
}
