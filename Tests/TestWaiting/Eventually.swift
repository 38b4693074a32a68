/// Returns once `holds`, giving way to whatever else runs.
///
/// It waits for work that is under way on other threads, which on a starved machine takes its time; a test that waits in
/// vain fails after two minutes instead of running for ever.
///
/// - Throws: `WaitedInVain`, or what `holds` throws.
public func eventually(
  _ holds: () async throws -> Bool, file: StaticString = #fileID, line: UInt = #line
) async throws {
  let end = ContinuousClock.now + .seconds(120)
  var turns = 0
  while try await !holds() {
    guard ContinuousClock.now < end else { throw WaitedInVain(file: "\(file)", line: line) }
    turns += 1
    if turns < 1_000 { await Task.yield() } else { try await Task.sleep(for: .milliseconds(1)) }
  }
}
