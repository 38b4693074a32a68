import GenAPIGateway
import GenAPIValue

/// What happens to the cluster: deployments, operators, faults that come and go. A round takes a minute; the
/// first one is quicker to its events, so that a new viewer sees each of them within eight seconds.
struct DemoDirector: Sendable {
  let gateways: [Gateway]
  let nodes: InMemoryCluster
  let faults: ServiceFaultLog
  let clients: [DemoClient]

  /// Runs until cancelled.
  func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await faultsComeAndGo() }
      group.addTask { await deployments() }
      group.addTask { await operators() }
      group.addTask { await greedyUser() }
      group.addTask { await chat() }
    }
  }

  private func wait(_ seconds: Double) async throws { try await Task.sleep(for: .seconds(seconds)) }

  private func faultsComeAndGo() async {
    do {
      try await wait(2)
      while true {
        nodes.setUp("billing1@demo", false, reason: "connection lost")
        faults.change {
          $0.brokenSearch = true
          $0.hangingAudit = true
        }
        try await wait(2)
        nodes.setUp("billing1@demo", true)
        faults.change { $0.brokenEnrichment = true }
        try await wait(1)
        faults.change { $0 = ServiceFaultLog.Switches() }
        nodes.setUp(MediaService.node, true)
        try await wait(9)
        faults.change { $0.slowOrders = true }
        try await wait(12)
        faults.change { $0.slowOrders = false }
        try await wait(10)
        nodes.setUp(MediaService.node, false, reason: "restarted")
        nodes.setUp("users2@demo", false, reason: "net_tick_timeout")
        try await wait(6)
        nodes.setUp("users2@demo", true)
        nodes.setUp(MediaService.node, true)
        try await wait(18)
      }
    } catch {}
  }

  private func deployments() async {
    do {
      for gateway in gateways {
        _ = try? gateway.receiver.push(OrderService.push(version: "1.0.4"), from: "orders1@demo")
        _ = try? gateway.receiver.push(BillingService.push, from: "billing1@demo")
      }
      for round in 1... {
        try await wait(round == 1 ? 4 : 50)
        let push = OrderService.push(version: "1.\(round).0", isPatient: round % 2 == 0)
        // One gateway gets it later than the others, and for that while they differ.
        for (index, gateway) in gateways.enumerated() {
          if index == gateways.count - 1 { try await wait(3) }
          _ = try? gateway.receiver.push(push, from: "orders1@demo")
        }
        try await wait(7)
        for gateway in gateways { _ = try? gateway.receiver.push(push, from: "orders2@demo") }
      }
    } catch {}
  }

  private func operators() async {
    do {
      let probe = FunctionConfig(
        service: "debug_service", requestType: "dump", function: FunctionReference("Users.Api", "get_user"),
        arguments: ["user_id": ArgumentSpec(.string)])
      while true {
        try await wait(3)
        try? gateways[0].configs.add(probe)
        for gateway in gateways {
          try? gateway.configs.disable(OrderService.name, "list_orders", version: "1.0.0")
        }
        await reload(gateways[gateways.count - 1])
        try await wait(3)
        _ = try? gateways[0].configs.delete("debug_service", "dump")
        for gateway in gateways {
          try? gateway.configs.enable(OrderService.name, "list_orders", version: "1.0.0")
        }
        try await wait(54)
      }
    } catch {}
  }

  /// An operator empties a gateway's store and fills it again from the services.
  private func reload(_ gateway: Gateway) async {
    gateway.configs.clear()
    _ = try? gateway.configs.batchAdd(ChatService.configs)
    for service in gateway.receiver.pushedVersions.keys {
      guard let config = gateway.receiver.pushedConfig(service) else { continue }
      _ = try? gateway.receiver.push(config, force: true)
    }
    await gateway.puller.pull(UserService.name, force: true)
  }

  /// One user asks for too much, is refused, and is let off by an operator.
  private func greedyUser() async {
    let user = clients[17]
    do {
      try await wait(1.5)
      while true {
        for _ in 0..<160 {
          await user.call(UserService.name, "get_user", ["user_id": .string(user.userID)])
          try await wait(0.02)
        }
        _ = user.gateway.rateLimiter.reset(keyValue: user.userID, scope: .global, key: "user_id")
        try await wait(35)
      }
    } catch {}
  }

  private func chat() async {
    // Groups live on one gateway; these are the first's users.
    let members = clients.filter { $0.gateway === gateways[0] }
    guard members.count >= 6 else { return }
    do {
      try await wait(0.5)
      for (index, client) in clients.enumerated() {
        if index < gateways.count { await create("lobby", "public", client) }
        await client.join("lobby")
      }
      await create("ops", "private", members[1])
      await create("board", "strict_private", members[2])
      while true {
        await members[5].join("lobby")
        for member in members[2..<6] { await member.join("ops") }
        for member in members[3..<6] { await member.join("board") }
        try await wait(1)
        for member in members[2..<5] {
          await members[1].call(ChatService.name, "accept_member", group("ops", member))
        }
        for member in members[3..<6] {
          await members[2].call(ChatService.name, "accept_member", group("board", member))
        }
        try await wait(1)
        await members[2].call(ChatService.name, "mute_member", group("board", members[4]))
        await members[4].call(ChatService.name, "relay_msg", ["group_id": "board", "message": "may I?"])
        await members[3].call(ChatService.name, "relay_msg", ["group_id": "board", "message": "minutes"])
        try await wait(2)
        members[5].disconnect(reason: "transport closed")
        await members[3].call(ChatService.name, "leave_group", ["group_id": "ops"])
        try await wait(2)
        members[5].connect()
        try await wait(12)
        await members[2].call(ChatService.name, "unmute_member", group("board", members[4]))
        await create("incident", "public", members[3])
        await members[4].join("incident")
        try await wait(15)
        await members[3].call(ChatService.name, "leave_group", ["group_id": "incident"])
        await members[4].call(ChatService.name, "leave_group", ["group_id": "incident"])
        try await wait(20)
      }
    } catch {}
  }

  private func create(_ group: ByteText, _ type: ByteText, _ client: DemoClient) async {
    await client.call(ChatService.name, "create_group", ["group_id": .string(group), "type": .string(type)])
  }

  private func group(_ id: ByteText, _ member: DemoClient) -> ValueObject {
    ["group_id": .string(id), "user_id": .string(member.userID)]
  }
}

extension DemoClient {
  func join(_ group: ByteText) async {
    await call(ChatService.name, "join_group", ["group_id": .string(group)])
  }
}
