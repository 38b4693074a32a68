import GenAPIValue

extension ConfigStore {
  /// One example for each enabled function: of the version that a request without one would get.
  ///
  /// - Parameter service: nil for all services.
  public func examples(of service: ByteText? = nil, _ options: CatalogueOptions = CatalogueOptions())
    -> [CallableExample]
  {
    var seen = Set<Name>()
    var examples: [CallableExample] = []
    for stored in allStored where service == nil || stored.config.service == service {
      let name = Name(service: stored.config.service, requestType: stored.config.requestType)
      guard seen.insert(name).inserted,
        case .found(let best) = lookup(service: name.service, requestType: name.requestType, version: nil)
      else { continue }
      examples.append(CallableExample(best.config, options))
    }
    return examples
  }

  /// The examples as one object: the title of each to its `{event, data}`. Two services with a function of one
  /// name and description: the service's name is put before the title.
  public func exampleCatalogue(of service: ByteText? = nil, _ options: CatalogueOptions = CatalogueOptions())
    -> Value
  {
    let examples = examples(of: service, options)
    let count = Dictionary(grouping: examples, by: \.title).mapValues(\.count)
    var object = ValueObject()
    for example in examples {
      var title = count[example.title] == 1 ? example.title : "\(example.request.service)/\(example.title)"
      // Another's own title may read so.
      while object[title] != nil { title = "\(example.request.service)/\(title)" }
      object[title] = example.value
    }
    return .object(object)
  }
}
