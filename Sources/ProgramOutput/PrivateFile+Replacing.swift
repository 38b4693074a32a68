#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension PrivateFile {
  /// Writes a whole file anew, with mode 0600: whoever reads it meanwhile, or after a crash, finds the old one or the new one.
  ///
  /// A link stays one: what it leads to is replaced. What is there and is no plain file is refused, as is a folder that is not
  /// there.
  public static func replace(_ path: String, with bytes: some Collection<UInt8>) throws(OutputError) {
    var target = path
    if let resolved = realpath(path, nil) {
      target = String(cString: resolved)
      free(resolved)
    }
    var status = stat()
    if stat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw .failed(name: path, code: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EEXIST)
    }
    // Made by this call alone, beside the file, so that it can take its place in one step.
    var name = Array("\(target).XXXXXX".utf8CString)
    let file = mkstemp(&name)
    guard file >= 0 else { throw .failed(name: path, code: errno) }
    let made = name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    do throws(OutputError) {
      // mkstemp(3) makes it so; older ones went by the umask alone.
      guard fchmod(file, 0o600) == 0 else { throw .failed(name: path, code: errno) }
      try Output(descriptor: file, name: path).write(bytes)
      guard fsync(file) == 0 else { throw .failed(name: path, code: errno) }
    } catch {
      close(file)
      unlink(made)
      throw error
    }
    guard close(file) == 0, rename(made, target) == 0 else {
      let code = errno
      unlink(made)
      throw .failed(name: path, code: code)
    }
  }
}
