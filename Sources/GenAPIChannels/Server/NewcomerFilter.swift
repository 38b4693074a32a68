import NIOCore

#if canImport(Glibc)
  import Glibc
#endif

/// Keeps everybody new out of a listener's queue, and leaves those in it who are there: a socket filter (socket(7)) that takes
/// no packet. Only on Linux; elsewhere nothing happens.
enum NewcomerFilter {
  #if os(Linux)
    /// `struct sock_filter` and `struct sock_fprog` of linux/filter.h, which Glibc's headers do not have.
    private struct Instruction {
      var code: UInt16
      var jumpIfTrue: UInt8 = 0
      var jumpIfFalse: UInt8 = 0
      var value: UInt32
    }

    /// Sendable because its instruction is never written or freed.
    private struct Program: @unchecked Sendable {
      var count: UInt16
      var instructions: UnsafePointer<Instruction>
    }

    /// `BPF_RET | BPF_K` with 0: of each packet nothing is taken.
    private static let program: Program = {
      let instruction = UnsafeMutablePointer<Instruction>.allocate(capacity: 1)
      instruction.initialize(to: Instruction(code: 0x06, value: 0))
      return Program(count: 1, instructions: UnsafePointer(instruction))
    }()

    /// `SO_ATTACH_FILTER` of asm-generic/socket.h.
    private static let attaching: CInt = 26
  #endif

  /// Where the system does not want to, newcomers still come.
  static func attach(to listener: any Channel) async {
    #if os(Linux)
      guard let options = listener as? any SocketOptionProvider else { return }
      try? await options.unsafeSetSocketOption(
        level: SocketOptionLevel(SOL_SOCKET), name: SocketOptionName(attaching), value: program
      ).get()
    #endif
  }
}
