import GenAPIValue

/// The functions that configs which could not be read may be of.
///
/// A function that went bad is not one that vanished, also where nothing of its config can be read.
struct UnreadNames {
  private var keys: Set<ConfigStore.Key> = []
  /// All versions of a function.
  private var types: Set<ByteText> = []
  /// One of them does not say of which function it is: it may be of any.
  private var isAny = false

  init(_ configs: [UnreadableConfig]) {
    for config in configs {
      guard let type = config.value["request_type"]?.string else {
        isAny = true
        continue
      }
      let version = config.value["version"] ?? .null
      // Of one that holds what is no data only what is a text is there.
      let isUnknown = version.isNull && config.value[FunctionConfig.faultsField] != nil
      guard !isUnknown, version.isNull || version.string != nil else {
        types.insert(type)
        continue
      }
      keys.insert(.init(service: "", requestType: type, version: FunctionVersion.effective(version.string)))
    }
  }

  /// Whether one of them may be of a function of the service whose they are.
  func mayName(_ key: ConfigStore.Key) -> Bool {
    isAny || types.contains(key.requestType)
      || keys.contains(.init(service: "", requestType: key.requestType, version: key.version))
  }
}
