#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads what a person names as a file, whatever it is: a file, a pipe (`<(…)`), standard input.
///
/// A mark of byte order at the beginning, which some editors write, is left out. Whoever writes into a pipe may take as long as they like:
/// what is waited for is said on standard error after some seconds.
public enum TextFile {
  /// Why it cannot be read, in words that follow its name: `cannot be read: Is a directory`.
  public struct Failure: Error, Equatable, CustomStringConvertible {
    public let description: String
    /// The same without saying that it cannot be read: `it is a folder`.
    public let reason: String

    init(_ description: String, reason: String? = nil) {
      self.description = description
      self.reason = reason ?? description
    }
  }

  /// The longest text that is read unless told otherwise: far more than anybody writes by hand.
  public static let mostBytes = 16 << 20

  /// - Throws: `Failure` when it is not there, cannot be read, is longer than `most` or is not UTF-8.
  public static func read(_ path: String, atMost most: Int = mostBytes) throws(Failure) -> String {
    guard let text = String(validating: try readBytes(path, atMost: most), as: UTF8.self) else {
      throw Failure("is not UTF-8")
    }
    return text
  }

  /// The same for bytes of any kind.
  public static func readBytes(_ path: String, atMost most: Int = mostBytes) throws(Failure) -> [UInt8] {
    let file = try opened(path)
    defer { close(file) }
    return try read(descriptor: file, atMost: most, called: path)
  }

  /// Opens what is read to its end: a file, a pipe, a terminal. The caller closes it.
  ///
  /// - Parameter patience: how long somebody may take to write into a named pipe, in milliseconds. Whoever has it open for that may take
  ///   longer.
  /// - Throws: `Failure` when it is not there, is a folder, or a pipe that nobody writes to.
  public static func opened(_ path: String, patience: Int32 = 5_000) throws(Failure) -> Int32 {
    // Opening a pipe would wait for its writer, without an end.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard file >= 0 else { throw failure(errno) }
    var info = stat()
    guard fstat(file, &info) == 0 else {
      let code = errno
      close(file)
      throw failure(code)
    }
    if info.st_mode & S_IFMT == S_IFDIR {
      close(file)
      throw failure(EISDIR)
    }
    if info.st_mode & S_IFMT == S_IFIFO, !hasWriter(file, patience: patience) {
      close(file)
      let reason = "it is a pipe that nobody writes to"
      throw Failure("cannot be read: \(reason)", reason: reason)
    }
    _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_NONBLOCK)
    return file
  }

  /// Waits until somebody wrote into a pipe, or closed it.
  private static func hasWriter(_ file: Int32, patience: Int32) -> Bool {
    var waiting = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
    while poll(&waiting, 1, patience) < 0, errno == EINTR {}
    if waiting.revents != 0 { return true }
    // One who has it open and writes nothing yet is told from nobody by the error; nothing is taken by it.
    var none: UInt8 = 0
    #if canImport(Glibc)
      return Glibc.read(file, &none, 1) < 0 && errno == EAGAIN
    #else
      return Darwin.read(file, &none, 1) < 0 && errno == EAGAIN
    #endif
  }

  /// Reads a plain file, of which nobody waits for a writer: what is read again while the program runs.
  ///
  /// - Throws: `Failure` as `read(_:atMost:)` does, and for what is no plain file.
  public static func readPlain(_ path: String, atMost most: Int = mostBytes) throws(Failure) -> String {
    guard let text = String(validating: try plainBytes(path, atMost: most), as: UTF8.self) else {
      throw Failure("is not UTF-8")
    }
    return text
  }

  /// The same for bytes of any kind.
  public static func plainBytes(_ path: String, atMost most: Int = mostBytes) throws(Failure) -> [UInt8] {
    // Opening a pipe would wait for its writer, and a terminal could become this program's own.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard file >= 0 else { throw failure(errno) }
    defer { close(file) }
    var info = stat()
    guard fstat(file, &info) == 0 else { throw failure(errno) }
    switch info.st_mode & S_IFMT {
    case S_IFREG: if info.st_size > most { throw Failure("has more than \(most) bytes") }
    case S_IFDIR: throw failure(EISDIR)
    default: throw Failure("is no plain file")
    }
    return try read(descriptor: file, atMost: most)
  }

  /// Reads to the end.
  ///
  /// - Throws: `Failure` when it cannot be read or is longer than `most`.
  public static func read(descriptor: Int32, atMost most: Int) throws(Failure) -> [UInt8] {
    try read(descriptor: descriptor, atMost: most, called: nil)
  }

  /// The same of what has a name, which is told when a writer has been silent for some time.
  ///
  /// - Parameters:
  ///   - name: what it is, for who reads what is waited for; nil for what nobody needs to know of.
  ///   - patience: how long a writer may be silent before that is said, in milliseconds; once a reading.
  ///   - tell: takes the line that says it; it is written to standard error.
  package static func read(
    descriptor: Int32, atMost most: Int, called name: String?, patience: Int32 = 5_000,
    tell: (String) -> Void = TextFile.tellOnStandardError
  ) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var name = isatty(descriptor) == 1 ? nil : name
    while true {
      if let silent = name, isSilent(descriptor, for: patience) {
        tell(
          "\(silent.shown) is waited for: whoever writes to it has not come to an end (\(bytes.count) bytes so far)"
        )
        name = nil
      }
      let count = piece.withUnsafeMutableBytes { pointer in
        #if canImport(Glibc)
          Glibc.read(descriptor, pointer.baseAddress, pointer.count)
        #else
          Darwin.read(descriptor, pointer.baseAddress, pointer.count)
        #endif
      }
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(errno)
      }
      bytes += piece[..<count]
      guard bytes.count <= most else { throw Failure("has more than \(most) bytes") }
    }
    return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
  }

  private static func isSilent(_ descriptor: Int32, for milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    var result = poll(&waiting, 1, milliseconds)
    while result < 0, errno == EINTR { result = poll(&waiting, 1, milliseconds) }
    return result == 0
  }

  /// Writes a line to standard error.
  package static func tellOnStandardError(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    #if canImport(Glibc)
      _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    #else
      _ = bytes.withUnsafeBytes { Darwin.write(2, $0.baseAddress, $0.count) }
    #endif
  }

  private static func failure(_ code: Int32) -> Failure {
    let words = String(cString: strerror(code))
    return Failure("cannot be read: \(words)", reason: code == EISDIR ? "it is a folder" : words)
  }
}
