import GenAPIValue
import TOON

/// What messages of channels cost as TOON, beside JSON in the same run: bytes, and microseconds of processor time to
/// write and to read.
enum TOONMessages {
  private enum Form: String, CaseIterable {
    case json
    case toon3 = "toon 3.0"
    case toon4 = "toon 4.0"

    var options: TOONWriter.Options { TOONWriter.Options(version: self == .toon3 ? .v3 : .v4) }
  }

  /// Rounds of all forms in turn, so that what else the machine does meets them alike; the median is told.
  private static let rounds = 31
  private static let batch = 2_000

  static func run() throws {
    for (name, value) in messages {
      var write: [Form: [Double]] = [:]
      var read: [Form: [Double]] = [:]
      for _ in 0..<rounds {
        for form in Form.allCases {
          write[form, default: []].append(try microseconds { try writing(value, form) })
          let bytes = try form == .json ? value.jsonBytes : value.toonBytes(form.options)
          read[form, default: []].append(
            try microseconds {
              for _ in 0..<batch {
                let value = try form == .json ? Value(json: bytes) : Value(toon: bytes)
                precondition(!value.isNull)
              }
            })
        }
      }
      for form in Form.allCases {
        let bytes = try form == .json ? value.jsonBytes : value.toonBytes(form.options)
        print(
          #"{"message":"\#(name)","form":"\#(form.rawValue)","bytes":\#(bytes.count),"#
            + #""write_us":\#(median(write[form]!)),"read_us":\#(median(read[form]!))}"#)
      }
    }
  }

  private static func writing(_ value: Value, _ form: Form) throws {
    if form == .json {
      var json = JSONWriter()
      for _ in 0..<batch {
        json.restart()
        json.value(value)
      }
      precondition(json.count > 0)
    } else {
      var toon = TOONWriter(options: form.options)
      for _ in 0..<batch {
        toon.restart()
        try toon.document(value)
      }
      precondition(toon.count > 0)
    }
  }

  /// Of one message, when the body handles a batch.
  private static func microseconds(_ body: () throws -> Void) rethrows -> Double {
    let start = cpuSeconds()
    try body()
    return (cpuSeconds() - start) * 1e6 / Double(batch)
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  private static func frame(_ payload: Value) -> Value { ["1", "17", "api:lobby", "api", payload] }

  /// Rows of a table; nested ones are a table only in version 4.
  private static func rows(nested: Bool) -> [Value] {
    (0..<50).map { row in
      var object: ValueObject = ["id": .int(Int64(row)), "role": row % 3 == 0 ? "admin" : "member"]
      object["name"] = .string(.init("user \(row)"))
      object["score"] = .double(Double(row) * 1.25)
      if nested { object["address"] = ["city": "Berlin", "zip": "10115"] }
      return .object(object)
    }
  }

  private static let messages: [(String, Value)] = [
    ("receipt", ["1", "17", "api:lobby", "phx_reply", ["status": "ok", "response": "echo"]]),
    (
      "request",
      frame([
        "service": "demo", "request_type": "echo", "request_id": "req_8f2a91c4",
        "args": ["message": "hello, who is there?"],
      ])
    ),
    (
      "answer",
      frame([
        "request_id": "req_8f2a91c4",
        "result": [
          "id": 4_711, "name": "Ada Lovelace", "email": "ada@example.com", "active": true, "balance": 1_234.5,
          "tags": ["admin", "ops", "dev"],
        ],
        "success": true, "error": nil, "async": false, "has_more": false, "can_retry": false,
      ])
    ),
    ("50 rows", frame(["rows": .array(rows(nested: false))])),
    ("50 nested rows", frame(["rows": .array(rows(nested: true))])),
    (
      "1 KB of text",
      frame([
        "message": .string(
          .init(String(repeating: "The quick brown fox jumps over the lazy dog, and: on. ", count: 19)))
      ])
    ),
  ]
}
