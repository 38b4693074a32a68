import Foundation
import GenAPIServer
import TOMLFile
import Testing

@Suite("Files that others can get at")
struct FileAccessTests {
  @Test(
    "a file that others may write, or a secret that they may read, draws a warning that names it",
    arguments: [
      (0o600, false, nil), (0o644, false, nil), (0o664, false, "can be written by others (mode 0664)"),
      (0o646, false, "can be written by others (mode 0646)"), (0o600, true, nil), (0o400, true, nil),
      (0o644, true, "holds a secret and can be read by others (mode 0644)"),
      (0o604, true, "holds a secret and can be read by others (mode 0604)"),
      (0o666, true, "can be written by others (mode 0666)"),
    ] as [(Int, Bool, String?)])
  func modes(mode: Int, isSecret: Bool, said: String?) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("x".utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    let warning = FileAccess.warning(for: path, isSecret: isSecret)
    if let said {
      #expect(warning?.hasPrefix(path) == true && warning?.contains(said) == true)
    } else {
      #expect(warning == nil)
    }
  }

  @Test("what is no plain file, or is not there, draws none")
  func others() {
    #expect(FileAccess.warning(for: "/dev/null", isSecret: true) == nil)
    #expect(FileAccess.warning(for: "/does/not/exist", isSecret: true) == nil)
  }

  @Test("the server's configuration warns of the file it has its secret in, and of the secret's own")
  func server() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String, _ text: String, _ mode: Int) throws -> String {
      let path = folder.appendingPathComponent(name).path
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      return path
    }
    let secret = try file("secret", "a secret of 16 b", 0o644)
    let outside = "[auth]\nsecret_file = \"\(secret)\"\n"
    let inside = "[auth]\nsecret = \"a secret of 16 b\"\n"
    let plain = try file("plain.toml", outside, 0o644)
    let telling = try file("telling.toml", inside, 0o644)
    let safe = try file("safe.toml", inside, 0o600)
    let first = try ServerConfiguration(toml: outside, file: plain, environment: [:]).warnings
    #expect(first.count == 1 && first[0].hasPrefix("\(secret) holds a secret"))
    let second = try ServerConfiguration(toml: inside, file: telling, environment: [:]).warnings
    #expect(second.count == 1 && second[0].hasPrefix("\(telling) holds a secret"))
    #expect(try ServerConfiguration(toml: inside, file: safe, environment: [:]).warnings.isEmpty)
  }
}
