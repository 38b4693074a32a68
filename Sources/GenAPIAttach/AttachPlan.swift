/// What watching does to a gateway, in words and in full.
public enum AttachPlan {
  /// What would be called on the node of a target, and the module that would be put there.
  ///
  /// - Parameters:
  ///   - cookie: where the cluster's cookie would be from, or why there is none; nil leaves it out.
  ///   - usesAgent: false for watching without it.
  public static func text(_ target: String, cookie: String? = nil, usesAgent: Bool = true) -> String {
    let asked =
      cookie.map {
        "Nothing was asked of the node: whether it is there is not known. The cookie would be \($0).\n"
      } ?? ""
    return asked + (usesAgent ? loading(target) : reading(target))
  }

  private static func loading(_ target: String) -> String {
    let module = AgentProgram.module
    return """
      On \(target), which any program with the cluster's cookie may do, genapi-top would
        1. connect as a hidden node under the first free of the names genapi_top_1 ... genapi_top_16
        2. look: erlang:system_info(otp_release), erlang:whereis of the supervisors of phoenix_gen_api and telemetry,
           application:get_key(phoenix_gen_api, vsn), application:get_env(phoenix_gen_api, client_mode)
        3. code:is_loaded(\(module)); where it is not: lists:map(fun erlang:system_info/1, [atom_count, atom_limit, process_count,
           process_limit]), and nothing more where there is no room; erl_scan:string, erl_parse:parse_exprs and erl_eval:expr of what
           stands under the source below, in one process of all that come at once: it compiles and loads the source, the others wait for it
        4. \(module):start(OurProcess, Options), and monitor the process that it names
      When the last watcher is gone the module detaches its handler, ends its processes, which own its tables, and is removed.
      Nothing is written to a disk, and nothing of the gateway is changed.

      \(AgentProgram.source)
      \(AgentProgram.loader)
      """
  }

  private static func reading(_ target: String) -> String {
    """
    On \(target), which any program with the cluster's cookie may do, genapi-top would
      1. connect as a hidden node under the first free of the names genapi_top_1 ... genapi_top_16
      2. look: erlang:system_info(otp_release), erlang:whereis of the supervisors of phoenix_gen_api and telemetry,
         application:get_key(phoenix_gen_api, vsn), application:get_env(phoenix_gen_api, client_mode)
      3. lists:map(fun erlang:system_info/1, [atom_count, atom_limit, process_count, process_limit]), and nothing more where there is
         no room; erl_scan:string and erl_parse:parse_form of the functions below, erl_parse:parse_exprs of the expression below
      4. each interval erl_eval:expr of that expression, in a process that ends with its answer
    No module of ours is loaded, no process stays, nothing is written, and nothing of the gateway is changed.

    \(AgentProgram.runner)

    \(AgentProgram.reading)

    """
  }
}
