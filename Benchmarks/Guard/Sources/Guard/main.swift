import Foundation

// Counts what the hot paths allocate and compares it with Benchmarks/Guard/bounds.json. Ends with 1 when one allocates more.
//
//   Guard BOUNDS            the table
//   Guard list              the paths with their calls, for a program that counts instructions from outside
//   Guard run NUMBER TIMES  one path, TIMES as often
let paths = GatewayPaths.all + StreamPaths.all + StatePaths.all + DashboardPaths.all + SocketPaths.all

let words = Array(CommandLine.arguments.dropFirst())
switch words.first {
case "list":
  for path in paths { print(path.calls * path.parts, path.name, separator: "\t") }
case "run":
  let numbers = words.dropFirst().compactMap { Int($0) }
  guard numbers.count == 2, paths.indices.contains(numbers[0]) else { exit(2) }
  try paths[numbers[0]].run(times: numbers[1])
default:
  exit(try compare(with: words.first ?? "Benchmarks/Guard/bounds.json") ? 0 : 1)
}

/// Prints the table; true when no path allocates more than it may.
@MainActor
func compare(with file: String) throws -> Bool {
  let bounds = try JSONDecoder().decode(
    [String: Double].self, from: Data(contentsOf: URL(fileURLWithPath: file)))
  var isWithin = true
  print("\n| allocations of | each | at most |\n|---|---|---|")
  for path in paths {
    // A task that is moved to another thread now and then allocates there, unseen; never more.
    let found = try path.allocations()
    let bound = bounds[path.name]
    let isMore = bound.map { found > $0 } ?? true
    if isMore { isWithin = false }
    let most = bound.map { String(format: "%.2f", $0) } ?? "**no bound is stored**"
    print("| \(path.name) | \(String(format: "%.2f", found)) | \(most)\(isMore ? " **MORE**" : "") |")
  }
  for name in bounds.keys.sorted() where !paths.contains(where: { $0.name == name }) {
    print("| \(name) | **not measured** | |")
    isWithin = false
  }
  return isWithin
}
