import Foundation
import GenAPITelemetry

/// As many bytes from one process to another over a loopback socket, in pieces of 32 KB: what no stream can beat.
enum RawCopy {
  static func run(bytes: Int) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    // The pointers live for the calls only.
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        _ = bind(listener, pointer, size)
        _ = getsockname(listener, pointer, &size)
      }
    }
    listen(listener, 1)
    let port = UInt16(bigEndian: address.sin_port)
    let reader = Process()
    reader.executableURL = URL(fileURLWithPath: "/bin/sh")
    reader.arguments = ["-c", "exec cat < /dev/tcp/127.0.0.1/\(port) > /dev/null"]
    reader.executableURL = URL(fileURLWithPath: "/bin/bash")
    try reader.run()
    let peer = accept(listener, nil, nil)
    let piece = [UInt8](repeating: 0x61, count: 32_768)
    let time = SystemTime()
    let start = time.monotonicNanoseconds()
    let cpu = cpuSeconds()
    var sent = 0
    while sent < bytes {
      let written = piece.withUnsafeBytes { write(peer, $0.baseAddress, min($0.count, bytes - sent)) }
      guard written > 0 else { throw POSIXError(.EIO) }
      sent += written
    }
    close(peer)
    reader.waitUntilExit()
    let elapsed = Double(time.monotonicNanoseconds() - start) / 1e9
    print(
      String(
        decoding: try JSONSerialization.data(
          withJSONObject: [
            "bytes_per_second": Double(sent) / elapsed, "sender_cpu_seconds": cpuSeconds() - cpu,
          ]), as: UTF8.self))
  }
}
