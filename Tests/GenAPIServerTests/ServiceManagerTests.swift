import Foundation
import Testing

@testable import GenAPIServer

@Suite("The service manager")
struct ServiceManagerTests {
  @Test(
    "it is told what it listens for, by a path and by a name in no file system, and after STOPPING nothing takes it back",
    arguments: [true, false])
  func notify(isAbstract: Bool) throws {
    #if canImport(Glibc)
      let name = "genapi-\(UUID().uuidString)"
      let path = isAbstract ? "@\(name)" : "/tmp/\(name)"
      let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
      defer {
        close(descriptor)
        unlink(path)
      }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      let bytes = (isAbstract ? [0] : Array("/tmp/".utf8)) + Array(name.utf8)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
      let length = socklen_t(MemoryLayout<sockaddr_un>.offset(of: \.sun_path)! + bytes.count)
      let bound = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
      }
      try #require(bound == 0)
      let manager = ServiceManager(environment: ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "3000000"])
      #expect(manager.watchdogMs == 3_000)
      manager.tell("READY=1", "STATUS=serves")
      var buffer = [UInt8](repeating: 0, count: 100)
      let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      #expect(String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self) == "READY=1\nSTATUS=serves")
      // A reload that ends after the program was told to end says no more that it is ready.
      manager.tell("RELOADING=1")
      manager.tell("STOPPING=1", "STATUS=drains")
      manager.tell("READY=1", "STATUS=")
      manager.tell("WATCHDOG=1")
      let told = (0..<4).compactMap { _ -> String? in
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
      }
      #expect(told == ["RELOADING=1", "STOPPING=1\nSTATUS=drains", "WATCHDOG=1"])
    #endif
  }

  @Test("without a manager nothing is said, and one that is gone stops nothing")
  func alone() {
    ServiceManager(environment: [:]).tell("READY=1")
    ServiceManager(environment: ["NOTIFY_SOCKET": "/tmp/nobody-\(UUID().uuidString)"]).tell("READY=1")
    ServiceManager(environment: ["NOTIFY_SOCKET": "/" + String(repeating: "x", count: 500)]).tell("READY=1")
    #expect(ServiceManager(environment: ["WATCHDOG_USEC": "1000"]).watchdogMs == nil)
    let another = ["NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"]
    #expect(ServiceManager(environment: another, process: 2).watchdogMs == nil)
    #expect(ServiceManager(environment: another, process: 1).watchdogMs == 1_000)
  }

  @Test("a watchdog that cannot be meant is not answered all the time")
  func shortWatchdog() {
    #expect(ServiceManager(environment: ["NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "1"]).watchdogMs == 300)
  }

  @Test("a number of sockets that is none is a fault", arguments: ["nonsense", "-1", "1000000", "1 ", ""])
  func socketNumbers(_ count: String) {
    #expect(throws: PassedSocketError.self) {
      try PassedSockets(environment: ["LISTEN_FDS": count, "LISTEN_PID": "2"], process: 2)
    }
  }

  @Test("sockets are taken by name; of another process they are not ours, and what is wrong is said")
  func sockets() throws {
    #expect(try PassedSockets(environment: [:]).byName.isEmpty)
    #expect(
      try PassedSockets(environment: ["LISTEN_FDS": "1", "LISTEN_PID": "1"], process: 2).byName.isEmpty)
    for (names, word) in [
      ("", "known are websocket"), ("telemetry", "\"telemetry\""), ("websocket", "no listening socket"),
    ] {
      let environment = ["LISTEN_FDS": "60", "LISTEN_PID": "2", "LISTEN_FDNAMES": names]
      do {
        // Descriptor 3 of a test is none that listens, whatever it is.
        _ = try PassedSockets(environment: environment, process: 2)
        Issue.record("taken")
      } catch {
        #expect(error.description.contains(word), "\(error)")
      }
    }
  }
}
