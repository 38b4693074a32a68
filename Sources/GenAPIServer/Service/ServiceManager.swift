import Foundation
import Locking

/// The service manager that started this program, when it wants to be told: sd_notify(3).
package final class ServiceManager: Sendable {
  /// Where it listens; nil when there is none.
  private let path: String?
  /// It was told that this program ends, and is not told again that it is ready.
  private let isStopping = Mutex(false)
  /// Shorter than systemd can be told, which counts in whole seconds.
  private static let shortestWatchdogMs: Int64 = 300

  /// How often at least it wants to hear that all goes on, in milliseconds; nil when it does not wait for that.
  package let watchdogMs: Int64?

  /// - Parameter process: this one's number.
  package init(environment: [String: String], process: Int32 = getpid()) {
    path = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
    let isOurs = environment["WATCHDOG_PID"].map { $0 == "\(process)" } ?? true
    let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
    watchdogMs =
      path != nil && isOurs && microseconds > 0 ? max(microseconds / 1_000, Self.shortestWatchdogMs) : nil
  }

  /// Sends assignments such as `READY=1`. Behind `STOPPING=1` nothing follows that would take it back: a reload that ends then is
  /// not told. A manager that does not listen is not waited for: the server is more important.
  package func tell(_ assignments: String...) {
    isStopping.withLock { isStopping in
      var told = assignments
      if isStopping { told.removeAll { assignment in Self.ofServing.contains { assignment.hasPrefix($0) } } }
      isStopping = isStopping || assignments.contains("STOPPING=1")
      if !told.isEmpty { send(told) }
    }
  }

  /// What is said of a program that serves.
  private static let ofServing = ["READY=", "RELOADING=", "MONOTONIC_USEC=", "STATUS="]

  private func send(_ assignments: [String]) {
    guard let path else { return }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(path.utf8)
    // A name in no file system begins with a zero.
    if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.offset(of: \.sun_path)! + bytes.count)
    #if canImport(Glibc)
      let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
      let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
    #else
      let descriptor = socket(AF_UNIX, SOCK_DGRAM, 0)
      let flags = MSG_DONTWAIT
    #endif
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let text = Array(assignments.joined(separator: "\n").utf8)
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        _ = sendto(descriptor, text, text.count, flags, address, length)
      }
    }
  }
}
