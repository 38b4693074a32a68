import ErlangNode
import GenAPIValue

/// A struct of Elixir's, with the fields that it has in the version at one node.
///
/// What is sent there has these fields and no others. One that is missing raises a `KeyError` where it is read, and one too
/// many makes Elixir take the struct for a plain map when it prints it.
struct KnownStruct: Sendable {
  /// `Elixir.PhoenixGenApi.Structs.FunConfig`
  let module: ByteText
  /// Every field with what it is when nothing was said, as the node told; nil where it does not know the struct.
  let defaults: TermMap?

  /// How long a node may take to tell: another one asks, and waits, meanwhile.
  private static let patience = Duration.seconds(2)

  /// A node that does not know the struct, or does not answer, gets every field that there is.
  init(_ module: ByteText, at nodeName: ByteText, from node: LocalNode) async {
    self.module = module
    let answer =
      nodeName == node.name
      ? nil : try? await node.call(nodeName, module, "__struct__", [], timeout: Self.patience)
    let map = answer?.map
    defaults = map?[atom: "__struct__"] == .atom(module) ? map : nil
  }

  init(_ module: ByteText, defaults: TermMap? = nil) {
    self.module = module
    self.defaults = defaults
  }

  /// The struct with these values.
  ///
  /// - Parameter own: fields that only a gateway in Swift reads: nobody else gets them.
  func term(_ values: [(field: ByteText, value: Term)], own: [(field: ByteText, value: Term)] = []) -> Term {
    let name = (key: Term.atom("__struct__"), value: Term.atom(module))
    guard let defaults else {
      return .map(TermMap([name] + (values + own).map { (key: .atom($0.field), value: $0.value) }))
    }
    let known = Dictionary(values.map { (Term.atom($0.field), $0.value) }, uniquingKeysWith: { $1 })
    return .map(
      TermMap(
        defaults.pairs.map {
          (key: $0.key, value: $0.key == name.key ? name.value : known[$0.key] ?? $0.value)
        })
    )
  }
}
