/// Modules of Erlang/OTP and Elixir through which a function config could run any code, start programs, read and write
/// files, open connections, or change the node that it runs on.
///
/// Only what comes with a release can be listed, not what a service's dependencies bring. An allow list protects; this
/// list keeps the worst out where there is none.
enum DeniedModules {
  /// Whether a module is on the list; Elixir's may be named with or without their `Elixir.`.
  static func contains(_ module: String) -> Bool {
    let bytes = Array(module.utf8)
    if let elixir = withoutPrefix(bytes) {
      // The first part of the name: `Mix` of `Mix.Tasks.Cmd`.
      return elixirRoots.contains(String(decoding: elixir.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self))
    }
    return erlang.contains(module) || erlangFamilies.contains { bytes.starts(with: $0.utf8) }
  }

  /// Functions of modules that are harmless otherwise. What makes atoms fills a table that is never emptied.
  static func contains(_ module: String, _ function: String) -> Bool {
    let bytes = Array(module.utf8)
    guard let elixir = withoutPrefix(bytes) else { return functions.contains("\(module).\(function)") }
    return functions.contains("\(String(decoding: elixir, as: UTF8.self)).\(function)")
  }

  /// The name of an Elixir module without `Elixir.`; nil for one of Erlang.
  private static func withoutPrefix(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var rest = bytes[...]
    let prefix = "Elixir.".utf8
    while rest.starts(with: prefix) { rest = rest.dropFirst(prefix.count) }
    let isElixir = rest.count < bytes.count || rest.first.map { (0x41...0x5a).contains($0) } ?? false
    return isElixir ? rest : nil
  }

  private static let functions: Set<String> = [
    "String.to_atom", "List.to_atom", "Calendar.put_time_zone_database", "URI.default_port",
  ]

  private static let elixirRoots: Set<String> = [
    "Agent", "Application", "Behaviour", "Code", "Collectable", "Config", "DynamicSupervisor", "EEx",
    "Enumerable", "ExUnit", "File", "Function", "GenEvent", "GenServer", "Hex", "IEx", "IO", "Kernel",
    "Logger",
    "Macro", "Mix", "Module", "Node", "PartitionSupervisor", "Path", "Port", "Process", "Protocol", "Record",
    "Registry", "StringIO", "Supervisor", "System", "Task",
  ]

  /// What the names of modules begin with that belong together, and that nobody else uses.
  private static let erlangFamilies = [
    "asn1ct", "beam_", "cerl", "ct_", "dbg_", "dets", "diameter", "disk_log", "dtls_", "edlin", "edoc",
    "elixir_",
    "erl_", "erts_", "eunit", "httpc", "httpd", "inet6_", "inet_", "logger_", "megaco", "mnesia", "prim_",
    "raw_file_io", "release_handler", "rebar", "sasl", "shell_", "snmp", "ssh", "ssl", "systools", "tftp",
    "tls_", "xmerl", "xref_",
  ]

  private static let erlang: Set<String> = [
    // Running code: evaluating, compiling, loading, applying.
    "apply", "c", "code", "code_server", "compile", "cover", "elixir", "epp", "epp_dodger", "error_handler",
    "escript", "eval_bits", "iex", "igor", "int", "leex", "make", "merl", "merl_transform", "ms_transform",
    "qlc",
    "qlc_pt", "rec_env", "shell", "yecc", "yeccparser", "yeccscan", "core_lib", "core_lint", "core_parse",
    "core_pp", "core_scan", "otp_internal", "sys_core_alias", "sys_core_bsm", "sys_core_fold",
    "sys_core_fold_lists", "sys_core_inline", "sys_core_prepare", "sys_coverage", "sys_messages",
    "sys_pre_attributes", "v3_core", "v3_kernel", "v3_kernel_pp", "i", "argparse", "erlang", "hipe",
    "hipe_unified_loader",
    // Processes, and functions that others apply.
    "alarm_handler", "application", "application_controller", "application_master", "application_starter",
    "gen", "gen_event", "gen_fsm", "gen_server", "gen_statem", "log_mf_h", "peer", "pg", "pg2", "pool",
    "proc_lib", "slave", "supervisor", "supervisor_bridge", "sys", "timer", "data_publisher",
    // The node, its cluster, its settings and its state.
    "atomics", "auth", "counters", "dist_ac", "dist_util", "erpc", "ets", "digraph", "digraph_utils",
    "error_logger", "error_logger_file_h", "error_logger_tty_h", "global", "global_group", "global_search",
    "heart", "init", "kernel", "kernel_config", "kernel_refc", "logger", "net", "net_adm", "net_kernel",
    "persistent_term", "rpc", "seq_trace", "trace", "erlsrv",
    // The operating system, files, and what decompresses without a bound.
    "file", "file_io_server", "file_server", "file_sorter", "filelib", "filename", "group", "group_history",
    "io", "io_ansi", "os", "ram_file", "standard_error", "user", "user_drv", "user_sup", "win32reg",
    "wrap_log_reader",
    "zip", "zlib", "zstd", "man_docs", "crypto", "public_key", "pubkey_os_cacerts",
    // Connections.
    "eldap", "ftp", "gen_sctp", "gen_tcp", "gen_tcp_socket", "gen_udp", "gen_udp_socket", "inet", "inets",
    "inets_service", "inets_app", "inets_sup", "inets_lib", "inets_trace", "local_tcp", "local_udp", "odbc",
    "mod_auth", "mod_cgi", "mod_esi", "mod_security", "odbc_sup", "socket", "socket_registry",
    // Watching and measuring the node.
    "appmon_info", "cpu_sup", "cprof", "crashdump", "crashdump_viewer", "ct", "dbg", "debugger", "dialyzer",
    "disksup", "dyntrace", "eprof", "et", "etop", "format_lib_supp", "fprof", "instrument", "lcnt", "memsup",
    "misc_supp", "msacc", "nteventlog", "observer", "observer_backend", "os_mon", "os_mon_mib",
    "os_mon_sysinfo", "os_sup", "rb", "rb_format_supp", "reltool", "runtime_tools", "runtime_tools_sup",
    "scheduler", "system_information", "tags", "tprof", "ttb", "ttb_autostart", "typer", "versions", "xref",
    "test_server", "wx", "wx_object", "wxe_server",
  ]
}
