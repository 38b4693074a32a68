import Foundation
import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import TestStates
import Testing

@testable import TopModel

@Suite("The document, narrowed by a filter")
struct NarrowedSummaryTests {
  private static func cluster() -> ModelFixture {
    var fixture = ModelFixture(gateways: 2)
    fixture.tick { state, index in
      state.add("users", "get", version: "1.0.0", started: 12, ok: [10, 20, 30], failed: [5], rejected: [1])
      state.add("orders", "create", started: index == 0 ? 4 : 1, ok: [10])
      state.totals.invalid = 3
      state.limits = [
        LimitState(id: "l1", scope: "users/get", key: "user_id", maxRequests: 5, windowMs: 1_000),
        LimitState(id: "l2", scope: "orders/create", key: "user_id", maxRequests: 5, windowMs: 1_000),
        LimitState(id: "l3", scope: "global", key: "user_id", maxRequests: 5, windowMs: 1_000),
      ]
      state.hotKeys = ["l1", "l2", "l3"].flatMap { limit in
        ["u1", "u2"].map { HotKeyState(limit: limit, keyValue: $0, used: 1, max: 5) }
      }
      state.services = ["users", "orders"].map { ServiceState(service: $0, functions: 1) }
      state.nodes = [
        ServiceNodeState(node: "n1@h", up: true, services: ["users"]),
        ServiceNodeState(node: "n2@h", up: true, services: ["orders"]),
      ]
    }
    return fixture
  }

  private func document(_ filter: String) throws -> Value {
    try ValueEncoder().encode(Self.cluster().model.summary(FilterExpression(parsing: filter)))
  }

  private func texts(_ list: Value?, _ field: ByteText) -> [ByteText] {
    (list?.array ?? []).compactMap { ($0.object?["state"] ?? $0).object?[field]?.string }
  }

