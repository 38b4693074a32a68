import GenAPIValue
import HashTreeCollections

/// Every function of a store at one moment. A copy shares all that is not changed in it.
struct ConfigTable: Sendable {
  /// The versions of one request type.
  struct Versions: Sendable {
    /// What a request without a version gets; nil when all are disabled.
    private(set) var best: StoredFunction?
    private var all: [StoredFunction] = []

    var isEmpty: Bool { all.isEmpty }

    /// Takes as long as there are versions of one request type: a few.
    mutating func set(_ function: StoredFunction?, version: ByteText?) {
      all.removeAll { $0.identity.version == version }
      if let function { all.append(function) }
      best = nil
      for candidate in all where candidate.isEnabled {
        if let other = best, !candidate.outranks(other) { continue }
        best = candidate
      }
    }
  }

  private(set) var functions: TreeDictionary<ConfigStore.Key, StoredFunction> = [:]
  private(set) var names: TreeDictionary<ConfigStore.Name, Versions> = [:]

  subscript(key: ConfigStore.Key) -> StoredFunction? {
    get { functions[key] }
    set {
      functions[key] = newValue
      let name = ConfigStore.Name(service: key.service, requestType: key.requestType)
      var versions = names[name] ?? Versions()
      versions.set(newValue, version: key.version)
      names[name] = versions.isEmpty ? nil : versions
    }
  }
}

extension StoredFunction {
  /// Versioned before unversioned, then the higher version.
  func outranks(_ other: StoredFunction) -> Bool {
    switch (identity.version, other.identity.version) {
    case (let mine?, let its?): FunctionVersion(mine) > FunctionVersion(its)
    case (_?, nil): true
    default: false
    }
  }
}
