import Foundation
import ProgramOutput
import TopScreen

/// Keeps a layout in a file of its own: what a person wrote is never written over.
enum LayoutFile {
  enum Fault: Error, Equatable, CustomStringConvertible {
    case notOurs(String)
    case folder(String, reason: String)

    var description: String {
      switch self {
      case .notOurs(let path): "\(path) was not written by genapi-top; move it away"
      case .folder(let path, let reason): "the folder \(path) cannot be made: \(reason)"
      }
    }
  }

  /// - Throws: `Fault` or `OutputError`; the file is then as it was.
  static func save(_ text: String, to path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    if !folder.isEmpty {
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      } catch {
        throw Fault.folder(folder, reason: error.localizedDescription)
      }
    }
    if let file = FileHandle(forReadingAtPath: path) {
      let start = (try? file.read(upToCount: 1_000)) ?? Data()
      // An editor may have put a mark of byte order there.
      let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
      let text = start.starts(with: mark) ? start.dropFirst(mark.count) : start
      guard SavedLayout.isOurs(text) else { throw Fault.notOurs(path) }
    }
    try PrivateFile.replace(path, with: text.utf8)
  }
}
