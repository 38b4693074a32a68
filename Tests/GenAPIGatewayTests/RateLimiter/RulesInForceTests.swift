import StripedSlots
import Testing

@testable import GenAPIGateway

@Suite("The limits in force, as checks find them")
struct RulesInForceTests {
  private func rules(_ most: Int) throws -> RateLimitRules {
    var configuration = RateLimiterConfiguration()
    configuration.globalLimits = [.global(key: "user_id", maxRequests: most, window: .seconds(1))]
    try configuration.validate()
    return RateLimitRules(configuration, previous: nil)
  }

  private func most(_ rules: RateLimitRules) -> Int { rules.terms[0].maxRequests }

  @Test("a check within a check, deeper than there are slots, finds them, and so does one after all")
  func nested() throws {
    let inForce = RulesInForce(try rules(7))
    func check(_ depth: Int) -> Int {
      inForce.withCurrent { most($0) + (depth == 0 ? 0 : check(depth - 1)) }
    }
    let depth = 2 * ThreadStripe.count
    #expect(check(depth) == 7 * (depth + 1))
    #expect(check(0) == 7)
  }

  @Test("a change made within a check counts from the next on, and the check keeps what it began with")
  func changeWithin() throws {
    let inForce = RulesInForce(try rules(1))
    let next = try rules(2)
    let (before, within, after) = inForce.withCurrent { outer -> (Int, Int, Int) in
      let before = most(outer)
      do { _ = try inForce.change { _ in next } } catch { Issue.record("\(error)") }
      return (before, inForce.withCurrent { most($0) }, most(outer))
    }
    #expect(before == 1)
    #expect(within == 2)
    #expect(after == 1)
    #expect(inForce.withCurrent { most($0) } == 2)
  }

  @Test("threads that check while the limits change find old ones or new ones, and never older than before")
  func concurrent() async throws {
    let inForce = RulesInForce(try rules(1))
    let versions = try (2...200).map { try rules($0) }
    await withTaskGroup { group in
      for _ in 0..<4 {
        group.addTask {
          var last = 1
          while last < 200 {
            let found = inForce.withCurrent { self.most($0) }
            #expect(found >= last)
            if found < last { break }
            last = found
            await Task.yield()
          }
        }
      }
      group.addTask {
        for version in versions {
          do { _ = try inForce.change { _ in version } } catch { Issue.record("\(error)") }
          await Task.yield()
        }
      }
    }
  }

  @Test("a slot's copy of limits that were replaced is freed when the slot is used next")
  func freed() throws {
    let inForce = RulesInForce(try rules(1))
    weak var old: RateLimitRules?
    inForce.withCurrent { old = $0 }
    #expect(old != nil)
    let next = try rules(2)
    _ = try inForce.change { _ in next }
    inForce.withCurrent { #expect($0 !== old) }
    #expect(old == nil)
  }
}
