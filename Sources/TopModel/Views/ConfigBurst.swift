import GenAPITelemetry
import GenAPIValue

/// Configs that changed at one time, as those of a gateway that starts, and what they are called together.
struct ConfigBurst {
  /// What changed further apart than this, in microseconds, was changed apart.
  static let pauseUs: Int64 = 2_000_000

  let changes: [ConfigChangeState]

  init(_ changes: [ConfigChangeState]) { self.changes = changes }

  /// `users/old removed; users 3.1.0 to 3.2.0; 9 added: users/a, users/b, users/c …`: what takes something away stands first.
  var label: ByteText {
    var parts: [ByteText] = []
    for kind: ByteText in ["removed", "disabled"] { add(kind, to: &parts) }
    let versions = changes.compactMap { change in
      change.from.flatMap { from in change.to.map { "\(change.service) \(from) to \($0)" as ByteText } }
    }
    parts += versions.prefix(Self.most)
    if versions.count > Self.most { parts.append("\(versions.count - Self.most) more versions") }
    var seen: Set<ByteText> = ["removed", "disabled"]
    for change in changes where seen.insert(change.kind).inserted { add(change.kind, to: &parts) }
    return parts.joined(separator: "; ")
  }

  /// Of which names are told.
  private static let most = 3

  private func add(_ kind: ByteText, to parts: inout [ByteText]) {
    let names = changes.filter { $0.kind == kind && ($0.from == nil || $0.to == nil) }.map { change in
      [change.service, change.requestType ?? ""].filter { !$0.isEmpty }.joined(separator: "/")
    }
    guard let first = names.first else { return }
    guard names.count > 1 else { return parts.append("\(first) \(kind)") }
    let told = Array(names.prefix(Self.most)).joined(separator: ", ")
    parts.append("\(names.count) \(kind): \(told)\(names.count > Self.most ? " …" : "")")
  }
}
