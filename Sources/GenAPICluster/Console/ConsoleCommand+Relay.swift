import ErlangNode
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue

/// Relay groups. Clients join and speak over their sockets; processes of services join here.
extension ConsoleCommand {
  static let relay: [ConsoleCommand] = [
    .tells(
      "PhoenixGenApi.Relay.get_group_info", "PhoenixGenApi.RelayServer.get_group_info", arity: 1...1,
      "`{:ok, %{group_id:, group_type:, members:}}` or `{:error, :not_found}`"
    ) { call in
      do throws(RelayError) {
        return .ok(await group(try call.gateway.relay.groupInfo(groupID: ConsoleRelay.id(call, 0)), call))
      } catch {
        return .error(.atom("not_found"))
      }
    },
    .tells("PhoenixGenApi.RelayServer.status", arity: 0...0, "the groups with the numbers of their members") {
      call in
      ConsoleRelay.status(of: call.gateway)
    },
    .changes(
      "PhoenixGenApi.Relay.create_group", "PhoenixGenApi.RelayServer.create_group", arity: 4...4,
      .changeGroups,
      "`(group_id, :public \\| :private \\| :strict_private, user_id, pid)`: makes a group whose admin is a process"
    ) { call in
      guard let kind = TermValue.text(call[1]).flatMap({ RelayGroup.Kind(rawValue: $0.string) }) else {
        throw call.fault("group_type must be :public, :private or :strict_private")
      }
      let process = try await call.process(3)
      return ConsoleRelay.done { () throws(RelayError) in
        try call.gateway.relay.createGroup(
          groupID: ConsoleRelay.id(call, 0), type: kind, creator: ConsoleRelay.id(call, 2),
          connection: process)
      }
    },
    .changes(
      "PhoenixGenApi.Relay.join_group", "PhoenixGenApi.RelayServer.join_group", arity: 3...3, .changeGroups,
      "`(group_id, user_id, pid)`: a process joins, and gets `{:relay_message, %Response{}}`: `{:ok, :active}` or `{:ok, :pending}`"
    ) { call in
      let process = try await call.process(2)
      do throws(RelayError) {
        let status = try call.gateway.relay.join(
          groupID: ConsoleRelay.id(call, 0), userID: ConsoleRelay.id(call, 1), connection: process)
        return .term(.ok(.atom(ByteText(status.rawValue))))
      } catch {
        return .error(.atom(error.name))
      }
    },
    .changes(
      "PhoenixGenApi.Relay.delete_group", "PhoenixGenApi.RelayServer.delete_group", arity: 1...1,
      .changeGroups,
      "deletes a group with all memberships"
    ) { call in
      ConsoleRelay.done { () throws(RelayError) in
        try call.gateway.relay.deleteGroup(groupID: ConsoleRelay.id(call, 0))
      }
    },
    .changes(
      "PhoenixGenApi.Relay.leave_group", "PhoenixGenApi.RelayServer.leave_group", arity: 2...2, .changeGroups,
      "`(group_id, user_id)`: takes a member out"
    ) { call in
      ConsoleRelay.done { () throws(RelayError) in
        try call.gateway.relay.leave(groupID: ConsoleRelay.id(call, 0), userID: ConsoleRelay.id(call, 1))
      }
    },
    .changes(
      "PhoenixGenApi.Relay.accept_member", "PhoenixGenApi.RelayServer.accept_member", arity: 3...3,
      .changeGroups,
      "`(group_id, actor, user_id)`: lets a pending member in, in the actor's name"
    ) { call in
      ConsoleRelay.done { () throws(RelayError) in
        try call.gateway.relay.accept(
          groupID: ConsoleRelay.id(call, 0), actor: ConsoleRelay.id(call, 1), userID: ConsoleRelay.id(call, 2)
        )
      }
    },
    .changes(
      "PhoenixGenApi.Relay.mute_member", "PhoenixGenApi.RelayServer.mute_member", arity: 3...3, .changeGroups,
      "the same: takes the word from a member of a strict private group"
    ) { call in
      ConsoleRelay.done { () throws(RelayError) in
        try call.gateway.relay.mute(
          groupID: ConsoleRelay.id(call, 0), actor: ConsoleRelay.id(call, 1), userID: ConsoleRelay.id(call, 2)
        )
      }
    },
    .changes(
      "PhoenixGenApi.Relay.unmute_member", "PhoenixGenApi.RelayServer.unmute_member", arity: 3...3,
      .changeGroups,
      "the same: gives it back"
    ) { call in
      ConsoleRelay.done { () throws(RelayError) in
        try call.gateway.relay.unmute(
          groupID: ConsoleRelay.id(call, 0), actor: ConsoleRelay.id(call, 1), userID: ConsoleRelay.id(call, 2)
        )
      }
    },
  ]

