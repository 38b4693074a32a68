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

  @Test("no limit keeps nothing back, and what has no descriptor takes none")
  func unlimited() {
    #expect(DescriptorReserve(limit: .max).room(of: .max) == .enough)
    #expect(DescriptorReserve(limit: 0).room(of: EmbeddedChannel()) == .enough)
    #expect(DescriptorReserve.ofProcess?.room(of: 3) == .enough)
  }
}
