/// How many colours an output can show.
package enum ColorSupport: Equatable, Sendable, CaseIterable {
  case none
  case ansi16
  case palette256
  case full

  /// From `NO_COLOR`, `COLORTERM` and `TERM`.
  package init(environment: [String: String]) {
    let term = environment["TERM"] ?? ""
    if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false || term == "dumb" {
      self = .none
    } else if ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "") || term.hasSuffix("-direct") {
      self = .full
    } else {
      self = term.contains("256color") ? .palette256 : .ansi16
    }
  }
}
