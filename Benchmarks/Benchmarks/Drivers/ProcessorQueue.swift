import Foundation

/// How long a thread was ready to run and another one had the processor.
final class ProcessorQueue {
  private let file: Int32

  /// Of the thread that makes it. Where the system does not tell, it is always 0.
  init() { file = open("/proc/thread-self/schedstat", O_RDONLY) }

  deinit { if file >= 0 { close(file) } }

  /// In all so far.
  func nanoseconds() -> Int64 {
    var bytes = [UInt8](repeating: 0, count: 128)
    let count = file < 0 ? 0 : pread(file, &bytes, bytes.count, 0)
    guard count > 0 else { return 0 }
    let words = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
    return words.count > 1 ? Int64(words[1]) ?? 0 : 0
  }
}
