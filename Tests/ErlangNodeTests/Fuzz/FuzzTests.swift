import Foundation
import Testing

@testable import ErlangNode

/// Inputs made from what real nodes wrote. `GENAPI_FUZZ_SECONDS` says how long all of it runs together, 3 s unless set;
/// `GENAPI_FUZZ_SEED` repeats a run.
@Suite("What strangers send", .serialized)
struct FuzzTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let seconds = environment["GENAPI_FUZZ_SECONDS"].flatMap(Double.init) ?? 3
  private static let seed = environment["GENAPI_FUZZ_SEED"].flatMap(UInt64.init) ?? 1

  /// Runs until this test's half of the time is over; how many inputs that were.
  private func fuzz(_ name: String, _ body: (_ bytes: [UInt8], _ mutator: inout Mutator) throws -> Void)
    throws
    -> Int
  {
    let corpus = try FuzzCorpus.read(name)
    try #require(corpus.count > 5)
    var mutator = Mutator(seed: Self.seed, corpus: corpus)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(Self.seconds / 2)
    let before = Self.residentBytes
    var inputs = 0
    repeat {
      for _ in 0..<200 { try body(mutator.next(), &mutator) }
      inputs += 200
    } while clock.now < end
    // Nothing is kept from one input to the next. Linux only, where it can be read.
    if let before, let after = Self.residentBytes {
      #expect(after - before < 256 << 20, "\((after - before) >> 20) MiB more after \(inputs) inputs")
    }
    if Self.environment["GENAPI_FUZZ_SECONDS"] != nil {
      print("\(name): \(inputs) inputs, seed \(Self.seed)")
    }
    return inputs
  }

  private static var residentBytes: Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 4_096 }
  }

  @Test("terms as a real node wrote them are read and written back to the same term")
  func corpus() throws {
    let decoder = TermDecoder()
    for bytes in try FuzzCorpus.read("terms") {
      let term = try decoder.decode(bytes)
      #expect(try decoder.decode(TermEncoder().encode(term)) == term)
    }
    for bytes in try FuzzCorpus.read("messages") {
      let message = try MessageCodec.decode(bytes)
      #expect(try MessageCodec.decode(MessageCodec.encode(message)) == message)
    }
  }

  @Test("any term is read or refused, and what was read comes back from its own bytes")
  func terms() throws {
    var decoder = TermDecoder()
    // A bomb is refused by its claim or by this bound, whichever comes first.
    decoder.maxUncompressedBytes = 1 << 20
    let inputs = try fuzz("terms") { bytes, _ in
      guard let term = try? decoder.decode(bytes) else { return }
      let again = try decoder.decode(TermEncoder().encode(term))
      guard again == term else {
        Issue.record("\(term.erlangText) came back as \(again.erlangText)")
        return
      }
    }
    #expect(inputs > 0)
  }

  @Test("any message between nodes is read or refused")
  func messages() throws {
    let inputs = try fuzz("messages") { bytes, _ in
      guard let message = try? MessageCodec.decode(bytes) else { return }
      if case .unknown = message { return }
      let again = try MessageCodec.decode(MessageCodec.encode(message))
      // Kinds of before, such as an unlink without a number, are written as those of today.
      if again != message { Issue.record("\(message) came back as \(again)") }
    }
    #expect(inputs > 0)
  }
}
