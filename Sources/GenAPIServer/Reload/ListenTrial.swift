import Foundation
import GenAPIStream
import Listening
import NIOCore
import NetworkAddress

/// Finds out at a reload whether the next start could listen where the configuration says now: in the night in which a machine
/// starts anew nobody is there to read that it cannot.
///
/// A address is opened and closed again, and nobody can connect meanwhile. One that this server has already is not tried, nor one
/// that the service manager opens.
struct ListenTrial {
  /// What the server that runs listens on.
  let held: [(key: String, address: ListenAddress)]
  /// By the names of the settings that do nothing.
  let passed: Set<String>
  /// Ports that this server has, at whichever address: that they are in use is no fault.
  let ownPorts: Set<Int>

  init(_ server: GatewayServer) {
    let start = server.configuration
    held = start.listeners
    var passed: Set<String> = []
    if start.websocket.listeningSocket != nil { passed.insert("websocket.listen") }
    if start.healthSocket != nil { passed.insert("health.listen") }
    self.passed = passed
    let bound = [server.channels.boundAddress, server.exporter.boundAddress, server.health?.boundAddress]
    ownPorts = Set(
      bound.compactMap { $0?.port }
        + start.listeners.compactMap {
          if case .tcp(_, let port) = $0.address, port != 0 { port } else { nil }
        })
  }

  /// A fault for each address that is new and cannot be listened on.
  func faults(of new: ServerConfiguration) -> [ConfigurationFault] {
    new.listeners.compactMap { key, address in
      guard !passed.contains(key), !held.contains(where: { $0.address == address }),
        let problem = problem(address, new.portsOfIPv4)
      else { return nil }
      var (source, line) = (new.file, Int?.none)
      switch new.settings.first(where: { $0.key == key })?.origin {
      case .file(let name, let number): (source, line) = (name, number)
      case .environment(let name): source = "$\(name)"
      default: break
      }
      return ConfigurationFault(
        source: source, line: line, key: key,
        reason: "the next start could not listen on \(address): \(problem)")
    }
  }

  private func problem(_ address: ListenAddress, _ portsOfIPv4: Set<Int>) -> String? {
    do {
      switch address {
      case .tcp(let host, let port):
        let host = HostPort.withoutBrackets(host)
        let address = try SocketAddress.makeAddressResolvingHost(host, port: port)
        try Self.open(
          address, isIPv6Only: FamilyOfListener.isIPv6Only(host: host, port: port, beside: portsOfIPv4))
      case .unix(let path): try Self.tryPath(path)
      }
      return nil
    } catch let error as IOError where error.errnoCode == EADDRINUSE && isOwn(address) {
      return nil
    } catch {
      return ListenProblem.describe(error)
    }
  }

  private func isOwn(_ address: ListenAddress) -> Bool {
    if case .tcp(_, let port) = address { ownPorts.contains(port) } else { false }
  }

  /// Binds, as a listener does, and closes.
  private static func open(_ address: SocketAddress, isIPv6Only: Bool) throws {
    let family = address.protocol.rawValue
    #if canImport(Glibc)
      let descriptor = socket(CInt(family), CInt(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(CInt(family), SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
    defer { close(descriptor) }
    var reuse: CInt = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<CInt>.size))
    if isIPv6Only {
      var only: CInt = 1
      setsockopt(
        descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, &only, socklen_t(MemoryLayout<CInt>.size))
    }
    let result = address.withSockAddr { address, size in bind(descriptor, address, socklen_t(size)) }
    guard result == 0 else { throw IOError(errnoCode: errno, reason: "bind") }
  }

  /// What a listener needs of a path, which stays as it is.
  private static func tryPath(_ path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    guard access(folder.isEmpty ? "." : folder, W_OK | X_OK) == 0 else {
      throw IOError(errnoCode: errno, reason: "access")
    }
    var info = stat()
    guard lstat(path, &info) == 0 else { return }
    guard info.st_mode & S_IFMT == S_IFSOCK else { throw IOError(errnoCode: ENOTSOCK, reason: "lstat") }
    let address = try SocketAddress(unixDomainSocketPath: path)
    #if canImport(Glibc)
      let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
    #else
      let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
    defer { close(descriptor) }
    // One that nobody answers on is left over from a crash, and a start takes its address.
    let result = address.withSockAddr { address, size in connect(descriptor, address, socklen_t(size)) }
    if result == 0 || errno == EAGAIN { throw IOError(errnoCode: EADDRINUSE, reason: "connect") }
  }
}
