import CZlib
import GenAPIValue
import ProgramOutput

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A recording's file as it is written: compressed (RFC 1952) when its name ends in `.gz`, else plain.
///
/// Not safe to use from several threads at once.
struct RecordingFile: ~Copyable {
  let path: String
  private let file: gzFile
  private let isCompressed: Bool
  private var isOpen = true

  /// Between the compressor and the disk; a multiple of what one call takes.
  private static let bufferBytes: UInt32 = 128 * 1_024
  /// Between speed and size: recordings are repetitive, and higher levels gain little.
  private static let level = 6

  /// Creates the file. Only the user may read it: a recording holds what a system in operation said. One that is there is
  /// not replaced, since it may be the only record of an incident.
  init(writing path: String) throws(RecordingError) {
    let descriptor: Int32
    do throws(OutputError) {
      descriptor = try PrivateFile.create(path, mayReplace: false)
    } catch .failed(_, EEXIST) {
      throw .cannotOpen(path: path, reason: "it is there already; remove it, or take another name")
    } catch .failed(_, let code) {
      throw .cannotOpen(path: path, reason: Descriptor.problem(code))
    } catch .noReader {
      throw .cannotOpen(path: path, reason: "it is a pipe that nobody reads")
    } catch {
      throw .cannotOpen(path: path, reason: "\(error)")
    }
    let isCompressed = path.utf8.suffix(3).elementsEqual(".gz".utf8)
    // T: as it is, without compression.
    try self.init(descriptor, isCompressed ? "w\(Self.level)" : "wT", path, isCompressed: isCompressed)
  }

  private init(_ descriptor: Int32, _ mode: String, _ path: String, isCompressed: Bool) throws(RecordingError)
  {
    guard let file = gzdopen(descriptor, mode) else {
      Descriptor.close(descriptor)
      throw .cannotOpen(path: path, reason: "too little memory")
    }
    gzbuffer(file, Self.bufferBytes)
    self.path = path
    self.file = file
    self.isCompressed = isCompressed
  }

  deinit { if isOpen { gzclose(file) } }

  mutating func write(_ bytes: [UInt8]) throws(RecordingError) {
    guard !bytes.isEmpty else { return }
    if gzwrite(file, bytes, UInt32(clamping: bytes.count)) == 0 {
      throw .cannotWrite(path: path, reason: problem)
    }
  }

  /// Gives to the disk what was written, so that a program that is killed loses nothing of it.
  mutating func flush() throws(RecordingError) {
    if gzflush(file, Z_SYNC_FLUSH) != Z_OK { throw .cannotWrite(path: path, reason: problem) }
  }

  /// Bytes on the disk.
  var size: Int64 { Int64(gzoffset(file)) }

  mutating func close() throws(RecordingError) {
    guard isOpen else { return }
    isOpen = false
    switch gzclose(file) {
    case Z_OK, Z_BUF_ERROR: return
    case Z_ERRNO: throw .cannotWrite(path: path, reason: Descriptor.problem(errno))
    default: throw .cannotWrite(path: path, reason: "the compressor failed")
    }
  }

  private var problem: String {
    let system = errno
    var code: Int32 = Z_OK
    let text = gzerror(file, &code)
    if code == Z_ERRNO { return Descriptor.problem(system) }
    return text.map { String(cString: $0) } ?? "unknown"
  }
}
