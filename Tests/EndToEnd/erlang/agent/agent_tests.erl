%% Tests of the agent with Erlang alone. Each export of arity 0 but main/0 is a test; its name is its sentence.
-module(agent_tests).
-compile(export_all).
-compile(nowarn_export_all).

-define(AGENT, genapi_agent_1).

main() ->
    telemetry:up(),
    Tests = [F || {F, 0} <- lists:sort(?MODULE:module_info(exports)), F =/= main, F =/= module_info, hd(atom_to_list(F)) =:= $t],
    Results = [run(T) || T <- Tests],
    io:format("~b tests, ~b failed~n", [length(Tests), length([R || R <- Results, R =/= ok])]),
    halt(case lists:all(fun(R) -> R =:= ok end, Results) of true -> 0; false -> 1 end).

%% What the handler costs a request of four events, in microseconds: the best of some rounds, since others use the machine too.
%% Machines differ, so that it is held against a measure of the same run: what the fewest operations on tables cost that could keep
%% such numbers – a request is put into a table and taken out, and four counters of a row are raised twice. docs/attach.md has the
%% microseconds. How many reductions a request is charged does not depend on the machine at all.
cost() ->
    telemetry:up(),
    Measure = measure(),
    Without = best(),
    Free = reductions(),
    W = watch(),
    state(W),
    Counting = best(),
    Charged = reductions() - Free,
    W ! {want, #{mask => 1 bsl 31 - 1, services => [[<<"another">>]]}},
    state(W),
    Filtered = best(),
    W ! {want, #{mask => 1 bsl 31 - 1, services => all}},
    state(W),
    Telling = best(),
    io:format("a request of 4 events: ~.2f us without, +~.2f counted, +~.2f for a filter that fits none, +~.2f an event told;~n"
              "the operations on tables alone ~.2f us; ~.1f reductions counted~n",
              [Without, Counting - Without, Filtered - Counting, (Telling - Counting) / 4, Measure, Charged]),
    halt(case Counting - Without =< 6 * Measure andalso (Telling - Counting) / 4 =< 4 * Measure andalso Charged =< 200 of
             true -> 0;
             false -> 1
         end).

measure() ->
    T = ets:new(measure, [public, {write_concurrency, true}]),
    ets:insert(T, erlang:make_tuple(23, 0, [{1, 7}])),
    lists:min([element(1, timer:tc(fun() -> measure(T, 500) end)) / 500 || _ <- lists:seq(1, 100), timer:sleep(20) =:= ok]).

measure(_, 0) -> ok;
measure(T, N) ->
    ets:insert_new(T, {self(), 7, <<"req_1">>, none}),
    ets:update_counter(T, 7, [{4, 1}, {3, 1}, {18, 250}, {19, 0}]),
    ets:update_counter(T, 7, [{4, 1}, {3, 1}, {18, 250}, {19, 0}]),
    ets:take(T, self()),
    measure(T, N - 1).

%% Of a request.
reductions() ->
    Self = self(),
    done(spawn_monitor(fun() ->
                               {reductions, Before} = process_info(self(), reductions),
                               four(1000),
                               {reductions, After} = process_info(self(), reductions),
                               Self ! {charged, (After - Before) / 1000}
                       end)),
    receive {charged, N} -> N end.

best() -> lists:min([round_of(500) || _ <- lists:seq(1, 100)]).

round_of(N) ->
    Self = self(),
    done(spawn_monitor(fun() ->
                               {Us, _} = timer:tc(fun() -> four(N) end),
                               Self ! {took, Us}
                       end)),
    timer:sleep(20),
    receive {took, Us} -> Us / N end.

four(0) -> ok;
four(N) ->
    request(<<"req_1">>, <<"type">>, true, 250),
    exec([worker_pool, task, start], #{system_time => 0}, #{pool_name => async_pool}),
    four(N - 1).

run(Test) ->
    Began = erlang:monotonic_time(millisecond),
    Result = try ?MODULE:Test(), ok catch C:R:S -> io:format("FAILED ~s: ~p~n", [Test, {C, R, S}]), failed end,
    try wait_gone() catch _:_ -> ok end,
    io:format("~s ~s (~b ms)~n", [Result, Test, erlang:monotonic_time(millisecond) - Began]),
    Result.

%% Counting

test_counters_of_64_processes_are_exact() ->
    W = watch(),
    Self = self(),
    N = 2000,
    Pids = [spawn(fun() ->
                          [request(integer_to_binary(P), <<"type">>, N1 rem 2 =:= 0, 100 + P) || N1 <- lists:seq(1, N)],
                          Self ! {done, self()}
                  end) || P <- lists:seq(1, 64)],
    [receive {done, P} -> ok end || P <- Pids],
    #{series := Series, scalars := #{events := [Starts, Stops | _]}} = state(W),
    All = 64 * N,
    Half = All div 2,
    Sum = N * lists:sum(lists:seq(101, 164)),
    {All, All} = {Starts, Stops},
    Row = row({<<"service">>, <<"type">>}, Series),
    All = requests(Row),
    {Half, Half} = {outcome(ok, Row), outcome(error, Row)},
    All = lists:sum([Count || {_, Count} <- buckets(Row)]),
    Sum = element(7, Row),
    164 = element(8, Row),
    stop(W).

test_buckets_are_those_of_the_stream() ->
    W = watch(),
    [request(<<"r">>, <<"type">>, true, Us) || Us <- [0, 127, 128, 1500, 1 bsl 36 - 1, 1 bsl 40]],
    #{series := Series} = state(W),
    [{0, 1}, {127, 1}, {128, 1}, {349, 1}, {1983, 2}] = buckets(row({<<"service">>, <<"type">>}, Series)),
    stop(W).

test_outcomes_are_those_that_are_certain() ->
    W = watch(),
    W ! {want, #{mask => 2#110}},
    state(W),
    Ids = fun(R) -> ids(R, <<"t">>) end,
    Exhausted = fun(R, Text) ->
                        start(R, <<"t">>),
                        exec([executor, retry, exhausted], #{}, #{request_id => R, mode => nil, last_error => Text}),
                        exec([executor, request, stop], #{duration_us => 5}, (Ids(R))#{success => false, async => false})
                end,
    Exhausted(<<"1">>, <<"{:error, :timeout}">>),
    Exhausted(<<"2">>, <<"{:error, \"local execution timed out after 100ms\"}">>),
    Exhausted(<<"3">>, <<"{:error, :nodedown}">>),
    Exhausted(<<"4">>, <<"{:error, \"no\"}">>),
    start(<<"5">>, <<"t">>),
    Limit = #{key => <<"u_1">>, scope => global, max_requests => 5, current_requests => 5, window_ms => 1000, retry_after_ms => 10},
    exec([rate_limiter, check], #{duration_us => 3}, (Ids(<<"5">>))#{user_id => <<"u_1">>, result => {error, rate_limited, Limit}}),
    exec([executor, request, stop], #{duration_us => 5}, (Ids(<<"5">>))#{success => false, async => false}),
    start(<<"6">>, <<"t">>),
    exec([executor, request, exception], #{duration_us => 5},
         (Ids(<<"6">>))#{kind => error, reason => <<"bad">>,
                         stacktrace => [{'Elixir.PhoenixGenApi.ArgumentHandler', convert, 2, []}]}),
    start(<<"7">>, <<"t">>),
    exec([executor, request, exception], #{duration_us => 5}, (Ids(<<"7">>))#{kind => error, reason => <<"boom">>, stacktrace => []}),
    %% What another process is told of is not this one's.
    start(<<"8">>, <<"t">>),
    done(spawn_monitor(fun() -> exec([executor, retry, exhausted], #{}, #{request_id => <<"8">>, mode => nil, last_error => <<":nodedown">>}) end)),
    exec([executor, request, stop], #{duration_us => 5}, (Ids(<<"8">>))#{success => false, async => false}),
    #{series := Series} = state(W),
    Row = row({<<"service">>, <<"t">>}, Series),
    8 = requests(Row),
    [2, 2, 1, 1, 1, 1] = [outcome(O, Row) || O <- [timeout, error, unreachable, rate_limited, invalid_arguments, exception]],
    1 = requests(row({limit, global, 5, 1000, user}, Series)),
    %% The events tell the same: the places of the outcomes, none of what is not certain.
    Told = [proplists:get_value(outcome, M, none) || {_, _, _, M, _, _} <- events(W, 8)],
    [2, 2, 4, 1, 9, 5, 3, none] = Told,
    stop(W).

%% As the library names them: the key is the client's own, not what the limit counts by. However many are refused, a limit is one row.
test_refusals_of_a_limit_are_one_row_whoever_was_refused() ->
    W = watch(),
    W ! {want, #{mask => 2#1000000, services => [[<<"service">>]]}},
    state(W),
    Refuse = fun(R, User, Key, Scope) ->
                     start(R, <<"t">>),
                     Limit = #{key => Key, scope => Scope, max_requests => 5, current_requests => 5, window_ms => 1000, retry_after_ms => 10},
                     exec([rate_limiter, check], #{duration_us => 3},
                          (ids(R, <<"t">>))#{user_id => User, result => {error, rate_limited, Limit}}),
                     exec([rate_limiter, exceeded], #{retry_after_ms => 10},
                          (maps:without([window_ms, retry_after_ms], Limit))#{request_id => R, user_id => User}),
                     exec([executor, request, stop], #{duration_us => 5}, (ids(R, <<"t">>))#{success => false, async => false})
             end,
    [begin
         N = integer_to_binary(I),
         User = <<"u_", N/binary>>,
         Refuse(N, User, <<"service:t:u_", N/binary>>, {<<"service">>, <<"t">>}),
         Refuse(N, User, User, global),
         Refuse(N, nil, <<"device_", N/binary>>, global)
     end || I <- lists:seq(1, 50)],
    #{series := Series} = state(W),
    Limits = lists:sort([{K, requests(R)} || {{limit, _, _, _, _} = K, R} <- maps:to_list(Series)]),
    [{{limit, global, 5, 1000, other}, 50}, {{limit, global, 5, 1000, user}, 50}, {{limit, {<<"service">>, <<"t">>}, 5, 1000, user}, 50}] = Limits,
    %% Such an event names no service: it is its request's.
    [{6, _, _, _, _, {_, <<"service">>, <<"t">>}} | _] = events(W, 150),
    stop(W).

%% Of a request that began before the agent came only its end is seen, and what was told of it before.
test_a_request_that_began_before_the_agent_ends_as_it_did() ->
    W = watch(),
    Ends = fun(R, Said) ->
                   Said =:= none orelse exec([executor, retry, exhausted], #{}, #{request_id => R, mode => nil, last_error => Said}),
                   exec([executor, request, stop], #{duration_us => 5}, (ids(R, <<"early">>))#{success => false, async => false})
           end,
    Ends(<<"1">>, <<"{:error, :timeout}">>),
    Ends(<<"2">>, <<"{:error, :nodedown}">>),
    Ends(<<"3">>, <<"{:error, \"no\"}">>),
    Ends(<<"4">>, none),
    Limit = #{key => <<"u_1">>, scope => global, max_requests => 5, current_requests => 5, window_ms => 1000, retry_after_ms => 10},
    exec([rate_limiter, check], #{duration_us => 3}, (ids(<<"5">>, <<"early">>))#{result => {error, rate_limited, Limit}}),
    Ends(<<"5">>, none),
    %% It never stops here: what runs in its process next is followed as ever, and nothing runs for that.
    exec([executor, retry, exhausted], #{}, #{request_id => <<"6">>, mode => nil, last_error => <<"{:error, :timeout}">>}),
    start(<<"7">>, <<"early">>),
    #{series := S1} = state(W),
    6 = requests(row({<<"service">>, <<"early">>}, S1)),
    exec([executor, request, stop], #{duration_us => 5}, (ids(<<"7">>, <<"early">>))#{success => true, async => false}),
    #{series := S} = state(W),
    Row = row({<<"service">>, <<"early">>}, S),
    [6, 1, 1, 2, 1, 1] = [requests(Row) | [outcome(O, Row) || O <- [timeout, unreachable, error, rate_limited, ok]]],
    %% Processes that only told how another's ended are no requests.
    [done(spawn_monitor(fun() -> exec([executor, retry, exhausted], #{}, #{request_id => <<"8">>, mode => nil, last_error => <<"{:error, :timeout}">>}) end))
     || _ <- lists:seq(1, 100)],
    timer:sleep(1500),
    #{series := After} = state(W),
    6 = requests(row({<<"service">>, <<"early">>}, After)),
    0 = element(5, row({<<"service">>, <<"early">>}, After)),
    stop(W).

test_a_request_whose_process_dies_has_ended_without_an_event() ->
    W = watch(),
    done(spawn_monitor(fun() -> start(<<"1">>, <<"dies">>) end)),
    until(fun() -> #{series := S} = state(W), element(5, row({<<"service">>, <<"dies">>}, S)) =:= 1 end),
    stop(W).

%% Whoever catches the exit of a call goes on without a stop.
test_a_request_that_ends_without_an_event_does_not_run_for_ever() ->
    W = watch(),
    Self = self(),
    P = spawn(fun() ->
                      start(<<"1">>, <<"stays">>), Self ! begun,
                      receive next -> start(<<"2">>, <<"next">>), Self ! begun end,
                      receive stop -> ok end
              end),
    receive begun -> ok end,
    #{series := S1} = state(W),
    0 = element(5, row({<<"service">>, <<"stays">>}, S1)),
    [{_, _, _, C} | _] = ets:lookup(telemetry, [phoenix_gen_api, executor, request, start]),
    true = ets:update_element(element(3, C), P, {5, erlang:monotonic_time(second) - 901}),
    until(fun() -> #{series := S} = state(W), element(5, row({<<"service">>, <<"stays">>}, S)) =:= 1 end),
    P ! next,
    receive begun -> ok end,
    #{series := S2} = state(W),
    [{1, 1}, {1, 0}] = [{requests(R), element(5, R)} || T <- [<<"stays">>, <<"next">>], R <- [row({<<"service">>, T}, S2)]],
    exit(P, kill),
    stop(W).

test_a_request_within_another_is_counted_once() ->
    W = watch(),
    start(<<"outer">>, <<"a">>),
    start(<<"inner">>, <<"b">>),
    [exec([executor, request, stop], #{duration_us => 1}, (ids(R, T))#{success => true, async => false})
     || {R, T} <- [{<<"inner">>, <<"b">>}, {<<"outer">>, <<"a">>}]],
    #{series := S} = state(W),
    [1, 1] = [requests(row({<<"service">>, T}, S)) || T <- [<<"a">>, <<"b">>]],
    [1, 1] = [outcome(ok, row({<<"service">>, T}, S)) || T <- [<<"a">>, <<"b">>]],
    stop(W).

%% The table is read while requests begin and end in it: each is counted once at any time.
test_requests_of_a_process_each_are_never_told_twice_and_never_fewer_than_before() ->
    W = watch(),
    Agent = whereis(?AGENT),
    Begun = counters:new(1, []),
    Self = self(),
    Until = erlang:monotonic_time(millisecond) + 4000,
    Each = fun Each() ->
                   case erlang:monotonic_time(millisecond) < Until of
                       false -> Self ! {done, self()};
                       true ->
                           done(spawn_monitor(fun() -> counters:add(Begun, 1, 1), request(<<"r">>, <<"each">>, true, 10) end)),
                           Each()
                   end
           end,
    Pids = [spawn(Each) || _ <- lists:seq(1, 100)],
    Look = fun Look(Before) ->
                   #{series := S} = state(W),
                   Most = counters:get(Begun, 1),
                   Told = case S of #{{<<"service">>, <<"each">>} := Row} -> requests(Row); _ -> 0 end,
                   {true, true, _, _, _} = {Told =< Most, Told >= Before, Told, Most, Before},
                   erlang:monotonic_time(millisecond) < Until andalso Look(Told)
           end,
    Look(0),
    [receive {done, P} -> ok end || P <- Pids],
    All = counters:get(Begun, 1),
    until(fun() -> #{series := S} = state(W), All =:= requests(row({<<"service">>, <<"each">>}, S)) end),
    Agent = whereis(?AGENT),
    stop(W).

test_a_reader_that_fails_takes_no_count_with_it() ->
    W = watch(),
    [request(<<"r">>, <<"t">>, true, 10) || _ <- lists:seq(1, 100)],
    state(W),
    Agent = whereis(?AGENT),
    Reader = fun() -> {links, L} = process_info(Agent, links), [P] = [P || P <- L, is_pid(P)], P end,
    [begin
         exit(Reader(), kill),
         request(<<"r">>, <<"t">>, true, 10),
         #{series := S} = state(W),
         Requests = 100 + I,
         Requests = requests(row({<<"service">>, <<"t">>}, S))
     end || I <- lists:seq(1, 12)],
    Agent = whereis(?AGENT),
    %% One that always fails ends, with its reason, and nothing is left.
    Monitor = monitor(process, Agent),
    %% For a moment after a kill there is none.
    Kill = fun Kill() ->
                   case quietly(Reader) of P when is_pid(P) -> exit(P, kill); _ -> ok end,
                   timer:sleep(1),
                   is_process_alive(Agent) andalso Kill()
           end,
    Kill(),
    receive {'DOWN', Monitor, _, _, killed} -> ok after 5000 -> error(still_there) end,
    exit(W, kill),
    wait_gone().

quietly(F) -> try F() catch _:_ -> none end.

test_names_of_strangers_take_no_more_than_their_room() ->
    W = watch(),
    [request(<<"r">>, <<"x", (integer_to_binary(I))/binary>>, false, 1) || I <- lists:seq(1, 1500)],
    request(<<"r">>, #{a => b}, false, 1),
    #{series := S} = state(W),
    true = map_size(S) =< 1001,
    501 = requests(row(other, S)),
    stop(W).

test_a_function_whose_name_is_long_is_counted_at_itself() ->
    Long = binary:copy(<<"n">>, 10000),
    W = watch(),
    start(<<"1">>, Long),
    exec([executor, request, stop], #{duration_us => 1}, (ids(<<"1">>, Long))#{success => true, async => false}),
    #{series := S} = state(W),
    Cut = <<(binary:part(Long, 0, 256))/binary, "...">>,
    1 = outcome(ok, row({<<"service">>, Cut}, S)),
    false = is_map_key(other, S) andalso requests(row(other, S)) > 0,
    stop(W).

test_totals_are_the_same_for_every_watcher() ->
    A = watch(),
    B = watch(),
    [request(<<"r">>, <<"t">>, true, 10) || _ <- lists:seq(1, 500)],
    #{series := S1} = state(A),
    #{series := S2} = state(B),
    500 = requests(row({<<"service">>, <<"t">>}, S1)),
    500 = requests(row({<<"service">>, <<"t">>}, S2)),
    1 = length(telemetry:list_handlers([phoenix_gen_api, executor, request, stop])),
    stop(A),
    request(<<"r">>, <<"t">>, true, 10),
    #{series := S3} = state(B),
    501 = requests(row({<<"service">>, <<"t">>}, S3)),
    stop(B).

%% Events

test_events_come_only_while_somebody_wants_them() ->
    W = watch(),
    request(<<"no">>, <<"t">>, true, 1),
    W ! {want, #{mask => 2}},
    state(W),
    request(<<"yes">>, <<"t">>, true, 1),
    [{1, _, _, [{duration_us, 1}], D, _}] = events(W, 1),
    {request_id, <<"yes">>} = lists:keyfind(request_id, 1, D),
    stop(W).

test_a_filter_of_services_lets_through_what_it_names() ->
    W = watch(),
    W ! {want, #{mask => 1 bsl 31 - 1, services => [[<<"user_">>, <<>>]]}},
    state(W),
    exec([config, add], #{}, #{service => <<"order">>, request_type => <<"t">>, version => nil}),
    exec([config, add], #{}, #{service => <<"user_a">>, request_type => <<"t">>, version => nil}),
    [{25, _, _, [], D, _}] = events(W, 1),
    {service, <<"user_a">>} = lists:keyfind(service, 1, D),
    stop(W).

test_what_finds_no_room_is_lost_and_counted() ->
    W = watch(#{mask => 2}, silent),
    state(W),
    [exec([executor, request, stop], #{duration_us => 1}, (ids(<<"r">>, <<"t">>))#{success => true}) || _ <- lists:seq(1, 60000)],
    timer:sleep(300),
    #{scalars := #{lost := Lost}} = state(W),
    N = length(events(W, 0)),
    true = N =< 20000,
    request(<<"r">>, <<"t">>, true, 1),
    W ! {get_lost, self()},
    Told = receive {lost, L} -> L end,
    true = N + Lost + Told =< 60001,
    true = N + Lost > 0,
    stop(W).

test_events_hold_no_arguments_and_no_long_texts() ->
    W = watch(),
    W ! {want, #{mask => 1 bsl 31 - 1}},
    state(W),
    Stack = [{m, f, [<<"secret">>], [{line, 3}]} | [{m, f, 1, []} || _ <- lists:seq(1, 50)]],
    exec([executor, request, exception], #{duration_us => 1},
         (ids(<<"r">>, <<"t">>))#{kind => error, reason => binary:copy(<<"x">>, 100000), stacktrace => Stack,
                                  args => <<"secret">>, user_id => binary:copy(<<"u">>, 10000)}),
    [{2, _, _, _, D, _} = Event] = events(W, 1),
    nomatch = binary:match(term_to_binary(Event), <<"secret">>),
    true = erlang:external_size(Event) < 4000,
    {_, Trace} = lists:keyfind(stacktrace, 1, D),
    20 = length(binary:matches(Trace, <<"\n">>)),
    stop(W).

test_a_retry_tells_whose_it_is() ->
    W = watch(),
    W ! {want, #{mask => 8}},
    state(W),
    start(<<"r1">>, <<"t">>),
    exec([executor, retry], #{attempt => 2, backoff_ms => 10}, #{mode => same_node, type => local}),
    [{3, _, _, _, _, {<<"r1">>, <<"service">>, <<"t">>}}] = events(W, 1),
    stop(W).

%% Faults

test_a_handler_that_cannot_count_raises_into_nothing() ->
    W = watch(),
    [exec([executor, request, start], #{}, not_a_map) || _ <- lists:seq(1, 9)],
    [_ | _] = telemetry:list_handlers([phoenix_gen_api]),
    stop(W).

test_after_ten_faults_the_handler_is_off_and_says_so() ->
    W = watch(),
    [exec([executor, request, stop], not_a_map, #{}) || _ <- lists:seq(1, 12)],
    [] = telemetry:list_handlers([phoenix_gen_api]),
    #{scalars := #{faults := 10, attached := false}} = state(W),
    stop(W).

test_hostile_words_of_a_watcher_do_nothing() ->
    W = watch(),
    [?AGENT ! M || M <- [x, {genapi_want, W, x}, {genapi_want, x, #{}}, {genapi_taken, W, x, y}, {genapi_taken, x, 1, 1},
                         {genapi_want, W, #{mask => -1, services => x}}, {genapi_leave, x}]],
    request(<<"r">>, <<"t">>, true, 1),
    #{series := S} = state(W),
    1 = requests(row({<<"service">>, <<"t">>}, S)),
    stop(W).

test_handlers_that_somebody_took_off_are_attached_again() ->
    W = watch(),
    telemetry:detach(?AGENT),
    until(fun() -> telemetry:list_handlers([phoenix_gen_api]) =/= [] end),
    stop(W).

%% The library

test_functions_and_limits_are_read_as_they_are() ->
    Table = ets:new('Elixir.PhoenixGenApi.ConfigDb', [named_table, public]),
    Config = #{nodes => {m, f, [<<"secret">>]}, choose_node_mode => random, timeout => 1000, response_type => sync, retry => nil,
               check_permission => false, permission_callback => nil, before_execute => nil, after_execute => nil,
               disabled => false, mfa => {m, f, [<<"secret">>]}},
    [ets:insert(Table, {{<<"s">>, integer_to_binary(I), nil}, Config}) || I <- lists:seq(1, 1200)],
    W = watch(),
    #{functions := F} = state(W),
    1200 = length(F),
    nomatch = binary:match(term_to_binary(F), <<"secret">>),
    {<<"s">>, <<"1">>, nil, [{m, f, 1}, random, 1000, sync, nil, false, nil, nil, nil, false]} = hd(F),
    ets:delete(Table, {<<"s">>, <<"1">>, nil}),
    exec([config, delete], #{}, #{service => <<"s">>, request_type => <<"1">>, version => nil}),
    #{functions := F2} = state(W),
    1199 = length(F2),
    ets:delete(Table),
    stop(W).

test_a_deaf_process_leaves_the_value_before_and_is_told() ->
    Deaf = spawn(fun() -> receive stop -> ok end end),
    register('Elixir.PhoenixGenApi.ConfigPuller', Deaf),
    W = watch(),
    #{scalars := #{old := Old}} = state(W),
    true = lists:member(services, Old),
    Deaf ! stop,
    stop(W).

test_a_library_that_is_upgraded_ends_the_agent() ->
    Supervisor = spawn(fun() -> receive stop -> ok end end),
    register('Elixir.PhoenixGenApi.Supervisor', Supervisor),
    Load = fun(Version) ->
                   application:unload(phoenix_gen_api),
                   ok = application:load({application, phoenix_gen_api, [{vsn, Version}]})
           end,
    Load("2.22.0"),
    W = watch(),
    #{scalars := #{library := <<"2.22.0">>}} = state(W),
    Monitor = monitor(process, ?AGENT),
    application:unload(phoenix_gen_api),
    #{scalars := #{library := running}} = state(W),
    Load("2.22.0"),
    #{scalars := #{library := <<"2.22.0">>}} = state(W),
    Load("2.24.0"),
    receive {'DOWN', Monitor, _, _, upgraded} -> ok after 5000 -> error(still_there) end,
    wait_gone(),
    application:unload(phoenix_gen_api),
    Supervisor ! stop,
    exit(W, kill).

%% The end

test_nothing_is_left_after_the_last_watcher() ->
    Before = settled(fun() -> timer:sleep(100), {length(ets:all()), lists:sort(registered()), length(processes())} end, 20),
    W = watch(),
    request(<<"r">>, <<"t">>, true, 1),
    state(W),
    exit(W, kill),
    wait_gone(),
    until(fun() -> Before =:= {length(ets:all()), lists:sort(registered()), length(processes())} end).

test_a_request_inside_the_handler_lives_when_the_module_goes() ->
    W = watch(),
    state(W),
    Self = self(),
    %% A process that is in the module: the agent's own wait for nothing.
    {P, M} = spawn_monitor(fun() -> Self ! in, ?AGENT:keep(Self) end),
    receive in -> ok end,
    stop(W),
    timer:sleep(400),
    true = is_process_alive(P),
    exit(P, kill),
    receive {'DOWN', M, _, _, _} -> ok end,
    wait_gone().

test_an_agent_that_is_killed_leaves_nothing() ->
    W = watch(),
    state(W),
    exit(whereis(?AGENT), kill),
    wait_gone(),
    exit(W, kill).

%% By chance the tables go while the reader is in them, and here always.
test_a_reader_whose_agent_is_gone_says_nothing_in_the_log_of_the_gateway() ->
    W = watch(),
    Agent = whereis(?AGENT),
    [Tables | _] = [C || #{id := ?AGENT, config := C} <- telemetry:list_handlers([phoenix_gen_api])],
    stop(W),
    wait_gone(),
    load(),
    {ok, #{level := Level}} = logger:get_handler_config(default),
    ok = logger:set_handler_config(default, level, none),
    ok = logger:add_handler(said, ?MODULE, #{level => error, config => self()}),
    normal = read_without_tables(Agent, Tables),
    %% What fails while the agent lives is told.
    {badarg, _} = read_without_tables(self(), Tables),
    receive {said, _} -> ok after 10000 -> error(not_told) end,
    ok = logger:remove_handler(said),
    ok = logger:set_handler_config(default, level, Level),
    receive {said, Said} -> error({said, Said}) after 0 -> ok end,
    true = code:soft_purge(?AGENT) andalso code:delete(?AGENT) andalso code:soft_purge(?AGENT).

read_without_tables(Agent, Tables) ->
    {Reader, Monitor} = spawn_monitor(?AGENT, reader, [Agent, Tables, #{since => 0, tick => 0}]),
    Reader ! {tick, [], [], 0},
    receive {'DOWN', Monitor, _, _, Reason} -> Reason after 10000 -> error(still_there) end.

%% By chance a remover takes the module between the time at which somebody wants an agent and the one at which its process runs. Here always:
%% on one scheduler this process, which is ahead of others, runs as soon as the one that asks waits.
test_an_agent_whose_module_goes_before_it_runs_ends_without_a_word() ->
    load(),
    Online = erlang:system_flag(schedulers_online, 1),
    Before = process_flag(priority, max),
    ok = logger:add_handler(said, ?MODULE, #{level => error, config => self()}),
    Watcher = spawn(fun() -> receive stop -> ok end end),
    {Asker, Monitor} = spawn_monitor(fun() -> receive go -> exit({answer, ?AGENT:start(Watcher, #{})}) end end),
    1 = erlang:trace(Asker, true, [procs]),
    Asker ! go,
    Agent = receive {trace, Asker, spawn, Pid, _} -> Pid after 5000 -> error(no_agent) end,
    true = erlang:suspend_process(Agent),
    undefined = whereis(?AGENT),
    true = code:delete(?AGENT),
    true = erlang:resume_process(Agent),
    receive {'DOWN', Monitor, _, _, {answer, {error, ending}}} -> ok after 5000 -> error(no_answer) end,
    process_flag(priority, Before),
    erlang:system_flag(schedulers_online, Online),
    until(fun() -> code:soft_purge(?AGENT) end),
    ok = logger:remove_handler(said),
    exit(Watcher, kill),
    receive {said, Said} -> error({said, Said}) after 0 -> ok end,
    wait_gone().

test_a_keeper_that_is_killed_takes_all_with_it() ->
    W = watch(),
    state(W),
    [Keeper] = [P || P <- processes(), {current_function, {?AGENT, keep, 1}} =:= process_info(P, current_function)],
    exit(Keeper, kill),
    wait_gone(),
    exit(W, kill).

test_of_many_that_begin_to_watch_at_once_one_compiles_and_loads_the_module() ->
    {module, compile} = code:ensure_loaded(compile),
    [begin
         Self = self(),
         erlang:trace_pattern({compile, forms, 2}, true, [call_count]),
         Watchers = [spawn(fun() -> watcher(loud, #{}, [], 0, 0, -1, none) end) || _ <- lists:seq(1, 8)],
         [spawn_link(fun() -> Self ! {began, load_and_start(W, 50)} end) || W <- Watchers],
         [Agent] = lists:usort([receive {began, {ok, Pid}} -> Pid end || _ <- Watchers]),
         {call_count, 1} = erlang:trace_info({compile, forms, 2}, call_count),
         erlang:trace_pattern({compile, forms, 2}, false, [call_count]),
         false = erlang:check_old_code(?AGENT),
         Agent = whereis(?AGENT),
         [stop(W) || W <- Watchers],
         wait_gone()
     end || _ <- lists:seq(1, 5)].

%% What cannot be compiled is told, and nobody is kept from the next try.
test_a_source_that_cannot_be_compiled_is_told() ->
    {ok, Text} = file:read_file(os:getenv("AGENT_LOAD")),
    {ok, Tokens, _} = erl_scan:string(binary_to_list(Text)),
    {ok, Forms} = erl_parse:parse_exprs(Tokens),
    Given = [{'Module', ?AGENT}, {'Options', #{}}, {'Patience', 1000}, {'Source', <<"-module(x). f( -> .">>}, {'Watcher', self()}],
    {error, {failed, _}} = erl_eval:expr({block, 1, Forms}, Given, none, none, value),
    undefined = whereis(genapi_load).

test_a_watcher_that_is_gone_before_it_watches_leaves_nothing() ->
    Gone = spawn(fun() -> ok end),
    timer:sleep(20),
    {ok, _} = load_and_start(Gone, 50),
    wait_gone().

%% As two loads that nobody decides between leave it: agent and keeper are in code that is old.
test_a_module_that_was_loaded_twice_goes_without_a_word() ->
    W = watch(),
    state(W),
    {ok, Binary} = file:read_file(os:getenv("AGENT_BEAM")),
    {module, _} = code:load_binary(?AGENT, "genapi", Binary),
    true = erlang:check_old_code(?AGENT),
    logger:add_handler(said, ?MODULE, #{config => self()}),
    stop(W),
    wait_gone(),
    logger:remove_handler(said),
    receive {said, Said} -> error({said, Said}) after 0 -> ok end.

log(#{msg := Said}, #{config := Pid}) -> Pid ! {said, Said}.

%% The last watcher has stopped, and the module cannot go while the process that is returned runs its old code.
stopped_in_old_code() ->
    W = watch(),
    state(W),
    Self = self(),
    {P, _} = spawn_monitor(fun() -> ?AGENT:keep(Self) end),
    {ok, Binary} = file:read_file(os:getenv("AGENT_BEAM")),
    timer:sleep(50),
    {module, _} = code:load_binary(?AGENT, "genapi", Binary),
    stop(W),
    P.

test_removal_waits_for_a_process_in_old_code_and_ends_when_it_does() ->
    P = stopped_in_old_code(),
    timer:sleep(6000),
    true = is_process_alive(P),
    exit(P, kill),
    wait_gone().

%% Somebody comes while the module cannot go yet: it is watched, and goes later.
test_who_comes_while_the_module_goes_can_watch() ->
    P = stopped_in_old_code(),
    timer:sleep(500),
    Next = watch(),
    request(<<"r">>, <<"t">>, true, 1),
    #{series := S} = state(Next),
    1 = requests(row({<<"service">>, <<"t">>}, S)),
    stop(Next),
    exit(P, kill),
    wait_gone().

%% It has the name for a while, and lives on without it: nobody may wait for it as for an agent.
test_who_asks_the_process_that_removes_the_module_is_told_at_once() ->
    Self = self(),
    P = stopped_in_old_code(),
    [begin
         Remover = remover(10000),
         {error, ending} = ?AGENT:start(Self, #{}),
         %% A question that reaches it when it has given the name back.
         until(fun() -> whereis(?AGENT) =/= Remover end),
         Tag = make_ref(),
         Remover ! {genapi_watch, Self, Tag, Self, #{}},
         receive {Tag, {error, ending}} -> ok after 4000 -> error(no_answer) end
     end || _ <- lists:seq(1, 3)],
    exit(P, kill),
    wait_gone().

remover(0) -> error(no_remover);
remover(N) ->
    case whereis(?AGENT) of
        undefined -> timer:sleep(1), remover(N - 1);
        Pid ->
            case process_info(Pid, initial_call) of
                {initial_call, {erl_eval, exprs, 2}} -> Pid;
                _ -> timer:sleep(1), remover(N - 1)
            end
    end.

test_a_thousand_attaches_leave_nothing() ->
    Left = fun() -> [erlang:system_info(atom_count), length(processes()), length(ets:all()), length(code:all_loaded())] end,
    %% What a node that has just started still ends or loads by itself is none of the agent's, nor are the names of what is read first:
    %% whether an agent that ends at once comes to read is chance.
    Before = settled(fun() -> once(fun state/1), timer:sleep(500), Left() end, 20),
    Nothing = fun(Than) -> fun() -> lists:all(fun({Was, Is}) -> Is =< Was end, lists:zip(Than, Left())) end end,
    %% The agent is put there and removed,
    [once() || _ <- lists:seq(1, 40)],
    until(Nothing(Before)),
    %% and found there by others, who come and go.
    W = watch(),
    state(W),
    With = Left(),
    [begin Other = watch(), stop(Other) end || _ <- lists:seq(1, 960)],
    until(Nothing(With)),
    #{scalars := #{watchers := 1}} = state(W),
    stop(W),
    wait_gone(),
    until(Nothing(Before)).

%% What it answers when it has answered the same twice.
settled(Look, Times) -> settled(Look, Times, Look()).

settled(Look, Times, Was) when Times > 0 ->
    case Look() of
        Was -> Was;
        Is -> settled(Look, Times - 1, Is)
    end.

once() -> once(fun(_) -> ok end).

once(Meanwhile) ->
    W = watch(),
    request(<<"r">>, <<"t">>, true, 1),
    Meanwhile(W),
    stop(W),
    wait_gone().

test_the_memory_at_ten_thousand_functions_and_a_hundred_thousand_users_is_bounded() ->
    Users = ets:new(rate_limiter_global, [named_table, public]),
    Now = erlang:monotonic_time(millisecond),
    [ets:insert(Users, {<<"user_", (integer_to_binary(I))/binary>>, [Now, Now - 1, Now - 2]}) || I <- lists:seq(1, 100000)],
    W = watch(),
    known(W),
    [begin
         [request(<<"r">>, <<"f", (integer_to_binary(I))/binary>>, true, Us) || Us <- [50, 900, 20000]]
     end || I <- lists:seq(1, 10000)],
    #{scalars := #{agent_bytes := Bytes}, series := Series} = state(W),
    true = map_size(Series) > 10000,
    io:format("~b KB for 10 000 functions with three blocks each, and 100 000 users~n", [Bytes div 1024]),
    true = Bytes < 32 bsl 20,
    ets:delete(Users),
    stop(W).

test_what_a_watcher_missed_is_told_with_its_state() ->
    W = watch(#{mask => 2}, silent),
    state(W),
    [begin
         [exec([executor, request, stop], #{duration_us => 1}, (ids(<<"r">>, <<"t">>))#{success => true}) || _ <- lists:seq(1, 5000)],
         timer:sleep(150)
     end || _ <- lists:seq(1, 6)],
    #{scalars := #{lost := Lost, missed := Missed}} = state(W),
    30000 = length(events(W, 0)) + Lost + Missed,
    true = Missed >= 10000 - Lost,
    Other = watch(),
    #{scalars := #{missed := 0}} = state(Other),
    stop(W),
    stop(Other).

%% What `--no-agent` has interpreted: the same as what is loaded tells, and nothing that may be an argument.
test_what_is_read_without_the_agent_is_what_the_agent_reads() ->
    load(),
    Table = ets:new('Elixir.PhoenixGenApi.ConfigDb', [named_table, public]),
    Config = #{nodes => [a@b, c@d], choose_node_mode => random, timeout => infinity, response_type => sync, retry => {same_node, 2},
               check_permission => false, permission_callback => nil, before_execute => {m, f}, after_execute => {m, f, [<<"secret">>]},
               disabled => false, mfa => {m, f, [<<"secret">>]}},
    ets:insert(Table, [{{<<"s">>, <<"1">>, nil}, Config}, {{<<"s">>, <<"2">>, nil}, Config#{nodes := local}},
                       {{<<"s">>, <<"3">>, nil}, Config#{nodes := {m, f, [<<"secret">>]}}}]),
    None = ['EXIT', 'EXIT'],
    Rest = [random, infinity, sync, {same_node, 2}, false, None, [m, f], [m, f], false],
    [{{<<"s">>, <<"1">>, nil}, [[a@b, c@d] | Rest]}, {{<<"s">>, <<"2">>, nil}, [local | Rest]},
     {{<<"s">>, <<"3">>, nil}, [[m, f] | Rest]}] = lists:sort(?AGENT:projected()),
    ets:delete(Table),
    [] = ?AGENT:projected(),
    Groups = ets:new(phoenix_gen_api_relay_groups, [named_table, public]),
    Member = #{roles => x, status => active, joined_at => nil},
    ets:insert(Groups, {<<"g">>, public, #{1 => Member, 2 => Member}}),
    [{<<"g">>, public, 2, 0, 0, _}] = ?AGENT:few_groups(),
    ets:insert(Groups, {<<"h">>, public, maps:from_list([{U, Member} || U <- lists:seq(1, 2000)])}),
    false = ?AGENT:few_groups(),
    ets:delete(Groups),
    code:delete(?AGENT),
    code:purge(?AGENT).

%% A function that the gateway has is interned by its table, not as a stranger.
known(W) ->
    Table = ets:new('Elixir.PhoenixGenApi.ConfigDb', [named_table, public]),
    Fields = [nodes, choose_node_mode, timeout, response_type, retry, check_permission, permission_callback, before_execute,
              after_execute, disabled],
    [ets:insert(Table, {{<<"service">>, <<"f", (integer_to_binary(I))/binary>>, nil}, maps:from_keys(Fields, nil)})
     || I <- lists:seq(1, 10000)],
    exec([config, add], #{}, #{service => <<"service">>, request_type => <<"f1">>, version => nil}),
    until(fun() -> #{functions := F} = state(W), length(F) =:= 10000 end),
    ets:delete(Table).

%% Tools

load() ->
    case code:is_loaded(?AGENT) of
        {file, _} -> ok;
        false ->
            until(fun() -> code:soft_purge(?AGENT) end),
            {ok, Binary} = file:read_file(os:getenv("AGENT_BEAM")),
            {module, _} = code:load_binary(?AGENT, "genapi", Binary)
    end.

%% As genapi-top does it.
load_and_start(_, 0) -> never;
load_and_start(Watcher, N) ->
    {ok, Text} = file:read_file(os:getenv("AGENT_LOAD")),
    {ok, Tokens, _} = erl_scan:string(binary_to_list(Text)),
    {ok, Forms} = erl_parse:parse_exprs(Tokens),
    Given = [{'Module', ?AGENT}, {'Options', #{interval => 200}}, {'Patience', 10000}, {'Source', source()}, {'Watcher', Watcher}],
    case erl_eval:expr({block, 1, Forms}, Given, none, none, value) of
        {error, {failed, Why}} -> error(Why);
        {error, _} -> timer:sleep(50), load_and_start(Watcher, N - 1);
        Answer -> Answer
    end.

%% The agent's source without macros, as genapi-top sends it.
source() ->
    {ok, Text} = file:read_file(os:getenv("AGENT_SOURCE")),
    Lines = binary:split(Text, <<"\n">>, [global]),
    Defined = [{Name, string:trim(Value)} || Line <- Lines,
                                             {match, [Name, Value]} <- [re:run(Line, "^-define\\(([A-Z_]+),(.*?)\\)\\.", [{capture, [1, 2], binary}])]],
    Plain = iolist_to_binary([[Line, $\n] || Line <- Lines, binary:match(Line, <<"-define(">>) =/= {0, 8}]),
    lists:foldl(fun({Name, Value}, S) -> re:replace(S, [$\\, $?, Name, "\\b"], Value, [global, {return, binary}]) end, Plain,
                [{<<"MODULE">>, <<"genapi_agent_1">>} | Defined]).

watch() -> watch(#{mask => 0}, loud).
watch(Wants, Kind) ->
    load(),
    W = spawn(fun() -> watcher(Kind, #{}, [], 0, 0, -1, none) end),
    case ?AGENT:start(W, Wants#{interval => 200}) of
        {ok, _} -> W;
        {error, ending} -> timer:sleep(100), watch(Wants, Kind)
    end.

stop(W) -> exit(W, kill).

%% Keeps what comes, and takes it: a silent one never says that it took an event.
watcher(Kind, Parts, Events, N, Lost, Tick, Asked) ->
    receive
        {genapi_part, _, series, _, Items} ->
            Old = maps:get(series, Parts, #{}),
            New = lists:foldl(fun(R, S) -> S#{element(2, R) => R} end, Old, Items),
            watcher(Kind, Parts#{series => New}, Events, N, Lost, Tick, Asked);
        {genapi_part, _, Name, first, Items} -> watcher(Kind, Parts#{Name => Items}, Events, N, Lost, Tick, Asked);
        {genapi_part, _, Name, next, Items} ->
            watcher(Kind, Parts#{Name => maps:get(Name, Parts) ++ Items}, Events, N, Lost, Tick, Asked);
        {genapi_state, T, Scalars} ->
            ?AGENT ! {genapi_taken, self(), case Kind of silent -> 0; _ -> N end, T},
            Now = Parts#{scalars => Scalars},
            case Asked of
                {From, Wanted} when T >= Wanted -> From ! {state, self(), Now}, watcher(Kind, Now, Events, N, Lost, T, none);
                _ -> watcher(Kind, Now, Events, N, Lost, T, Asked)
            end;
        {genapi_events, Some, L} ->
            M = N + length(Some),
            Kind =:= loud andalso (?AGENT ! {genapi_taken, self(), M, Tick}),
            watcher(Kind, Parts, Events ++ Some, M, L, Tick, Asked);
        %% Two ticks on, so that what was done before is in it.
        {get_state, From} -> watcher(Kind, Parts, Events, N, Lost, Tick, {From, Tick + 2});
        {get_events, From} -> From ! {events, Events}, watcher(Kind, Parts, Events, N, Lost, Tick, Asked);
        {get_lost, From} -> From ! {lost, Lost}, watcher(Kind, Parts, Events, N, Lost, Tick, Asked);
        {want, Wants} -> ?AGENT ! {genapi_want, self(), Wants}, watcher(Kind, Parts, Events, N, Lost, Tick, Asked)
    end.

%% Three minutes: a large library is read in a thousand slices with a pause after each, which are long where others have the machine.
state(W) ->
    W ! {get_state, self()},
    receive {state, W, S} -> maps:merge(#{series => #{}}, S) after 180000 -> error({no_state, process_info(W, messages)}) end.

events(W, N) ->
    Get = fun() -> W ! {get_events, self()}, receive {events, E} -> E end end,
    until(fun() -> length(Get()) >= N end),
    Get().

%% A minute: other programs may have the machine.
until(F) -> until(F, 1200).
until(F, 0) -> error({never, F});
until(F, N) -> case F() of true -> ok; _ -> timer:sleep(50), until(F, N - 1) end.

wait_gone() ->
    until(fun() -> whereis(?AGENT) =:= undefined andalso code:is_loaded(?AGENT) =:= false
                       andalso not erlang:check_old_code(?AGENT) andalso telemetry:list_handlers([phoenix_gen_api]) =:= []
                       andalso [P || P <- processes(), {initial_call, {erl_eval, exprs, 2}} =:= process_info(P, initial_call)] =:= [] end, 60).

done({_, M}) -> receive {'DOWN', M, _, _, _} -> ok end.

ids(R, T) -> #{request_id => R, service => <<"service">>, request_type => T, user_id => nil}.
exec(Event, M, D) -> telemetry:execute([phoenix_gen_api | Event], M, D).
start(R, T) -> exec([executor, request, start], #{system_time => 0}, ids(R, T)).
request(R, T, Success, Us) ->
    start(R, T),
    exec([rate_limiter, check], #{duration_us => 1}, (ids(R, T))#{instance => 0, result => ok}),
    exec([executor, request, stop], #{duration_us => Us}, (ids(R, T))#{success => Success, async => false}).

row(Key, Series) -> maps:get(Key, Series).
requests(Row) -> element(3, Row).
buckets(Row) -> element(12, Row).
outcome(Name, Row) ->
    Names = [ok, error, timeout, exception, unreachable, invalid_arguments, unsupported, cancelled, permission_denied,
             rate_limited, unavailable, hook_rejected],
    proplists:get_value(Name, lists:zip(Names, element(4, Row))).
