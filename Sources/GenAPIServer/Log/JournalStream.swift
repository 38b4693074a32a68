#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether the systemd journal reads what a descriptor is given.
enum JournalStream {
  /// `JOURNAL_STREAM` is `device:inode` of the stream that systemd made: systemd.exec(5). Whoever sends the log elsewhere
  /// inherits the variable, so the descriptor is compared with it.
  static func reads(_ descriptor: Int32, _ variable: String?) -> Bool {
    guard let parts = variable?.split(separator: ":"), parts.count == 2, let device = UInt64(parts[0]),
      let inode = UInt64(parts[1])
    else { return false }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return false }
    return UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
  }
}
