/// Values of options that begin with a dash, as filters (`-user:x`) and keys (`-`) do: the parser takes those for options.
enum DashedValues {
  /// Options of which a value may begin so, or of which it is better said why it may not.
  private static let options: Set<String> = [
    "--filter", "--press", "--from", "--speed", "--after", "--interval", "--within", "--for", "--batch",
    "--count", "--epmd-port", "--size",
  ]

  /// The arguments with such values joined to their options, `--filter=-user:x`; what begins with two dashes is an option.
  static func joined(_ arguments: [String]) -> [String] {
    var joined: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" { return joined + [argument] + rest }
      if options.contains(argument), let value = rest.first, value.hasPrefix("-"), !value.hasPrefix("--"),
        value != "-h"
      {
        rest.removeFirst()
        joined.append("\(argument)=\(value)")
      } else {
        joined.append(argument)
      }
    }
    return joined
  }
}
