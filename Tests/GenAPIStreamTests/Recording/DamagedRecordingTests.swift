import Foundation
import NIOCore
import TestRandom
import Testing

@testable import GenAPIStream

@Suite("A damaged recording")
struct DamagedRecordingTests {
  /// A folder that is gone after the test.
  private final class Folder {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID())").path
    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    func file(_ name: String) -> String { path + "/" + name }
  }

  private func recording(_ frames: Int, _ folder: Folder) throws -> Data {
    let path = folder.file("whole\(frames).jsonl.gz")
    let target = StreamTarget(host: "gw1", port: 1)
    let writer = try RecordingWriter(path: path, startedAt: 1_000, targets: [target])
    var random = SeededRandom(seed: 3)
    for at in 1...frames {
      // Not alike, so that a damage in the middle of the file is one in the middle of the frames.
      writer.append(
        ByteBuffer(string: #"{"t":"pong","at":\#(at)000,"x":"\#(random.next())\#(random.next())"}"#),
        from: target)
    }
    writer.close()
    return try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// What is read of bytes: how many frames, and what was wrong.
  private func read(_ data: Data, _ folder: Folder) throws -> (
    frames: Int, problems: [String], warnings: [String]
  ) {
    let path = folder.file("damaged.jsonl.gz")
    try data.write(to: URL(fileURLWithPath: path))
    var reader = try RecordingReader(path: path)
    var frames = 0
    var problems: [String] = []
    while problems.count < 10_000 {
      do {
        guard try reader.next() != nil else { break }
        frames += 1
      } catch {
        problems.append("\(error)")
      }
    }
    return (frames, problems, reader.warnings)
  }

  @Test("a mark of byte order before a recording is passed over, whether it is compressed or not")
  func byteOrderMark() throws {
    let folder = try Folder()
    let mark = Data([0xEF, 0xBB, 0xBF])
    let packed = try recording(300, folder)
    #expect(try read(mark + packed, folder) == (300, [], []))
    let plain = Data(#"{"t":"recording","proto":1,"started_at":1000,"targets":["gw1:1"]}"#.utf8) + Data([10])
    for data in [plain, mark + plain] { #expect(try read(data, folder) == (0, [], [])) }
    // Nothing but the mark, or the begin of one, is no recording and no crash.
    for count in 0...3 {
      let path = folder.file("short\(count).jsonl")
      try (mark.prefix(count) + Data([0x1F])).write(to: URL(fileURLWithPath: path))
      #expect(throws: RecordingError.self) { _ = try RecordingReader(path: path) }
    }
  }

  @Test("a wrong checksum is told behind all frames, with the file's name", arguments: [3, 5_000, 20_000])
  func checksum(frames: Int) throws {
    let folder = try Folder()
    var data = try recording(frames, folder)
    #expect(try read(data, folder) == (frames, [], []))
    data[data.count - 6] ^= 0x55
    let found = try read(data, folder)
    #expect(found.frames == frames && found.warnings.isEmpty)
    #expect(found.problems == ["cannot read \(folder.file("damaged.jsonl.gz")) on: incorrect data check"])
  }

  @Test("what stands before a damage or a cut is read, whatever it is, and the file is named")
  func damaged() throws {
    let folder = try Folder()
    let whole = try recording(5_000, folder)
    var random = SeededRandom(seed: 9)
    for number in 0..<60 {
      var data = whole
      // The header's line stands first.
      let place = Int.random(in: (whole.count / 4)..<(whole.count - 8), using: &random)
      let isCut = number % 2 == 0
      if isCut { data = data.prefix(place) } else { data[place] ^= UInt8.random(in: 1...255, using: &random) }
      let (frames, problems, warnings) = try read(data, folder)
      // Nothing of a block is known before it is read; blocks are smaller than that.
      #expect(frames > 5_000 * place / whole.count - 1_500, "\(place) of \(whole.count): \(frames)")
      let told = problems + warnings
      #expect(
        !told.isEmpty
          && told.allSatisfy { $0.contains(folder.file("damaged.jsonl.gz")) && !$0.contains("<fd") })
      #expect(isCut == problems.isEmpty, "\(problems)")
    }
  }

  @Test(
    "parts that were joined are read one after the other, and what is no part behind them is left out and told"
  )
  func joined() throws {
    let folder = try Folder()
    let whole = try recording(200, folder)
    let told = [
      "\(folder.file("damaged.jsonl.gz")) has something behind its compressed recording that is none, and is left out"
    ]
    // Of whatever length, also where a piece that is read begins as a compressed part does.
    for rest in [Data("rest".utf8), Data([0, 0, 7]), Data([7]) + Data(repeating: 0x1F, count: 300_000)] {
      #expect(try read(whole + rest, folder) == (200, [], told))
      #expect(try read(whole + whole + rest, folder) == (400, [], told))
    }
    // As a tape is filled up.
    #expect(try read(whole + Data(count: 300_000), folder) == (200, [], []))
    #expect(try read(whole + Data("rest".utf8), folder) == (200, [], told))
    var reader = try RecordingReader(path: folder.file("damaged.jsonl.gz"))
    #expect(try reader.next() != nil)
    try (whole + whole).write(to: URL(fileURLWithPath: folder.file("twice")))
    var twice = try RecordingReader(path: folder.file("twice"))
    var frames = 0
    while try twice.next() != nil { frames += 1 }
    #expect(frames == 400)
  }

  @Test(
    "a compressed recording that is cut off before its first line is whole is told so, wherever it is cut")
  func cutInFront() throws {
    let folder = try Folder()
    let whole = try recording(1, folder)
    var count = 0
    for end in 0..<whole.count {
      do {
        _ = try read(whole.prefix(end), folder)
      } catch {
        let text = "\(error)"
        #expect(text.contains("must be a header"), "\(end): \(text)")
        #expect(text.contains("an empty file") == (end == 0), "\(end): \(text)")
        #expect(end < 2 || text.contains("found a compressed file that is cut off"), "\(end): \(text)")
        count = end
      }
    }
    #expect(count > 20)
  }
}
