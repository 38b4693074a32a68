import Foundation
import OutsideText
import ProgramOutput
import TopScreen

/// Keeps a layout in a file of its own: what a person wrote is never written over.
enum LayoutFile {
  enum Fault: Error, Equatable, CustomStringConvertible {
    case notOurs(String)
    case folder(String, reason: String)
    case unreadable(String, reason: String)

    var description: String {
      switch self {
      case .notOurs(let path): "\(path) was not written by genapi-top; move it away"
      case .folder(let path, let reason): "the folder \(path) cannot be made: \(reason)"
      case .unreadable(let path, let reason): "\(path) \(reason)"
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
    if FileManager.default.fileExists(atPath: path) {
      let bytes: [UInt8]
      do throws(TextFile.Failure) {
        bytes = try TextFile.plainBytes(path)
      } catch {
        // What nobody can look at is no file of ours that may be replaced.
        throw Fault.unreadable(path, reason: error.description)
      }
      guard SavedLayout.isOurs(bytes) else { throw Fault.notOurs(path) }
    }
    try PrivateFile.replace(path, with: text.utf8)
  }
}
