import GenAPIValue

/// A function that somebody asked for and that is not there, with what there is in its place.
public struct MissingFunction: Sendable, Equatable, CustomStringConvertible {
  /// What is known of the names that were written.
  public enum Known: Sendable, Equatable {
    /// There is no such service; these are there.
    case services([ByteText])
    /// The service has no such function; it has these.
    case requestTypes([ByteText])
    /// The function is there in these versions; nil is the one without a version.
    case versions([ByteText?])
    /// The names are those of a function and its service, the wrong way round.
    case swapped
  }

  /// The service, as it was written.
  public var service: ByteText
  /// The request type, as it was written.
  public var requestType: ByteText
  /// The version, as it was written; nil for none.
  public var version: ByteText?
  /// What there is.
  public var known: Known

  public var description: String { text.shown }

  /// Names as they were written, which may have control characters.
  private var text: String {
    let (service, requestType) = (service.cut(bytes: 64).asName, requestType.cut(bytes: 64).asName)
    switch known {
    case .swapped:
      return
        "there is no service \(service), but \(requestType) has a function of that name: the service comes first"
    case .services(let names):
      return "there is no service \(service)\(Self.list(names.map(\.asName), "there is", "there are"))"
    case .requestTypes(let names):
      return
        "the service \(service) has no function \(requestType)\(Self.list(names.map(\.asName), "it has", "it has"))"
    case .versions(let versions):
      let wanted = version.map { "in the version \($0.cut(bytes: 64).asName)" } ?? "without a version"
      let names = versions.map { $0?.asName ?? "one without a version" }
      return "there is no \(service)/\(requestType) \(wanted)\(Self.list(names, "there is", "there are"))"
    }
  }

  /// `; there are a, b and 7 more`.
  private static func list(_ names: [ByteText], _ one: String, _ several: String) -> String {
    guard !names.isEmpty else { return ", and there is no other" }
    let shown = names.prefix(10).map { $0.cut(bytes: 64).string }.joined(separator: ", ")
    let more = names.count > 10 ? " and \(names.count - 10) more" : ""
    return "; \(names.count == 1 ? one : several) \(shown)\(more)"
  }
}

extension ConfigStore {
  /// What there is in place of a function that is not there.
  package func missing(_ service: ByteText, _ requestType: ByteText, version: ByteText?) -> MissingFunction {
    let all = allFunctions
    let known: MissingFunction.Known =
      if let types = all[service] {
        if let versions = types[requestType] {
          .versions(versions)
        } else {
          .requestTypes(types.keys.sorted())
        }
      } else if all[requestType]?[service] != nil {
        .swapped
      } else {
        .services(all.keys.sorted())
      }
    return MissingFunction(
      service: service, requestType: requestType, version: FunctionVersion.effective(version), known: known)
  }
}