  private static func group(_ group: RelayGroup, _ call: ConsoleCall) async -> Term {
    async let sets = KnownStruct("Elixir.MapSet", at: call.caller.node, from: call.node)
    let set = await sets
    let members = group.members.sorted { $0.key < $1.key }
    return .fields([
      "group_id": .text(group.id), "group_type": .atom(ByteText(group.kind.rawValue)),
      "members": ConsolePage.map(members, most: ConsolePage.mostConfigs) { user, member in
        let roles = TermMap([(key: .atom(ByteText(member.role.rawValue)), value: .list([]))])
        return (
          key: .text(user),
          value: .fields([
            "roles": set.term([("map", .map(roles))]), "status": .atom(ByteText(member.status.rawValue)),
            "joined_at": ConsoleRelay.dateTime(microseconds: member.joinedAt), "monitor_ref": .atom("nil"),
          ])
        )
      },
    ])
  }
}

/// What the commands on groups share.
enum ConsoleRelay {
  /// An id that is no text belongs to nobody.
  static func id(_ call: ConsoleCall, _ index: Int) -> ByteText { TermValue.text(call[index]) ?? "" }

  static func done(_ body: () throws(RelayError) -> Void) -> ConsoleAnswer {
    do throws(RelayError) {
      try body()
      return .done
    } catch {
      return .error(.atom(error.name))
    }
  }

  static func status(of gateway: Gateway) -> Term {
    let groups = gateway.relay.groupStates()
    return .fields([
      "status": .atom("ok"), "group_count": .int(groups.count),
      "groups": ConsolePage.list(groups, most: ConsolePage.most) { group in
        .fields([
          "group_id": .text(group.groupID), "group_type": .atom(group.groupType),
          "member_count": .int(group.active + group.pending + group.muted),
          "active_count": .int(group.active),
        ])
      },
      "monitored_memberships": .int(groups.reduce(0) { $0 + $1.active + $1.pending + $1.muted }),
    ])
  }

  /// A `%DateTime{}` in UTC.
  static func dateTime(microseconds: Int64) -> Term {
    let seconds = (microseconds - (microseconds % 1_000_000 + 1_000_000) % 1_000_000) / 1_000_000
    let days = (seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400
    let clock = seconds - days * 86_400
    // Civil days from an era that begins in March of the year 0: leap days come last.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let year = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    return .fields([
      "__struct__": .atom("Elixir.DateTime"), "calendar": .atom("Elixir.Calendar.ISO"),
      "year": .integer(year + era * 400 + (month >= 10 ? 1 : 0)),
      "month": .integer(month < 10 ? month + 3 : month - 9),
      "day": .integer(dayOfYear - (153 * month + 2) / 5 + 1), "hour": .integer(clock / 3_600),
      "minute": .integer(clock % 3_600 / 60), "second": .integer(clock % 60),
      "microsecond": .tuple([.integer(microseconds - seconds * 1_000_000), .integer(6)]),
      "time_zone": .text("Etc/UTC"), "zone_abbr": .text("UTC"), "utc_offset": .integer(0),
      "std_offset": .integer(0),
    ])
  }
}
