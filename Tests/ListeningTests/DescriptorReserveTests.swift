import Listening
import NIOEmbedded
import Testing

@Suite("The last descriptors")
struct DescriptorReserveTests {
  @Test("an eighth of them is kept from clients, 64 at most, and as many more are for answers")
  func rooms() {
    let few = DescriptorReserve(limit: 64)
    #expect([0, 47].allSatisfy { few.room(of: $0) == .enough })
    #expect([48, 55].allSatisfy { few.room(of: $0) == .answer })
    #expect([56, 63, .max].allSatisfy { few.room(of: $0) == .nothing })
    let many = DescriptorReserve(limit: 10_000)
    #expect(many.room(of: 9_871) == .enough && many.room(of: 9_872) == .answer)
    #expect(many.room(of: 9_935) == .answer && many.room(of: 9_936) == .nothing)
  }

  @Test("the last few are for nobody who comes, at any door")
  func last() throws {
    for (limit, first) in [(44, 42), (64, 60), (1_024, 1_020), (1_000_000, 999_996)] as [(UInt64, CInt)] {
      let reserve = DescriptorReserve(limit: limit)
      #expect(!reserve.isLast(first - 1) && reserve.isLast(first) && reserve.isLast(.max), "\(limit)")
    }
    try DescriptorReserve.keepLast(from: EmbeddedChannel())
  }

  @Test("a door of operators has a share for those who say nothing, once descriptors are scarce")
  func silent() {
    for (limit, first, share) in [
      (44, 29, 2), (64, 40, 4), (96, 60, 6), (1_024, 832, 64), (1_000_000, 999_808, 64),
    ]
      as [(UInt64, CInt, Int)]
    {
      let reserve = DescriptorReserve(limit: limit)
      #expect(reserve.mostSilent(afterComing: first - 1) == nil, "\(limit)")
      #expect(reserve.mostSilent(afterComing: first) == share, "\(limit)")
      #expect(reserve.mostSilent(afterComing: .max) == share, "\(limit)")
      // Those of four doors leave room for clients' answers.
      #expect(reserve.room(of: first + CInt(share) - 1) == .enough)
    }
    #expect(DescriptorReserve.mostSilent(afterComing: EmbeddedChannel()) == nil)
  }

  @Test("no limit keeps nothing back, and what has no descriptor takes none")
  func unlimited() {
    #expect(DescriptorReserve(limit: .max).room(of: .max) == .enough)
    #expect(DescriptorReserve(limit: 0).room(of: EmbeddedChannel()) == .enough)
    #expect(DescriptorReserve.ofProcess?.room(of: 3) == .enough)
  }
}
