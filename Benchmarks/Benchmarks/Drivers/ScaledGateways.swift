import Foundation

/// Serves the streams of many gateways with many functions each, for the dashboard to watch.
///
/// What a gateway has counted is told by the second alone: a function that works in a second had `requests` requests in it. So
/// every connection has a thread of its own, nothing is shared, and how much is right is known beforehand.
struct ScaledGateways {
  /// Requests of a function in a second in which it works.
  static let requests = 12

  let gateways: Int
  let functions: Int
  /// Every so many seconds a function works, a part of them in each second; 0 for never.
  let every: Int
  /// A whole second.
  private let startedAt = Date().timeIntervalSince1970.rounded(.down)

  /// Says on a line where each gateway is and what is right, and serves until it is killed.
  static func run(gateways: Int, functions: Int, every: Int) throws {
    signal(SIGPIPE, SIG_IGN)
    let all = ScaledGateways(gateways: gateways, functions: functions, every: every)
    let listeners = try (0..<gateways).map { _ in try Listener() }
    let working = every == 0 ? 0 : Double(gateways * functions * requests) / Double(every)
    let right: [String: Any] = [
      "ports": listeners.map(\.port), "requests_per_second": working, "functions": gateways * functions,
      "started_at": all.startedAt,
    ]
    say(String(decoding: try JSONSerialization.data(withJSONObject: right), as: UTF8.self))
    for (number, listener) in listeners.enumerated() {
      Thread.detachNewThread {
        while let peer = listener.next() {
          Thread.detachNewThread { all.serve(peer, number) }
        }
      }
    }
    while true { sleep(1_000) }
  }

  private func serve(_ peer: Int32, _ gateway: Int) {
    defer { close(peer) }
    let hello =
      #"{"t":"hello","proto":1,"node":"gw\#(gateway)","software":"bench 1","started_at":"#
      + #"\#(Int64(startedAt * 1_000_000)),"interval_ms":1000,"auth":"none","categories":["executor"]}"#
      + "\n"
    guard send(peer, Array(hello.utf8)), heardSubscription(peer) else { return }
    var state = ScaledState(functions: functions, every: every)
    // Gateways tell their states on the second of the day; the clocks of machines that are set by others are some milliseconds apart.
    let part = Double(gateway % 10) / 1_000
    var told = second(part)
    func moment(_ second: Int) -> Double { startedAt + Double(second) + part }
    guard send(peer, state.lines(at: told, moment(told))) else { return }
    while true {
      let due = moment(told + 1)
      usleep(UInt32(max(0, due - Date().timeIntervalSince1970) * 1_000_000))
      let next = second(part)
      guard next > told else { continue }
      // Where the reader was slow, what happened in several seconds comes at once.
      guard send(peer, state.lines(at: next, moment(next), since: told)), !hasEnded(peer) else { return }
      told = next
    }
  }

  private func second(_ part: Double) -> Int { Int(Date().timeIntervalSince1970 - startedAt - part) }

  /// Waits for a client's first line, a second at most.
  private func heardSubscription(_ peer: Int32) -> Bool {
    var waiting = pollfd(fd: peer, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, 1_000) <= 0 || !hasEnded(peer)
  }

  /// Reads all that a client says, which changes nothing.
  private func hasEnded(_ peer: Int32) -> Bool {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    var waiting = pollfd(fd: peer, events: Int16(POLLIN), revents: 0)
    while poll(&waiting, 1, 0) > 0 {
      if read(peer, &bytes, bytes.count) <= 0 { return true }
    }
    return false
  }

  private func send(_ peer: Int32, _ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = write(peer, bytes.baseAddress! + sent, bytes.count - sent)
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
  }
}

/// A socket of loopback that anybody may connect to.
private struct Listener: Sendable {
  let port: Int
  private let descriptor: Int32

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    // The pointers live for the calls only.
    let failure = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, size) | listen(descriptor, 16) | getsockname(descriptor, pointer, &size)
      }
    }
    guard failure == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  /// Waits for the next who connects.
  func next() -> Int32? {
    let peer = accept(descriptor, nil, nil)
    return peer < 0 ? nil : peer
  }
}
