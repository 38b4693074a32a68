import Foundation
import OutsideText

/// The secret that the nodes of a cluster share. Never written out.
public struct Cookie: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
  private let secret: String

  /// Makes a cookie of its text.
  ///
  /// - Parameter secret: not empty, or no node takes it.
  public init(_ secret: String) { self.secret = secret }

  /// Whoever knows nothing knows it.
  var isEmpty: Bool { secret.isEmpty }

  /// From `~/.erlang.cookie`, as Erlang nodes of this user have it.
  ///
  /// - Throws: when the file cannot be read or is empty.
  public static func fromHome() throws -> Cookie { try file(homePath) }

  /// `~/.erlang.cookie`
  public static var homePath: String {
    // As Erlang does, the variable before what the system knows of the user.
    let home = ProcessInfo.processInfo.environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
    return (home ?? NSHomeDirectory()) + "/.erlang.cookie"
  }

  /// Erlang takes at most 255.
  private static let mostBytes = 65_536

  /// - Throws: `CookieError` naming the file.
  public static func file(_ path: String) throws(CookieError) -> Cookie {
    let text: String
    do throws(TextFile.Failure) {
      text = try TextFile.readPlain(path, atMost: mostBytes)
    } catch {
      throw CookieError(description: "the cookie file \(path) \(error)")
    }
    let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !secret.isEmpty else { throw CookieError(description: "the cookie file \(path) is empty") }
    return Cookie(secret)
  }

  /// What a node that knows the cookie answers to a challenge: MD5, as the protocol demands.
  func digest(of challenge: UInt32) -> [UInt8] {
    MD5.digest(Array((secret + String(challenge)).utf8))
  }

  public var description: String { "(cookie)" }
  public var debugDescription: String { description }
}

/// Why there is no cookie.
public struct CookieError: Error, Equatable, CustomStringConvertible {
  public var description: String
}
