#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The system's calls on a recording's file, under names that a type's own methods do not hide.
enum Descriptor {
  /// Reads some bytes; 0 at the end, below zero where that failed, with `errno`. One that a signal breaks off begins again.
  static func read(_ file: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(file, buffer.baseAddress, buffer.count)
      #else
        let count = Darwin.read(file, buffer.baseAddress, buffer.count)
      #endif
      if count >= 0 || errno != EINTR { return count }
    }
  }

  static func close(_ file: Int32) {
    #if canImport(Glibc)
      _ = Glibc.close(file)
    #else
      _ = Darwin.close(file)
    #endif
  }

  /// What an `errno` means, in words.
  static func problem(_ code: Int32) -> String { String(cString: strerror(code)) }
}
