import Foundation
import GenAPIStream
import GenAPIValue
import OutsideText
import TopScreen

/// One event as one line of text: the columns an operator looks for first, then what is left.
enum PrintedEvent {
  private static let shown: Set<ByteText> = [
    "service", "request_type", "request_id", "user_id", "version", "outcome",
  ]

  static func text(_ record: EventRecord) -> String {
    var parts = [time(record.at), pad(record.node ?? "-", 10), pad(record.shortName, 32)]
    parts.append(pad(record.service ?? "-", 20))
    parts.append(pad(record.requestType ?? "-", 20))
    if let duration = record.durationUs {
      parts.append("duration=\(TimeText.duration(microseconds: duration))")
    }
    if let outcome = record.outcomeName { parts.append("outcome=\(outcome)") }
    if let user = record.userID { parts.append("user=\(user)") }
    if let id = record.requestID { parts.append("request=\(id)") }
    for (key, value) in record.measurements where key != "duration_us" && key != "system_time" {
      parts.append("\(key)=\(plain(value))")
    }
    for (key, value) in record.metadata where !shown.contains(key) && !value.isNull {
      parts.append("\(key)=\(plain(value))")
    }
    // What a stranger wrote into an event must not reach the terminal as an escape sequence.
    return parts.joined(separator: " ").shown
  }

  private static func plain(_ value: Value) -> String {
    if case .string(let text) = value {
      return text.utf8.contains(0x20) || text.isEmpty ? "\"\(text)\"" : text.string
    }
    var json = JSONWriter()
    json.value(value)
    return json.text
  }

  private static func pad(_ text: ByteText, _ width: Int) -> String {
    text.string + String(repeating: " ", count: max(0, width - text.byteCount))
  }

  static func time(_ microseconds: Int64) -> String {
    TimeText.preciseClock(microseconds, offset: ClockOffset(LocalTime.offset(at: microseconds)))
  }
}
