import Foundation

/// What tells that something was done to a file since it was looked at last.
package struct FileMark: Equatable, Sendable {
  private let device: UInt64
  private let file: UInt64
  private let size: Int64
  private let modified: [Int]
  /// False for what reading could take for ever.
  let isPlain: Bool

  /// nil for what is not there.
  package init?(_ path: String) {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    isPlain = info.st_mode & S_IFMT == S_IFREG
    device = UInt64(truncatingIfNeeded: info.st_dev)
    file = UInt64(truncatingIfNeeded: info.st_ino)
    // Of a pipe or a device these say nothing.
    size = isPlain ? Int64(info.st_size) : 0
    guard isPlain else {
      modified = []
      return
    }
    #if canImport(Darwin)
      modified = [info.st_mtimespec.tv_sec, info.st_mtimespec.tv_nsec, info.st_ctimespec.tv_nsec]
    #else
      modified = [info.st_mtim.tv_sec, info.st_mtim.tv_nsec, info.st_ctim.tv_nsec]
    #endif
  }
}
