import OutsideText

/// Tells when the content of files has changed, however that was done: written anew, replaced, or through a link that
/// points elsewhere now, as Kubernetes changes a volume.
///
/// It only looks when it is asked. A change is told once it looks the same twice in a row, or as often as is asked for, so that half a
/// file is none.
package struct FileWatch {
  /// Which files of a configuration are looked at.
  package enum Kind: String, Sendable, CaseIterable {
    case secrets, all, none
  }

  private struct Known {
    var mark: FileMark?
    var content: Int?
    /// Another mark, seen once.
    var settling: FileMark?
    /// How often it was seen again.
    var settledLooks = 0
    /// It could not be read when `settling` was seen, and that was told.
    var isUnreadable = false
    /// It was not there at the last look.
    var isAbsent = false
    /// It was there before, and was not at two looks in a row.
    var isGone = false
    /// What the configuration in force read in it.
    var read: Int?
  }

  private var files: [String: Known] = [:]
  /// Not told yet.
  private var vanished: Set<String> = []
  /// The same: written anew, or back again, with the content that they had.
  private var restored: Set<String> = []

  package init() {}

  /// From now on these are looked at; of those that were before it is known what they held.
  ///
  /// - Parameter contents: what the configuration in force read in them, by path, as `content(of:)` tells it. A file that was changed
  ///   since then, and before anybody looked, has changed.
  package mutating func follow(_ paths: Set<String>, reading contents: [String: Int] = [:]) {
    files = files.filter { paths.contains($0.key) }
    vanished.formIntersection(paths)
    restored.formIntersection(paths)
    for path in paths {
      let read = contents[path]
      // What was told and could not be taken is not told again.
      if let known = files[path], known.read == read { continue }
      let mark = FileMark(path)
      let content = Self.content(path, mark)
      var known = files[path] ?? Known()
      known.read = read
      known.settling = nil
      // Looked at again, twice as every change, when it is another one.
      known.mark = read == nil || read == content || mark?.isPlain == false ? mark : nil
      known.content = read ?? content
      files[path] = known
    }
  }

  /// What tells a text from others, in this process.
  package static func content(of text: String) -> Int { Array(text.utf8).hashValue }

  /// The files whose content is another than at the last time, or which cannot be read any more: too large, say, or no file. One
  /// that is gone has not changed: it may be on its way.
  ///
  /// - Parameter looks: how often a change has to be seen again as it was.
  package mutating func changed(seenAgain looks: Int = 1) -> [String] {
    files.keys.sorted().filter { path in
      guard var known = files[path] else { return false }
      defer { files[path] = known }
      guard let mark = FileMark(path) else {
        if known.isAbsent, known.mark != nil {
          known.mark = nil
          known.isGone = true
          vanished.insert(path)
        }
        known.isAbsent = true
        return false
      }
      known.isAbsent = false
      known.isGone = false
      vanished.remove(path)
      guard mark != known.mark else { return false }
      guard known.settling == mark else {
        known.settling = mark
        known.settledLooks = 0
        known.isUnreadable = false
        return false
      }
      known.settledLooks = min(known.settledLooks + 1, looks)
      guard known.settledLooks >= looks else { return false }
      guard let content = Self.content(path, mark) else {
        // Tried again at each look, and told once.
        defer { known.isUnreadable = true }
        return !known.isUnreadable
      }
      let isChanged = content != known.content
      known = Known(mark: mark, content: content, read: known.read)
      if !isChanged { restored.insert(path) }
      return isChanged
    }
  }

  /// The files that were written anew, could be read again or were back, with the content that they had, since this was asked
  /// last: nothing to read again, unless the last reading failed.
  package mutating func writtenAnew() -> [String] {
    defer { restored = [] }
    return restored.sorted()
  }

  /// The files that were there and are no more, at two looks of `changed` in a row; each is told once.
  package mutating func gone() -> [String] {
    defer { vanished = [] }
    return vanished.sorted()
  }

  /// The files that were there and are not now, for as long as they are not.
  package var missing: [String] { files.filter(\.value.isGone).keys.sorted() }

  private static func content(_ path: String, _ mark: FileMark?) -> Int? {
    mark?.isPlain == true ? (try? TextFile.plainBytes(path))?.hashValue : nil
  }
}
