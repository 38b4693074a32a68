import GenAPIServer
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Tells the service manager that all goes on, as long as every event loop still does what it is asked.
struct Heartbeat: Service {
  let manager: ServiceManager

  func run() async throws {
    guard let milliseconds = manager.watchdogMs else {
      try? await gracefulShutdown()
      return
    }
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
          try? await loop.submit {}.get()
        }
        manager.tell("WATCHDOG=1")
        try? await Task.sleep(for: .milliseconds(max(milliseconds / 3, 1)))
      }
    }
  }
}
