#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files that only the user may read: what they hold came from a system in operation.
public enum PrivateFile {
  /// Opens a file for writing, new or emptied, with mode 0600; one that was there before gets it too.
  ///
  /// Devices and pipes keep theirs. The caller closes the descriptor.
  ///
  /// - Parameter mayReplace: false to refuse a file that has something in it, which stays as it is then.
  public static func create(_ path: String, mayReplace: Bool = true) throws(OutputError) -> Int32 {
    let file = try opened(path)
    var status = stat()
    if fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      guard mayReplace || status.st_size == 0 else {
        close(file)
        throw .failed(name: path, code: EEXIST)
      }
      // Another user's file that may be written stays as readable as it was made. Before anything is in it.
      if status.st_mode & 0o077 != 0 { _ = fchmod(file, 0o600) }
      guard ftruncate(file, 0) == 0 else {
        let code = errno
        close(file)
        throw .failed(name: path, code: code)
      }
    }
    return file
  }

  /// How long somebody may take to read a named pipe, in milliseconds: opening it would wait for that without an end.
  private static let patience = 5_000
  private static let step = 20

  private static func opened(_ path: String) throws(OutputError) -> Int32 {
    var waited = 0
    while true {
      let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0o600)
      if file >= 0 {
        _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_NONBLOCK)
        return file
      }
      // So says a pipe that nobody has open.
      guard errno == ENXIO else { throw .failed(name: path, code: errno) }
      guard waited < patience else { throw .noReader(name: path) }
      usleep(useconds_t(step * 1_000))
      waited += step
    }
  }

  /// Writes a whole file.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws(OutputError) {
    let file = try create(path)
    do throws(OutputError) {
      try Output(descriptor: file, name: path).write(bytes)
    } catch {
      close(file)
      throw error
    }
    // Some file systems tell of a full disk only now.
    guard close(file) == 0 else { throw .failed(name: path, code: errno) }
  }
}
