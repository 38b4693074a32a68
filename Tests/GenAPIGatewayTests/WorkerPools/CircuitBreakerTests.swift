import GenAPITelemetry
import TestRandom
import Testing

@testable import GenAPIGateway

@Suite("Circuit breaker")
struct CircuitBreakerTests {
  @Test(
    "a probe that hangs shuts nobody out: after the cooldown another is let through, and the first outcome counts"
  )
  func hangingProbe() throws {
    let second: Int64 = 1_000_000_000
    for succeeds in [0, 1] {
      var breaker = CircuitBreaker(threshold: 1, cooldown: .seconds(2), now: 0)
      let first = try breaker.permit(at: 0)
      _ = breaker.failed(first, reason: "no", at: 0)
      let hanging = try breaker.permit(at: 2 * second)
      #expect(hanging.isProbe && breaker.admits(at: 4 * second - 1) == false)
      let other = try breaker.permit(at: 4 * second)
      #expect(other.isProbe && !breaker.admits(at: 4 * second) && breaker.state(at: 4 * second) == .halfOpen)
      let probes = [hanging, other]
      let closed = breaker.succeeded(probes[succeeds], at: 5 * second)
      let late = breaker.failed(probes[1 - succeeds], reason: "late", at: 6 * second)
      #expect(closed != nil && late == nil)
      #expect(breaker.state(at: 6 * second) == .closed)
    }
    // One that fails keeps it open for another cooldown, whatever the one that hangs does then.
    var breaker = CircuitBreaker(threshold: 1, cooldown: .milliseconds(5), now: 0)
    let first = try breaker.permit(at: 0)
    _ = breaker.failed(first, reason: "no", at: 0)
    let hanging = try breaker.permit(at: second)
    #expect(!breaker.admits(at: 2 * second - 1))
    let other = try breaker.permit(at: 2 * second)
    let opened = breaker.failed(other, reason: "no", at: 2 * second)
    let late = breaker.succeeded(hanging, at: 2 * second)
    #expect(opened != nil && late == nil && !breaker.admits(at: 2 * second))
  }

  private func breaker(threshold: Int = 3) -> CircuitBreaker {
    CircuitBreaker(threshold: threshold, cooldown: .nanoseconds(100), now: 0)
  }

  /// One that opened at time 0 after `threshold` failures.
  private func opened(threshold: Int = 3) throws -> CircuitBreaker {
    var breaker = breaker(threshold: threshold)
    for _ in 0..<threshold {
      let permit = try breaker.permit(at: 0)
      _ = breaker.failed(permit, reason: "down", at: 0)
    }
    return breaker
  }

  @Test("it opens at the threshold, and says so once")
  func opens() throws {
    var breaker = breaker()
    let permits = try (0..<5).map { _ in try breaker.permit(at: 0) }
    let changes = permits.map { breaker.failed($0, reason: "down", at: 7) }
    #expect(changes == [nil, nil, .opened(consecutiveFailures: 3), nil, nil])
    #expect(breaker.state(at: 7) == .open)
    #expect(breaker.openedCount == 1)
    #expect(breaker.lastReason == "down")
    #expect(breaker.since(at: 7) == 7)
  }

  @Test("a success between failures starts the count anew")
  func consecutive() throws {
    var breaker = breaker()
    for index in 0..<20 {
      let permit = try breaker.permit(at: 0)
      let change =
        index % 3 == 2 ? breaker.succeeded(permit, at: 0) : breaker.failed(permit, reason: "", at: 0)
      #expect(change == nil)
    }
    #expect(breaker.state(at: 0) == .closed)
  }

  @Test("an open one lets nothing through until its cooldown is over, without any timer")
  func cooldown() throws {
    var breaker = try opened()
    #expect(breaker.admit(at: 99) == nil)
    #expect(breaker.state(at: 99) == .open)
    #expect(breaker.state(at: 100) == .halfOpen)
    #expect(breaker.since(at: 130) == 100)
  }

  @Test("a half-open one lets a single probe through (W-10)")
  func singleProbe() throws {
    var breaker = try opened()
    expectProbe(breaker.admit(at: 100))
    #expect(breaker.admit(at: 100) == nil)
    #expect(breaker.admit(at: 1_000_000) == nil)
    #expect(breaker.state(at: 1_000_000) == .halfOpen)
  }

  @Test("a probe that succeeds closes it, and says how long it was open")
  func probeCloses() throws {
    var breaker = try opened()
    let probe = try breaker.permit(at: 150)
    #expect(breaker.succeeded(probe, at: 170) == .closed(after: .nanoseconds(170)))
    #expect(breaker.state(at: 170) == .closed)
    #expect(breaker.consecutiveFailures == 0)
  }

