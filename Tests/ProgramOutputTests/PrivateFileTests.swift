import Foundation
import ProgramOutput
import Testing

@Suite struct PrivateFileTests {
  private func folder() throws -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    return path
  }

  private func mode(_ path: String) throws -> Int {
    try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
  }

  @Test("a file that is replaced is the user's alone, and nothing else is left beside it")
  func replaced() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/layout.toml"
    #expect(
      FileManager.default.createFile(
        atPath: path, contents: Data("a longer old one".utf8), attributes: [.posixPermissions: 0o644]))
    try PrivateFile.replace(path, with: "new".utf8)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new" && mode(path) == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["layout.toml"])
  }

  @Test("a link stays one, and the file that it leads to is replaced")
  func linked() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try PrivateFile.replace(folder + "/real", with: "old".utf8)
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/link", withDestinationPath: folder + "/real")
    try PrivateFile.replace(folder + "/link", with: "new".utf8)
    #expect(try String(contentsOfFile: folder + "/real", encoding: .utf8) == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link") == folder + "/real")
  }

  @Test("a folder, and a place in no folder, are refused, and stay as they are")
  func refused() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(throws: OutputError.failed(name: folder, code: EISDIR)) {
      try PrivateFile.replace(folder, with: "x".utf8)
    }
    #expect(throws: OutputError.failed(name: folder + "/no/file", code: ENOENT)) {
      try PrivateFile.replace(folder + "/no/file", with: "x".utf8)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }
}
