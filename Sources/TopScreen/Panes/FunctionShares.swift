import OutsideText
import TopModel

/// Of what the numbers at the top of a function's page are.
extension DetailPage {
  /// Over what the rate is: `60s`, `60s (gw2 over 6s)` where a gateway was away meanwhile, whose rate is of what was watched of it.
  func watched(_ content: ScreenContent) -> String {
    let window = Double(context.settings.window.seconds)
    let parts = (content.function?.gateways ?? []).filter { !$0.isStale }
    let whole = parts.map { $0.watchedSeconds ?? window }.max() ?? window
    func age(_ seconds: Double) -> String { TimeText.age(seconds: Int64(seconds.rounded())) }
    let short = parts.filter { ($0.watchedSeconds ?? window) < whole * 0.9 }
    guard !short.isEmpty else { return age(whole) }
    let names = short.prefix(3).map { "\($0.node) over \(age($0.watchedSeconds ?? window))" }
    return "\(age(whole)) (\(names.joined(separator: ", "))\(short.count > 3 ? " …" : ""))"
  }

  /// Of which requests the shares are not: those that came to no end of their own, which have theirs among all that ended.
  func leftOut(_ content: ScreenContent) -> String {
    let given = (content.function?.endings ?? []).filter { $0.outcome.isGivenUp && $0.count > 0 }
    return given.isEmpty ? "" : ", of all but those \(given.map(\.outcome.words).joined(separator: " or "))"
  }
}
