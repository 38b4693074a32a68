import Foundation
import Listening
import NIOCore
import NetworkAddress
import OutsideText

/// Listening sockets that the service manager opened and passes on: sd_listen_fds(3). They stay open while the server is
/// started anew, and who connects meanwhile waits in their queue.
package struct PassedSockets: Sendable, Equatable {
  /// By the name that the manager's unit gives them (`FileDescriptorName`).
  package private(set) var byName: [String: Int32] = [:]

  /// The first that is passed; those before are the standard streams.
  private static let first: Int32 = 3
  /// More than any unit has.
  private static let most = 64
  package static let names = ["websocket", "health"]

  /// Takes them out of what programs started by this one get.
  ///
  /// - Throws: what is passed and is of no use.
  package init(environment: [String: String], process: Int32 = getpid()) throws(PassedSocketError) {
    guard let passed = environment["LISTEN_FDS"], environment["LISTEN_PID"] == "\(process)" else { return }
    guard let count = Int(passed), (0...Self.most).contains(count) else {
      throw PassedSocketError(
        description: "LISTEN_FDS must be 0 to \(Self.most), the sockets that the service manager passes, not "
          + "\"\(passed.cut(bytes: 64).shown)\"")
    }
    let names = (environment["LISTEN_FDNAMES"] ?? "").split(separator: ":", omittingEmptySubsequences: false)
    for index in 0..<count {
      let name = index < names.count ? String(names[index]) : ""
      guard Self.names.contains(name) else {
        throw PassedSocketError(
          description: "the service manager passes a socket named \"\(name)\"; known are "
            + Self.names.joined(separator: ", ") + " (FileDescriptorName)")
      }
      guard byName[name] == nil else {
        throw PassedSocketError(description: "the service manager passes two sockets named \"\(name)\"")
      }
      let socket = Self.first + Int32(index)
      var isListening: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      guard getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0, isListening != 0 else {
        throw PassedSocketError(
          description:
            "descriptor \(socket) (\(name)), which the service manager passes, is no listening socket")
      }
      _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
      byName[name] = socket
    }
  }
}

extension PassedSockets {
  /// Tells who looks at the settings that the listener is elsewhere; nil when it is where they say, or not passed.
  ///
  /// Names are not looked up: only an address can be compared with one.
  func warning(_ name: String, host: String, port: Int) -> String? {
    guard let socket = byName[name], let address = Self.address(socket) else { return nil }
    let setting = HostPort(host: host, port: port)
    if let wanted = try? SocketAddress(ipAddress: host, port: port), wanted == address { return nil }
    let found = address.port.map { HostPort(host: address.ipAddress ?? "", port: $0).description }
    return "\(name).listen, \(setting), does nothing: the service manager passes a socket that listens on "
      + "\(found ?? address.description). Its address is ListenStream= in the socket's unit"
  }

  private static func address(_ socket: Int32) -> SocketAddress? {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &storage) { storage -> SocketAddress? in
      storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> SocketAddress? in
        guard getsockname(socket, address, &size) == 0 else { return nil }
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
          return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { SocketAddress($0.pointee) }
        case AF_INET6:
          return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { SocketAddress($0.pointee) }
        case AF_UNIX:
          return address.withMemoryRebound(to: sockaddr_un.self, capacity: 1) { SocketAddress($0.pointee) }
        default: return nil
        }
      }
    }
  }
}

/// Why sockets of the service manager are not taken.
package struct PassedSocketError: Error, Sendable, Equatable, CustomStringConvertible {
  package var description: String
}
