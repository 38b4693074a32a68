import GenAPIChannels
import GenAPIGateway
import GenAPIValue

/// The commands as paths of a Unix socket: `POST /control/NAME` with an object of what the command is told.
///
/// The answer is JSON for who accepts that, else text for people; a refusal is a line of text with why.
enum ControlRoutes {
  /// - Parameter claims: those of tokens that limits can count by now.
  static func all(for gateway: Gateway, claims: @escaping @Sendable () -> [ByteText] = { [] }) -> [ByteText:
    HTTPRoute]
  {
    var routes: [ByteText: HTTPRoute] = [:]
    for command in ControlCommand.all {
      routes[command.path] = { question in await answer(command, question, gateway, claims()) }
    }
    return routes
  }

  private static func object(in body: [UInt8]) throws(ControlFault) -> ValueObject {
    if body.isEmpty { return [:] }
    let value: Value
    do {
      value = try Value(written: body)
    } catch {
      throw .arguments("a command is told a JSON object: \(error)")
    }
    guard let object = value.object else {
      throw .arguments("a command is told a JSON object, not \(value.instead(of: "an object"))")
    }
    return object
  }

  private static func answer(
    _ command: ControlCommand, _ question: HTTPQuestion, _ gateway: Gateway, _ claims: [ByteText]
  ) async -> HTTPAnswer {
    do {
      let fields = try object(in: question.body)
      let call = try ControlCall(command, fields, gateway, claims: claims)
      if let action = command.action {
        do throws(AdminError) {
          let told = Value.object(fields).json(cut: 500)
          try gateway.admin(as: "uid \(question.userID.map { "\($0)" } ?? "unknown")")
            .permit(action, for: "ctl \(command.name) \(told)")
        } catch {
          throw ControlFault.notAllowed(error.description)
        }
      }
      let answer = try await command.run(call)
      guard question.accept.contains("application/json") else { return HTTPAnswer(text: answer.text) }
      return HTTPAnswer(contentType: "application/json", body: answer.value.jsonBytes + [10])
    } catch let fault as ControlFault {
      return HTTPAnswer(status: fault.status, text: fault.description.shown)
    } catch {
      return HTTPAnswer(status: 500, text: "\(error)".shown)
    }
  }
}
