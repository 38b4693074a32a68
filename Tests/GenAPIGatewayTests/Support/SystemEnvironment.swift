import Foundation

/// What the caller of the tests asks for.
enum SystemEnvironment {
  static func int(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }
}
