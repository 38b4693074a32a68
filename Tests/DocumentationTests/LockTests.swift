import Foundation
import Testing

/// The thread sanitizer reports every value behind a lock that it cannot see: among such reports nobody finds a true one.
@Suite("Locks")
struct LockTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test(
    "are those that the thread sanitizer sees: nobody but Locking imports Synchronization",
    arguments: ["Sources", "Tests"])
  func seen(folder: String) throws {
    var read = 0
    var blind: [String] = []
    let files = FileManager.default.enumerator(atPath: Self.root.appending(path: folder).path)
    while let name = files?.nextObject() as? String {
      guard name.hasSuffix(".swift"), !name.hasPrefix("Locking/") else { continue }
      let text = try String(contentsOf: Self.root.appending(path: "\(folder)/\(name)"), encoding: .utf8)
      read += 1
      if text.contains(/(?m)^(?:\w+ |@\w+ )*import Synchronization$/) { blind.append("\(folder)/\(name)") }
    }
    #expect(read > 100)
    #expect(blind == [])
  }
}
