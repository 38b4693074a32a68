import Foundation

/// Subscribes over so many connections and throws away what comes, so that hardly any processor time is the reader's.
enum StreamDrain {
  private static let subscription = #"{"t":"subscribe","events":false,"interval_ms":1000}"# + "\n"

  /// Says, once every connection has had its first whole snapshot, how long that took at most and how large it is.
  static func run(port: Int, connections: Int) throws {
    let done = DispatchSemaphore(value: 0)
    let ended = DispatchSemaphore(value: 0)
    let found = NSLock()
    nonisolated(unsafe) var (slowest, largest) = (0.0, 0)
    for _ in 0..<connections {
      Thread.detachNewThread {
        drain(port) { seconds, bytes in
          found.withLock {
            slowest = max(slowest, seconds)
            largest = max(largest, bytes)
          }
          done.signal()
        }
        ended.signal()
      }
    }
    for _ in 0..<connections { done.wait() }
    let told = ["snapshot_ms": slowest * 1_000, "snapshot_mb": Double(largest) / 1e6]
    say(String(decoding: try JSONSerialization.data(withJSONObject: told), as: UTF8.self))
    for _ in 0..<connections { ended.wait() }
  }

  /// - Parameter isThere: called with the seconds and bytes of the first snapshot, when its last line has come.
  private static func drain(_ port: Int, isThere: (Double, Int) -> Void) {
    let peer = connected(to: port)
    defer { close(peer) }
    let begun = Date()
    _ = write(peer, subscription, subscription.utf8.count)
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    var (all, line, hasSnapshot) = (0, [UInt8](), false)
    while true {
      let count = read(peer, &bytes, bytes.count)
      guard count > 0 else { return }
      all += count
      if hasSnapshot { continue }
      for byte in bytes[..<count] {
        guard byte == 10 else {
          line.append(byte)
          continue
        }
        // The hello is short, and every part of a snapshot but the last says that there is more.
        let isHello = line.starts(with: Array(#"{"t":"hello""#.utf8))
        let ends = [line.prefix(200), line.suffix(200)].map { String(decoding: $0, as: UTF8.self) }
        line.removeAll()
        if !isHello, !ends.contains(where: { $0.contains(#""more":true"#) }) {
          hasSnapshot = true
          isThere(Date().timeIntervalSince(begun), all)
          break
        }
      }
    }
  }

  private static func connected(to port: Int) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = UInt16(port).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let failure = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    precondition(failure == 0, "nobody listens")
    return descriptor
  }
}