  @Test("what a service's filter leaves out is told nowhere, and the totals are of what is left")
  func service() throws {
    let whole = try document("").object, narrowed = try document("service:users").object
    #expect(whole?["filter"] == nil && narrowed?["filter"] == "service:users")
    #expect(
      texts(narrowed?["series"], "service") == ["users"] && texts(whole?["series"], "service").count == 2)
    let totals = narrowed?["totals"]?.object
    #expect(
      totals?["requests"] == 24 && totals?["ok"] == 6 && totals?["failed"] == 2 && totals?["rejected"] == 2)
    #expect(totals?["in_flight"] == 14 && totals?["invalid"] == nil && totals?["events_emitted"] == nil)
    #expect(whole?["totals"]?.object?["requests"] == 29 && whole?["totals"]?.object?["invalid"] == 6)
    let limits = narrowed?["rate_limits"]?.object
    #expect(Set(texts(limits?["limits"], "id")) == ["l1", "l3"])
    #expect(Set(texts(limits?["hot_keys"], "limit")) == ["l1", "l3"])
    #expect(Set(texts(narrowed?["configs"]?.object?["services"], "service")) == ["users"])
    #expect(Set(texts(narrowed?["service_nodes"], "node")) == ["n1@h"])
    #expect(narrowed?["nodes"]?.array?.count == 2)
  }

  @Test(
    "a gateway that the filter leaves out is in no number, and one that it names is there with all that it holds"
  )
  func node() throws {
    let narrowed = try document("node:gw1").object
    #expect(texts(narrowed?["nodes"], "name") == ["gw1"])
    #expect(narrowed?["totals"]?.object?["requests"] == 16 && narrowed?["totals"]?.object?["invalid"] == 3)
    #expect(narrowed?["service_nodes"]?.array?.count == 2)
    #expect(narrowed?["rate_limits"]?.object?["limits"]?.array?.count == 3)
    #expect(try document("-node:n2@h").object?["service_nodes"]?.array?.count == 2)
    #expect(try document("node:gw3").object?["series"]?.array?.isEmpty == true)
  }

  @Test("a user's filter leaves the keys of others out")
  func user() throws {
    let keys = try document("user:u2").object?["rate_limits"]?.object?["hot_keys"]
    #expect(Set(texts(keys, "key_value")) == ["u2"] && keys?.array?.count == 6)
  }

  @Test(
    "what the panes show of a filter is what the document holds",
    arguments: [
      "service:users", "-service:users", "type:create", "version:1.*", "user", "node:gw2 service:orders",
      "-node:gw1", "node:n1@h",
      "user:u1", "user:u3", "-user:u1", "global",
    ])
  func asPanes(filter: String) throws {
    let fixture = Self.cluster()
    var settings = ViewSettings()
    settings.filter = try FilterExpression(parsing: filter)
    let document = try document(filter).object
    let rows = fixture.model.requests(settings).filter { $0.service != RequestRow.unsupported }
    #expect(Set(texts(document?["series"], "service")) == Set(rows.map(\.service)), "\(filter)")
    #expect(
      Set(texts(document?["rate_limits"]?.object?["limits"], "scope"))
        == Set(fixture.model.limits(settings).map(\.scope)),
      "\(filter)")
    #expect(
      Set(texts(document?["configs"]?.object?["services"], "service"))
        == Set(fixture.model.configs(settings).services.map(\.service)), "\(filter)")
  }

  /// A gateway with one of everything, and another that has another version.
  private static func ofEverything() throws -> ClusterModel {
    var model = ClusterModel(targets: ["gw1:4710", "gw2:4710"])
    for index in 0...1 {
      var state = try GatewayState.example()
      state.limits = [LimitState(id: "l", scope: "a/a", key: "user_id", maxRequests: 5, windowMs: 1_000)]
      state.hotKeys = [HotKeyState(limit: "l", keyValue: "a", used: 1, max: 5)]
      state.services = [ServiceState(service: "a", configVersion: index == 0 ? "1" : "2", functions: 1)]
      model.fold(
        .connected(Hello(node: "gw\(index)", software: "", startedAt: 1)), of: index, at: 10_000_000)
      model.fold(.frame(.snapshot(at: 10_000_000, sequence: 0, state)), of: index, at: 10_000_000)
    }
    return model
  }

  @Test(
    "the document says of each kind of term which of its fields it does not narrow, and narrows all others",
    arguments: ["service", "type", "version", "user", "text"])
  func untouched(key: String) throws {
    let model = try Self.ofEverything()
    let whole = try ValueEncoder().encode(model.summary)
    let filter = try FilterExpression(parsing: key == "text" ? "zzz" : "\(key):zzz")
    let narrowed = try ValueEncoder().encode(model.summary(filter))
    let untouched = narrowed.object?["not_narrowed"]?.object
    #expect(whole.object?["not_narrowed"] == nil && untouched?.count == 1)
    let names = (untouched?[ByteText(key)]?.array ?? []).compactMap(\.string)
    #expect(names.contains("nodes"))
    for name in NarrowedFields.names {
      let path = name.string.split(separator: ".").map { ByteText(String($0)) }
      let (before, after) = (whole.at(path), narrowed.at(path))
      for field in NarrowedFields.shared(in: name, by: key) {
        #expect(names.contains("\(name).state.\(field)"), "\(key): \(name).\(field)")
      }
      #expect(before != nil && before?.array?.isEmpty != true, "there is nothing to narrow of \(name)")
      #expect((before?.canonical == after?.canonical) == names.contains(name), "\(key): \(name)")
    }
  }

  @Test(
    "numbers of a service node's functions are those of all nodes, and the document says of which fields that is so"
  )
  func ofServiceNode() throws {
    var model = ClusterModel(targets: ["gw1:4710"])
    var state = try GatewayState.example()
    state.nodes = ["n1@h", "n2@h"].map { ServiceNodeState(node: $0, up: true, services: ["a"]) }
    for index in state.functions.indices { state.functions[index].nodes = ["n1@h", "n2@h"] }
    for index in state.services.indices { state.services[index].service = "a" }
    model.fold(.connected(Hello(node: "gw1", software: "", startedAt: 1)), of: 0, at: 10_000_000)
    model.fold(.frame(.snapshot(at: 10_000_000, sequence: 0, state)), of: 0, at: 10_000_000)
    let whole = try ValueEncoder().encode(model.summary)
    let narrowed = try ValueEncoder().encode(model.summary(FilterExpression(parsing: "node:n1@h")))
    let told = narrowed.object?["not_narrowed"]?.object?["node"]?.array?.compactMap(\.string) ?? []
    #expect(Set(["totals", "series", "top_users", "nodes"]).isSubset(of: told), "\(told)")
    for name in NarrowedFields.names where name != "totals" && !name.hasPrefix("configs.") {
      let path = name.string.split(separator: ".").map { ByteText(String($0)) }
      let (before, after) = (whole.at(path)?.canonical, narrowed.at(path)?.canonical)
      #expect((before == after) == told.contains(name), "\(name)")
    }
    // What only the gateway counts is not known of functions; what is told of them is of all nodes.
    let requests = [whole, narrowed].map { $0.object?["totals"]?.object?["ok"] }
    #expect(
      requests[1] == .int(Int64(state.series.reduce(0) { $0 + ($1.outcomes["ok"] ?? 0) }))
        || requests[0] == requests[1])
    let gateway = try ValueEncoder().encode(model.summary(FilterExpression(parsing: "node:gw1")))
    #expect(gateway.object?["not_narrowed"]?.object?.isEmpty == true)
  }

  /// Lists of entries that two values of a term let through: each is of both, and counts both.
  private static let related: [(key: String, values: [String])] = [
    ("service", ["a", "b"]), ("type", ["a", "b"]), ("version", ["1", "2"]), ("user", ["a", "b"]),
    ("text", ["a", "b"]),
  ]

  @Test(
    "an entry that is of several users or services and stays is said to count them all, field by field",
    arguments: 0..<5)
  func sharedEntries(place: Int) throws {
    let (key, values) = Self.related[place]
    var model = ClusterModel(targets: ["gw1:4710"])
    var state = GatewayState()
    for value in ["a", "b"] as [ByteText] {
      state.series.append(SeriesState(service: value, requestType: value, version: value == "a" ? "1" : "2"))
      state.functions.append(
        FunctionState(service: value, requestType: value, version: value == "a" ? "1" : "2"))
      state.services.append(ServiceState(service: value, configVersion: "1", functions: 1))
    }
    state.limits = [
      LimitState(id: "l", scope: "global", key: "user_id", maxRequests: 5, windowMs: 1_000),
      LimitState(id: "m", scope: "a/a", key: "user_id", maxRequests: 5, windowMs: 1_000),
    ]
    state.hotKeys = ["a", "b"].map { HotKeyState(limit: "l", keyValue: $0, used: 1, max: 5) }
    state.pools = [PoolState(name: "p", workers: 1)]
    state.breakers = [
      BreakerState(pool: "p", state: .open, refused: 1),
      BreakerState(pool: "p", service: "a", state: .open, refused: 1),
    ]
    state.relay = [
      GroupState(
        groupID: "g", groupType: "x",
        members: ["a", "b"].map { MemberState(userID: $0, status: "active", role: "member") })
    ]
    state.nodes = [ServiceNodeState(node: "n", up: true, services: ["a", "b"])]
    model.fold(.connected(Hello(node: "gw1", software: "", startedAt: 1)), of: 0, at: 10_000_000)
    model.fold(.frame(.snapshot(at: 10_000_000, sequence: 0, state)), of: 0, at: 10_000_000)
    let narrowed = try values.map {
      try ValueEncoder().encode(
        model.summary(FilterExpression(parsing: key == "text" ? $0 : "\(key):\($0)")))
    }
    let told = Set(
      (narrowed[0].object?["not_narrowed"]?.object?[ByteText(key)]?.array ?? []).compactMap(\.string))
    for name in NarrowedFields.names where !told.contains(name) && name != "totals" {
      let path = name.string.split(separator: ".").map { ByteText(String($0)) }
      let (one, other) = (narrowed[0].at(path)?.array ?? [], narrowed[1].at(path)?.array ?? [])
      let fields = NarrowedFields.shared(in: name, by: key)
      let both = one.filter { entry in other.contains { $0.canonical == entry.canonical } }
      #expect(both.isEmpty == fields.isEmpty, "\(key): \(name) has \(both.count) of both")
      for entry in both {
        for field in fields where field != "last_rejection_at" {
          #expect(entry.object?["state"]?.object?[field] != nil, "\(name) has no \(field)")
        }
      }
    }
  }

  @Test("every field of the document is said to be narrowed by something, or by nothing")
  func everyField() throws {
    let document = try ValueEncoder().encode(try Self.ofEverything().summary).object ?? [:]
    let known = Set(NarrowedFields.names.map(\.string))
    for (name, value) in document where name != "at" {
      let names =
        ["rate_limits", "configs"].contains(name)
        ? (value.object ?? [:]).map { "\(name).\($0.key)" } : ["\(name)"]
      for name in names { #expect(known.contains(name), "\(name)") }
    }
    let filter = try FilterExpression(parsing: "node:gw1 user:a service:a")
    let untouched = try ValueEncoder().encode(Self.ofEverything().summary(filter)).object?["not_narrowed"]?
      .object
    #expect(Set((untouched ?? [:]).map(\.key)) == ["user", "service"])
  }

  @Test("every list that a filter of a service or a user narrows somewhere is narrowed")
  func everyList() throws {
    var model = ClusterModel(targets: ["gw1:4710"])
    model.fold(.connected(Hello(node: "gw1", software: "", startedAt: 1)), of: 0, at: 10_000_000)
    model.fold(
      .frame(.snapshot(at: 10_000_000, sequence: 0, try GatewayState.example())), of: 0, at: 10_000_000)
    let narrowed = try ValueEncoder().encode(model.summary(FilterExpression(parsing: "-service:*")))
    for place in model.summary.lists.map(\.place) {
      let list = place.reduce(narrowed) { $0.object?[$1] ?? .null }
      let isOfServices = ["top_users", "configs"].contains(place[0])
      #expect(!isOfServices || list.array?.isEmpty == true, "\(place)")
    }
  }
}

extension Value {
  /// Whatever the order of its fields.
  fileprivate var canonical: String {
    if let fields = object {
      return "{" + fields.map { "\($0.key):\($0.value.canonical)" }.sorted().joined(separator: ",") + "}"
    }
    if let elements = array { return "[" + elements.map(\.canonical).joined(separator: ",") + "]" }
    return "\(self)"
  }

  fileprivate func at(_ path: [ByteText]) -> Value? {
    path.reduce(self as Value?) { $0?.object?[$1] }
  }
}
