import Foundation
import Testing

@testable import GenAPIServer

@Suite("When a configuration is read again")
struct ReloadTurnTests {
  private static func folder(_ body: (_ one: URL, _ other: URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = (
      folder.appendingPathComponent("genapi.toml"), folder.appendingPathComponent("functions.toml")
    )
    for file in [files.0, files.1] { try Data("a = 1\n".utf8).write(to: file) }
    try body(files.0, files.1)
  }

  private func grow(_ file: URL) throws {
    let handle = try FileHandle(forWritingTo: file)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("b = 1\n".utf8))
    try handle.close()
  }

  @Test("is once none of its files is written any more, whichever it was that changed")
  func still() throws {
    try Self.folder { one, other in
      var turn = ReloadTurn()
      func look(_ isDue: Bool = false) -> ReloadTurn.Step {
        turn.look(at: [one.path, other.path], isDue: isDue)
      }
      #expect(look() == .nothing)
      try grow(other)
      #expect(look() == .nothing)
      #expect(look() == .nothing)
      try grow(other)
      #expect(look(true) == .waits([other.path]))
      try grow(other)
      #expect(look() == .nothing)
      #expect(look() == .read(inSpiteOf: []))
      #expect(look() == .nothing)
      // One that goes, or comes, moves too.
      try FileManager.default.removeItem(at: other)
      #expect(look(true) == .waits([other.path]) && look() == .read(inSpiteOf: []))
    }
  }

  @Test("waits as many looks as are asked for, from the last change on")
  func again() throws {
    try Self.folder { one, other in
      var turn = ReloadTurn()
      func look(_ isDue: Bool = false) -> ReloadTurn.Step {
        turn.look(at: [one.path, other.path], isDue: isDue, seenAgain: 3)
      }
      for _ in 0..<3 { #expect(look() == .nothing) }
      try grow(other)
      #expect(look(true) == .waits([other.path]) && look() == .nothing)
      try grow(other)
      #expect(look() == .nothing && look() == .nothing && look() == .nothing)
      #expect(look() == .read(inSpiteOf: []))
    }
  }

  @Test("does not wait without an end for one that something is added to all the time")
  func growing() throws {
    try Self.folder { one, other in
      var turn = ReloadTurn()
      func look(_ isDue: Bool = false) -> ReloadTurn.Step {
        turn.look(at: [one.path, other.path], isDue: isDue)
      }
      #expect(look() == .nothing)
      var steps: [ReloadTurn.Step] = []
      for index in 0...ReloadTurn.mostLooks {
        try grow(other)
        steps.append(look(index == 0))
      }
      #expect(
        steps == [.waits([other.path])] + Array(repeating: .nothing, count: ReloadTurn.mostLooks - 1)
          + [.read(inSpiteOf: [other.path])])
    }
  }

  @Test("is again when what was read was changed while it was read")
  func meanwhile() throws {
    try Self.folder { one, other in
      var turn = ReloadTurn()
      func look(_ isDue: Bool = false) -> ReloadTurn.Step {
        turn.look(at: [one.path, other.path], isDue: isDue)
      }
      #expect(look() == .nothing && look(true) == .read(inSpiteOf: []) && turn.isUnmoved())
      try Data("a = 2\n".utf8).write(to: one)
      #expect(!turn.isUnmoved())
      turn.putOff()
      #expect(look() == .waits([one.path]) && look() == .read(inSpiteOf: []) && turn.isUnmoved())
    }
  }
}
