import ErlangNode
import GenAPIGateway
import GenAPIValue
import Testing

@testable import GenAPICluster

@Suite("Terms of a wrong shape in what Elixir nodes send")
struct ConfigShapeTests {
  private static let improper = Term.improperList([.text("a"), .text("b")], tail: .text("c"))

  private static func fields(_ fields: [ByteText: Term]) -> Term {
    .map(TermMap(fields.sorted { $0.key < $1.key }.map { (key: .atom($0.key), value: $0.value) }))
  }

  private static func config(_ others: [ByteText: Term] = [:]) -> Term {
    fields(
      [
        "request_type": .text("f"), "service": .text("s"),
        "mfa": .tuple([.atom("Elixir.S"), .atom("f"), .list([])]),
      ].merging(others) { $1 })
  }

  private static func faults(of push: [ByteText: Term]) -> [ByteText] {
    let whole: [ByteText: Term] = [
      "service": .text("s"), "config_version": .text("1"), "nodes": .list([.text("a@b")]),
      "fun_configs": .list([config()]),
    ]
    do {
      _ = try PushConfig(ElixirConfig.pushValue(of: fields(whole.merging(push) { $1 })) ?? .null)
      return []
    } catch {
      return error.faults
    }
  }

  @Test("in a push are told by the field that they are in, and nothing else is")
  func push() {
    #expect(Self.faults(of: [:]) == [])
    for (shape, words) in [
      (Self.improper, "an improper list"),
      (.improperList([Self.config()], tail: Self.config()), "an improper list"),
      (.tuple([Self.config()]), "a tuple"), (Self.config(), "an object"), (.text("x"), "a string"),
    ] as [(Term, ByteText)] {
      for field in ["nodes", "fun_configs", "args", "version_args"] as [ByteText] {
        #expect(Self.faults(of: [field: shape]) == ["\(field) must be a list, not \(words)"])
      }
    }
    let words = "holds an improper list, [<<\"a\">>,<<\"b\">>|<<\"c\">>]" as ByteText
    for field in ["service", "config_version", "module", "version_function"] as [ByteText] {
      #expect(Self.faults(of: [field: Self.improper]) == ["\(field) \(words)"])
    }
    #expect(Self.faults(of: ["nodes": .list([Self.improper])]) == ["nodes \(words)"])
    // Nobody reads them, or they are another's: iodata is a list of this shape.
    #expect(Self.faults(of: ["zzz": Self.improper]) == [])
    let reference: [ByteText: Term] = ["module": .text("M"), "function": .text("f")]
    #expect(Self.faults(of: reference.merging(["args": .list([Self.improper])]) { $1 }) == [])
    // A secret is not repeated.
    #expect(Self.faults(of: ["push_token": Self.improper]) == ["push_token must be a string, not an array"])
  }

  @Test("in a function's config, too, whatever field it is")
  func config() {
    func faults(_ field: ByteText, _ term: Term) -> [ByteText] {
      do {
        _ = try FunctionConfig(ElixirConfig.value(of: Self.config([field: term])))
        return []
      } catch {
        return error.faults
      }
    }
    for field in FunctionConfig.fields.sorted() {
      for term in [Self.improper, .list([Self.improper]), .tuple([.atom("x"), Self.improper])] as [Term] {
        #expect(
          faults(field, term) == ["\(field) holds an improper list, [<<\"a\">>,<<\"b\">>|<<\"c\">>]"],
          "\(field)")
      }
    }
    for field in ElixirConfig.references.sorted() {
      func reference(_ arguments: Term) -> Term { .tuple([.atom("Elixir.S"), .atom("f"), arguments]) }
      #expect(
        faults(field, reference(Self.improper))
          == ["the arguments of \(field) must be a list, not an improper list"])
      #expect(
        faults(field, reference(.tuple([.integer(1)]))) == [
          "the arguments of \(field) must be a list, not a tuple"
        ])
      #expect(faults(field, reference(.list([Self.improper]))) == [])
    }
    #expect(faults("zzz", Self.improper) == [])
  }

  @Test("in an answer to a pull are told as what they are")
  func pull() {
    let value = ElixirConfig.values(of: .improperList([Self.config()], tail: Self.config()))
    #expect(value[FunctionConfig.faultsField] == ["an improper list"])
  }
}