  @Test("a probe that fails opens it for another cooldown; the time open counts from the first opening")
  func probeReopens() throws {
    var breaker = try opened()
    let probe = try breaker.permit(at: 150)
    #expect(breaker.failed(probe, reason: "still down", at: 160) == .opened(consecutiveFailures: 4))
    #expect(breaker.state(at: 259) == .open)
    let second = try breaker.permit(at: 260)
    #expect(breaker.succeeded(second, at: 300) == .closed(after: .nanoseconds(300)))
    #expect(breaker.openedCount == 2)
  }

  @Test("a probe that was given up makes room for another")
  func abandonedProbe() throws {
    var breaker = try opened()
    let probe = try breaker.permit(at: 100)
    breaker.abandoned(probe)
    expectProbe(breaker.admit(at: 100))
    #expect(breaker.succeeded(probe, at: 100) == nil)
  }

  @Test("outcomes of work from before it opened change nothing")
  func lateOutcomes() throws {
    var breaker = breaker(threshold: 1)
    let early = try breaker.permit(at: 0)
    let late = try breaker.permit(at: 0)
    _ = breaker.failed(early, reason: "", at: 0)
    #expect(breaker.succeeded(late, at: 50) == nil)
    let probe = try breaker.permit(at: 100)
    #expect(breaker.succeeded(late, at: 100) == nil)
    #expect(breaker.failed(late, reason: "", at: 100) == nil)
    #expect(breaker.state(at: 100) == .halfOpen)
    #expect(breaker.succeeded(probe, at: 100) != nil)
  }

  /// The rules again, written as plainly as possible.
  private struct Model {
    enum State { case closed, open, probing }
    var state = State.closed
    var failures = 0
    var openedAt: Int64 = 0
    /// Which period of being closed, or which probe, a permit belongs to.
    var epoch = 0

    func name(at now: Int64) -> CircuitState {
      switch state {
      case .closed: .closed
      case .open: now - openedAt >= 100 ? .halfOpen : .open
      case .probing: .halfOpen
      }
    }
  }

  @Test("it does what a plain model does, whatever happens in whatever order", arguments: 1...60)
  func model(seed: UInt64) {
    var numbers = SeededRandom(seed: seed)
    let threshold = Int.random(in: 1...5, using: &numbers)
    var breaker = breaker(threshold: threshold)
    var model = Model()
    var out: [(permit: CircuitBreaker.Permit, epoch: Int)] = []
    var now: Int64 = 0
    for _ in 0..<2_000 {
      now += Int64.random(in: 0...40, using: &numbers)
      if Bool.random(using: &numbers) {
        let permit = breaker.admit(at: now)
        switch model.name(at: now) {
        case .closed: #expect(permit?.isProbe == false)
        case .open: #expect(permit == nil)
        case .halfOpen:
          if model.state == .probing {
            #expect(permit == nil)
          } else {
            #expect(permit?.isProbe == true)
            model.state = .probing
            model.epoch += 1
          }
        case .unknown: Issue.record("no state of a breaker")
        }
        if let permit { out.append((permit, model.epoch)) }
      } else if !out.isEmpty {
        let (permit, epoch) = out.remove(at: Int.random(in: out.indices, using: &numbers))
        let counts = epoch == model.epoch && model.state != .open
        var expected: String?
        switch Int.random(in: 0..<5, using: &numbers) {
        case 0, 1:
          if counts {
            if model.state == .probing {
              expected = "closed"
              model.state = .closed
              model.epoch += 1
            }
            model.failures = 0
          }
          check(breaker.succeeded(permit, at: now), expected)
        case 2, 3:
          if counts {
            model.failures += 1
            if model.state == .probing || model.failures >= threshold {
              expected = "opened"
              model.state = .open
              model.openedAt = now
              model.epoch += 1
            }
          }
          check(breaker.failed(permit, reason: "x", at: now), expected)
        default:
          if counts, model.state == .probing {
            model.state = .open
            model.epoch += 1
          }
          breaker.abandoned(permit)
        }
      }
      #expect(breaker.state(at: now) == model.name(at: now))
      #expect(breaker.consecutiveFailures == model.failures)
    }
  }

  private func check(_ change: CircuitBreaker.Change?, _ expected: String?) {
    switch change {
    case .opened: #expect(expected == "opened")
    case .closed: #expect(expected == "closed")
    case nil: #expect(expected == nil)
    }
  }
}

extension CircuitBreaker {
  fileprivate struct Refused: Error {}

  fileprivate mutating func permit(at now: Int64) throws -> Permit {
    guard let permit = admit(at: now) else { throw Refused() }
    return permit
  }
}

private func expectProbe(_ permit: CircuitBreaker.Permit?) { #expect(permit?.isProbe == true) }
