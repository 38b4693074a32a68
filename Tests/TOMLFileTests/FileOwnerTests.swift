import Testing

@testable import TOMLFile

@Suite("Owners of files that hold settings or secrets")
struct FileOwnerTests {
  @Test(
    "this user and root may own one, nobody else",
    arguments: [(1_000, true), (0, true), (1_001, false)] as [(UInt32, Bool)])
  func owners(owner: UInt32, isFine: Bool) {
    let said = FileAccess.warning(for: "/etc/x", isSecret: true, mode: 0o600, owner: owner, user: 1_000)
    #expect((said == nil) == isFine)
    if !isFine {
      #expect(
        said == "/etc/x belongs to another user (1001), who can change it: chown it to this one or to root")
    }
  }

  @Test("a group may read a secret that root owns, and no other")
  func groups() {
    func said(_ mode: UInt32, owner: UInt32) -> String? {
      FileAccess.warning(for: "/etc/x", isSecret: true, mode: mode, owner: owner, user: 1_000)
    }
    #expect(said(0o640, owner: 0) == nil)
    #expect(said(0o640, owner: 1_000)?.contains("chmod go= /etc/x") == true)
    #expect(said(0o644, owner: 0)?.contains("can be read by others (mode 0644)") == true)
    #expect(said(0o620, owner: 0)?.contains("chmod go-w /etc/x") == true)
  }
}
