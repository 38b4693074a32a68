%% The agent of genapi-top: what it puts on a gateway of the Elixir library PhoenixGenApi while somebody watches.
%%
%% It is sent as text, compiled there and never written to a disk. It counts the library's events where they happen, reads what
%% the library's tables and processes hold, and sends both to those who watch. It changes nothing of the gateway. When the last
%% watcher is gone, whatever the reason, handler, processes, tables and this module are removed (see remove/0).
%%
%% Processes: the agent (registered under the module's name) passes events on; the reader, linked to it, reads the library and
%% sends states; the keeper does nothing but wait for the agent's end, and removes what is left.
%%
%% What a watcher gets:
%%   {genapi_events, [Event], Lost}         Event = {Index, WallMicroseconds, Process, Measurements, Metadata, About}
%%   {genapi_part, Tick, Section, first | next, Items}
%%   {genapi_state, Tick, Map}              after the parts of a tick
%% What it says:
%%   {genapi_taken, Watcher, Events, Tick}  so many events and this state were taken
%%   {genapi_want, Watcher, Wants}          see wants/1
%%   {genapi_leave, Watcher}
-module(genapi_agent_1).
-export([start/2, handle/4, run/1, keep/1, reader/3]).
-export([projected/0, few_failed/0, few_hot_keys/0, few_groups/0]).

%% Bounds. Memory: see docs/attach.md.
-define(MOST_WATCHERS, 16).
-define(MOST_WAITING, 20000).    % events that wait in the agent, and events sent to a watcher that it has not taken
-define(MOST_BATCH, 1000).       % events of a batch
-define(BATCH_MS, 50).           % how long an event waits for its batch to fill
-define(MOST_FAULTS, 10).        % of the handler, before it detaches itself
-define(MOST_KNOWN, 20000).      % functions, hooks, pools and limits that are counted apart
-define(MOST_STRANGE, 1000).     % functions that a client named and the gateway has not
-define(MOST_BLOCKS, 24000).     % of 64 buckets each
-define(MOST_RUNNING, 100000).   % requests that are followed one by one
-define(MOST_IDLE, 20000).       % processes whose row is kept for their next request
-define(MOST_SECONDS, 900).      % a request runs, after which it counts as ended without an event
-define(MOST_CHANGES, 100).
-define(MOST_GROUPS, 1000).
-define(MOST_MEMBERS, 200).
-define(MOST_FAILED, 1000).
-define(SLICE, 500).             % rows of a table that are read at once
-define(PART, 250).              % entries of a part
-define(FEW, 1000).              % rows that may be read by what is interpreted
-define(PATIENCE, 200).          % milliseconds that a process of the library has to answer
-define(NAME_BYTES, 256).
-define(TEXT_BYTES, 1024).

%% What the handler is given. Tables without a name, and numbers that many processes change at once.
-record(c, {series, running, counts, numbers, agent}).

%% Places of #c.numbers.
-define(WANTED, 1).              % bit I is set: somebody wants event I
-define(WAITING, 2).             % events in the agent
-define(LOST, 3).                % events that found no room there
-define(NEXT_ID, 4).
-define(BLOCKS, 5).
-define(STRANGE, 6).
-define(KNOWN, 7).
-define(FAULTS, 8).
-define(FULL, 9).                % 1: no more requests are followed one by one
-define(FILTERED, 10).           % 1: nobody wants the events of all services; the row `wants` of #c.series has whose
-define(CLOCK, 11).              % monotonic seconds, as of the last tick
-define(KEEP, 12).               % 1: rows of processes whose requests have ended stay, for the next ones
-define(NUMBERS, 12).

%% A row of #c.series: {Id, Key, Requests, 12 outcomes, Unfinished, Retries, Sum, Max, Blocks, Unplaced, Error, ErrorAt}.
-define(KEY, 2).
-define(REQUESTS, 3).
-define(OK, 4).
-define(ERROR, 5).
-define(TIMEOUT, 6).
-define(EXCEPTION, 7).
-define(UNREACHABLE, 8).
-define(INVALID_ARGUMENTS, 9).
-define(RATE_LIMITED, 13).
-define(UNAVAILABLE, 14).
-define(UNFINISHED, 16).         % ended without an event: the process died
-define(RETRIES, 17).
-define(SUM, 18).
-define(MAX, 19).
-define(BLOCK_MAP, 20).          % bit B is set: there is a row of block B
-define(UNPLACED, 21).           % durations for which there was no room
-define(LAST_ERROR, 22).
-define(LAST_ERROR_AT, 23).
%% Beside these rows #c.series has {Key, Id}, and {block(Id, Block), 64 counts}. #c.running has {Process, Id, Request, Outcome, Since} of each
%% process that runs a request, or has run one: Id is ?IDLE then, or ?EARLY. Such a row is changed where it lies, which costs half of putting one
%% there and taking it away, so that it has nothing but numbers: Request is a hash. Beside it are {{name, Process}, Request, Name}
%% while somebody wants events that do not say whose they are, and {{breaker, Worker}, Pool, First, Last, Count, Failures}.
-define(BLOCK_ROW, 65).

%% The events, in the order of docs/events.md: the first is 0.
-define(START, 0).
-define(STOP, 1).
-define(FAILED, 2).
-define(RETRY, 3).
-define(EXHAUSTED, 4).
-define(CHECK, 5).
-define(EXCEEDED, 6).
-define(NAMELESS, 32280).        % bits of the events that do not say whose they are: retries and hooks
-define(IDLE, -1).
-define(EARLY, -2).             % its request began before the agent came: only what it will have ended as is known

events() ->
    [[executor, request, start], [executor, request, stop], [executor, request, exception], [executor, retry],
     [executor, retry, exhausted],
     [rate_limiter, check], [rate_limiter, exceeded], [rate_limiter, reset], [rate_limiter, cleanup],
     [hook, before, start], [hook, before, stop], [hook, before, exception],
     [hook, 'after', start], [hook, 'after', stop], [hook, 'after', exception],
     [worker_pool, task, start], [worker_pool, task, stop], [worker_pool, task, exception], [worker_pool, task, rejected],
     [worker_pool, circuit_breaker, open], [worker_pool, circuit_breaker, close],
     [config, pull, start], [config, pull, stop], [config, pull, exception], [config, push], [config, add],
     [config, batch_add], [config, delete], [config, clear], [config, disable], [config, enable]].

index([executor, request, start]) -> 0;
index([executor, request, stop]) -> 1;
index([executor, request, exception]) -> 2;
index([executor, retry]) -> 3;
index([executor, retry, exhausted]) -> 4;
index([rate_limiter, check]) -> 5;
index([rate_limiter, exceeded]) -> 6;
index([rate_limiter, reset]) -> 7;
index([rate_limiter, cleanup]) -> 8;
index([hook, before, start]) -> 9;
index([hook, before, stop]) -> 10;
index([hook, before, exception]) -> 11;
index([hook, 'after', start]) -> 12;
index([hook, 'after', stop]) -> 13;
index([hook, 'after', exception]) -> 14;
index([worker_pool, task, start]) -> 15;
index([worker_pool, task, stop]) -> 16;
index([worker_pool, task, exception]) -> 17;
index([worker_pool, task, rejected]) -> 18;
index([worker_pool, circuit_breaker, open]) -> 19;
index([worker_pool, circuit_breaker, close]) -> 20;
index([config, pull, start]) -> 21;
index([config, pull, stop]) -> 22;
index([config, pull, exception]) -> 23;
index([config, push]) -> 24;
index([config, add]) -> 25;
index([config, batch_add]) -> 26;
index([config, delete]) -> 27;
index([config, clear]) -> 28;
index([config, disable]) -> 29;
index([config, enable]) -> 30;
index(_) -> none.

%% ---------------------------------------------------------------------------------------------------------------------
%% In the gateway's processes: the handler. It may not raise, wait, or send to anybody but the agent.

handle([_ | Path], Measurements, Metadata, C) ->
    try
        case index(Path) of
            none -> ok;
            I ->
                counters:add(C#c.counts, I + 1, 1),
                About = count(I, Measurements, Metadata, C),
                case atomics:get(C#c.numbers, ?WANTED) band (1 bsl I) of
                    0 -> ok;
                    _ -> pass(I, Measurements, Metadata, About, C)
                end
        end
    catch
        _:_ -> fault(C)
    end.

%% After some faults the handler is taken off: it is of no use, and telemetry would do the same with a log.
fault(C) ->
    try atomics:add_get(C#c.numbers, ?FAULTS, 1) of
        ?MOST_FAULTS -> telemetry:detach(?MODULE), C#c.agent ! genapi_faults;
        _ -> ok
    catch _:_ -> ok
    end.

%% Counts an event. Answers the series that the event belongs to where its metadata does not tell, how a request was counted that did
%% not end well where that is certain, else none.
count(?START, _, #{service := S, request_type := T} = D, C) ->
    Id = id({S, T}, ?STRANGE, C),
    begun(Id, D, C),
    none;
count(?STOP, M, D, C) ->
    {Id, Was} = ended(D, C),
    case {D, Was} of
        {#{success := true}, _} -> finish(Id, ?OK, 1, M, C), none;
        %% Nothing that came before tells how.
        {_, 0} -> finish(Id, ?ERROR, 1, M, C), none;
        {_, Outcome} -> finish(Id, Outcome, 1, M, C), {outcome, Outcome - ?OK}
    end;
count(?FAILED, M, D, C) ->
    {Id, _} = ended(D, C),
    Outcome = failure(maps:get(stacktrace, D, [])),
    finish(Id, Outcome, 1, M, C),
    last_error(Id, maps:get(reason, D, <<>>), C),
    {outcome, Outcome - ?OK};
count(?RETRY, _, _, C) ->
    case current(C) of
        none -> none;
        Id -> ets:update_counter(C#c.series, Id, {?RETRIES, 1}), Id
    end;
count(?EXHAUSTED, _, #{last_error := Text} = D, C) ->
    %% The outcome of the request that stops next in this process; of other processes nobody knows whose it is.
    ends_as(outcome(Text), Text, D, C);
count(?CHECK, _, #{result := ok}, _) -> none;
count(?CHECK, _, #{result := {error, rate_limited, #{} = L}} = D, C) ->
    ends_as(?RATE_LIMITED, <<"rate limited">>, D, C),
    Id = id(limit_row(L, D), ?KNOWN, C),
    ets:update_counter(C#c.series, Id, {?REQUESTS, 1}),
    none;
count(?CHECK, _, #{result := {error, _, _}} = D, C) ->
    ends_as(?UNAVAILABLE, <<"the rate limiter failed">>, D, C),
    none;
count(?EXCEEDED, _, _, C) -> current(C);
count(I, M, #{module := Module, function := F}, C) when I >= 9, I =< 14 ->
    Phase = case I < 12 of true -> before; false -> 'after' end,
    Id = id({hook, Phase, Module, F}, ?KNOWN, C),
    case I rem 3 of
        0 -> ets:update_counter(C#c.series, Id, {?REQUESTS, 1});
        1 -> finish(Id, ?OK, 0, M, C);
        2 -> finish(Id, ?EXCEPTION, 0, M, C)
    end,
    current(C);
count(I, M, #{pool_name := Pool} = D, C) when I >= 15, I =< 20 ->
    Id = id({pool, Pool}, ?KNOWN, C),
    case I of
        15 -> ets:update_counter(C#c.series, Id, {?REQUESTS, 1});
        16 -> finish(Id, ?OK, 0, M, C);
        17 -> finish(Id, ?EXCEPTION, 0, M, C), last_error(Id, maps:get(reason, D, <<>>), C);
        18 -> ets:update_counter(C#c.series, Id, {?UNAVAILABLE, 1});
        19 -> opened(Pool, maps:get(consecutive_failures, D, 0), C);
        20 -> ok
    end,
    case I of 20 -> closed(C); _ -> none end;
count(I, M, D, C) when I =:= 22; I =:= 24 ->
    tell({pulled, I, erlang:system_time(microsecond), short(maps:get(service, D, nil)), maps:get(count, M, 0),
          maps:get(duration_us, M, 0), short(maps:get(version, D, nil))}, C),
    none;
count(I, _, D, C) when I =:= 25; I =:= 27; I >= 29 ->
    tell({changed, I, erlang:system_time(microsecond), short(maps:get(service, D, nil)), short(maps:get(request_type, D, nil)),
          short(maps:get(version, D, nil))}, C),
    none;
count(_, _, _, _) -> none.

%% A limit that refused a request, by what the library tells of it: what it lets through, and whether it counts users. Its key there is
%% the client's own, `u_1` of a limit of all requests and `service:type:u_1` of one of a function, and has no row.
limit_row(L, D) ->
    Scope = case {L, D} of
                {#{scope := {_, _}}, #{service := S, request_type := T}} -> {S, T};
                {#{scope := Other}, _} -> Other;
                _ -> nil
            end,
    {limit, Scope, maps:get(max_requests, L, 0), maps:get(window_ms, L, 0), counts(maps:get(key, L, nil), D)}.

counts(Key, #{user_id := User}) when is_binary(Key), is_binary(User), byte_size(Key) >= byte_size(User) ->
    case binary:part(Key, byte_size(Key), -byte_size(User)) of
        User when Key =:= User -> user;
        User -> case binary:at(Key, byte_size(Key) - byte_size(User) - 1) of $: -> user; _ -> other end;
        _ -> other
    end;
counts(_, _) -> other.

%% A request within another in the same process is counted at its end.
begun(Id, D, C) ->
    Request = hash(D),
    Since = atomics:get(C#c.numbers, ?CLOCK),
    case ets:lookup(C#c.running, self()) of
        [{_, ?IDLE, _, _, _}] -> ets:update_element(C#c.running, self(), [{2, Id}, {3, Request}, {5, Since}]);
        [] -> atomics:get(C#c.numbers, ?FULL) =:= 0 andalso ets:insert_new(C#c.running, {self(), Id, Request, 0, Since});
        [{_, ?EARLY, _, _, _}] -> ets:update_element(C#c.running, self(), [{2, Id}, {3, Request}, {4, 0}, {5, Since}]);
        _ -> false
    end,
    case atomics:get(C#c.numbers, ?WANTED) band ?NAMELESS of
        0 -> ok;
        _ -> ets:insert(C#c.running, {{name, self()}, Request, request_id(D)})
    end.

hash(#{request_id := Id}) -> erlang:phash2(Id);
hash(_) -> 0.

%% The request of this process that has ended, and what was said of it before. One that began before the agent came, or within
%% another, counts as begun now.
ended(#{service := S, request_type := T} = D, C) ->
    Request = hash(D),
    %% In one operation: what stands there, and that it is idle now.
    try ets:update_counter(C#c.running, self(), [{2, 0}, {3, 0}, {4, 0}, {2, 0, ?EARLY - 1, ?IDLE}, {4, 0, -1, 0}]) of
        [Id, Request, Was, _, _] when Id =/= ?IDLE ->
            atomics:get(C#c.numbers, ?KEEP) =:= 1 orelse ets:delete(C#c.running, self()),
            {case Id of ?EARLY -> id({S, T}, ?STRANGE, C); _ -> Id end, Was};
        [Id, _, Was, _, _] ->
            ets:update_element(C#c.running, self(), [{2, Id}, {4, Was}]),
            {id({S, T}, ?STRANGE, C), 0}
    catch error:badarg -> {id({S, T}, ?STRANGE, C), 0}
    end.

%% What the request of this process will have ended as, if it ends badly.
ends_as(Outcome, Text, D, C) ->
    case current(C) of
        none -> early(Outcome, D, C);
        Id -> ets:update_element(C#c.running, self(), {4, Outcome}), last_error(Id, Text, C), Id
    end.

%% The same of one that began before the agent came, until it stops in this process.
early(?ERROR, _, _) -> none;
early(Outcome, D, C) ->
    Row = {self(), ?EARLY, hash(D), Outcome, atomics:get(C#c.numbers, ?CLOCK)},
    atomics:get(C#c.numbers, ?FULL) =:= 0 andalso ets:insert(C#c.running, Row),
    none.

current(C) ->
    case ets:lookup(C#c.running, self()) of
        [{_, Id, _, _, _}] when Id >= 0 -> Id;
        _ -> none
    end.

request_id(#{request_id := Id}) when is_binary(Id), byte_size(Id) =< 64 -> Id;
request_id(#{request_id := Id}) -> erlang:phash2(Id);
request_id(_) -> nil.

%% What the text of an error result tells for certain.
outcome(<<"{:error, :timeout}">>) -> ?TIMEOUT;
outcome(Text) when is_binary(Text) ->
    case binary:match(Text, [<<"execution timed out after ">>, <<":nodedown">>, <<":rpc_exit">>]) of
        nomatch -> ?ERROR;
        {At, 9} -> case binary:part(Text, At, 9) of <<":nodedown">> -> ?UNREACHABLE; _ -> ?EXCEPTION end;
        _ -> ?TIMEOUT
    end;
outcome(_) -> ?ERROR.

failure([{'Elixir.PhoenixGenApi.ArgumentHandler', _, _, _} | _]) -> ?INVALID_ARGUMENTS;
failure([_ | Rest]) -> failure(Rest);
failure(_) -> ?EXCEPTION.

%% Ends a request, a hook's run or a task: outcome, duration, and its bucket. A request is counted now; those that run are rows of
%% #c.running, of hooks and tasks the starts are counted.
%% What was refused did not run: its time says nothing of how long the function takes.
finish(Id, Outcome, Begun, _, C)
        when Outcome =:= ?INVALID_ARGUMENTS; Outcome =:= ?RATE_LIMITED; Outcome =:= ?UNAVAILABLE ->
    ets:update_counter(C#c.series, Id, [{Outcome, 1}, {?REQUESTS, Begun}]),
    ok;
finish(Id, Outcome, Begun, M, C) ->
    Us = case M of #{duration_us := D} when is_integer(D) -> min(max(D, 0), 1 bsl 36 - 1); _ -> 0 end,
    case ets:update_counter(C#c.series, Id, [{Outcome, 1}, {?REQUESTS, Begun}, {?SUM, Us}, {?MAX, 0}]) of
        [_, _, _, Max] when Us > Max -> raise_max(Id, Us, C);
        _ -> ok
    end,
    Bucket = bucket(Us),
    Block = Bucket bsr 6,
    try ets:update_counter(C#c.series, block(Id, Block), {(Bucket band 63) + 2, 1})
    catch error:badarg -> new_block(Id, Block, Bucket, C)
    end.

%% Of those that race the largest stays.
raise_max(Id, Us, C) ->
    Fields = [list_to_atom([$$ | integer_to_list(I)]) || I <- lists:seq(2, ?LAST_ERROR_AT)],
    Head = list_to_tuple([Id | Fields]),
    ets:select_replace(C#c.series, [{Head, [{'<', element(?MAX, Head), Us}], [{setelement(?MAX, Head, Us)}]}]).

new_block(Id, Block, Bucket, C) ->
    case atomics:add_get(C#c.numbers, ?BLOCKS, 1) > ?MOST_BLOCKS of
        true ->
            atomics:sub(C#c.numbers, ?BLOCKS, 1),
            ets:update_counter(C#c.series, Id, {?UNPLACED, 1});
        false ->
            case ets:insert_new(C#c.series, erlang:make_tuple(?BLOCK_ROW, 0, [{1, block(Id, Block)}])) of
                true -> ets:update_counter(C#c.series, Id, {?BLOCK_MAP, 1 bsl Block});
                false -> atomics:sub(C#c.numbers, ?BLOCKS, 1)
            end,
            ets:update_counter(C#c.series, block(Id, Block), {(Bucket band 63) + 2, 1})
    end.

%% Below 0, where no other key is.
block(Id, Block) -> -1 - (Id bsl 5 bor Block).

%% docs/stream.md, "Latency histograms".
bucket(V) when V < 128 -> V;
bucket(V) -> E = high_bit(V, 0), 128 + ((E - 7) bsl 6) + ((V bsr (E - 6)) band 63).

high_bit(V, E) when V >= 1 bsl 16 -> high_bit(V bsr 16, E + 16);
high_bit(V, E) when V >= 1 bsl 8 -> high_bit(V bsr 8, E + 8);
high_bit(V, E) when V >= 1 bsl 4 -> high_bit(V bsr 4, E + 4);
high_bit(V, E) when V >= 1 bsl 2 -> high_bit(V bsr 2, E + 2);
high_bit(V, E) when V >= 2 -> E + 1;
high_bit(_, E) -> E.

last_error(Id, Text, C) ->
    ets:update_element(C#c.series, Id,
                       [{?LAST_ERROR, cut(text(Text), 200)}, {?LAST_ERROR_AT, erlang:system_time(microsecond)}]).

opened(Pool, Failures, C) ->
    Now = erlang:system_time(microsecond),
    case ets:lookup(C#c.running, {breaker, self()}) of
        [{_, _, First, _, N, _}] -> ets:insert(C#c.running, {{breaker, self()}, Pool, First, Now, N + 1, Failures});
        [] -> ets:insert(C#c.running, {{breaker, self()}, Pool, Now, Now, 1, Failures})
    end.

%% The library closes at every success after a failure, also what was never open: that is no event for those who watch.
closed(C) ->
    case ets:take(C#c.running, {breaker, self()}) of
        [{_, _, First, _, _, _}] -> {open_ms, max(0, erlang:system_time(microsecond) - First) div 1000};
        [] -> unopened
    end.

%% The number of a series; 0 is that of all which find no room of their own.
id(Key, Room, C) ->
    case ets:lookup(C#c.series, Key) of
        [{_, Id}] -> Id;
        [] -> new_id(Key, Room, C)
    end.

new_id(Key, Room, C) ->
    Most = case Room of ?STRANGE -> ?MOST_STRANGE; ?KNOWN -> ?MOST_KNOWN end,
    case fits(Key) andalso atomics:add_get(C#c.numbers, Room, 1) =< Most of
        %% A name that is too long is called as the table's reader calls it.
        false -> case short(Key) of Cut when Cut =/= Key, Cut =/= nil -> id(Cut, Room, C); _ -> 0 end;
        true ->
            Id = atomics:add_get(C#c.numbers, ?NEXT_ID, 1),
            ets:insert(C#c.series, series(Id, Key)),
            case ets:insert_new(C#c.series, {Key, Id}) of
                true -> Id;
                false ->
                    ets:delete(C#c.series, Id),
                    atomics:sub(C#c.numbers, Room, 1),
                    [{_, Other}] = ets:lookup(C#c.series, Key),
                    Other
            end
    end.

series(Id, Key) -> erlang:make_tuple(?LAST_ERROR_AT, 0, [{1, Id}, {?KEY, Key}, {?LAST_ERROR, nil}, {?LAST_ERROR_AT, nil}]).

fits(Key) -> erlang:external_size(Key) =< 3 * ?NAME_BYTES.

%% For what the agent keeps a list of.
tell(Message, C) ->
    case atomics:add_get(C#c.numbers, ?WAITING, 1) > ?MOST_WAITING of
        true -> atomics:sub(C#c.numbers, ?WAITING, 1);
        false -> C#c.agent ! Message
    end.

%% An event that somebody wants goes to the agent, while there is room.
pass(_, _, _, unopened, _) -> ok;
pass(I, M, D, {open_ms, Ms}, C) -> pass(I, M#{open_ms => Ms}, D, none, C);
pass(I, M, D, {outcome, N}, C) -> pass(I, M#{outcome => N}, D, none, C);
pass(I, M, D, About, C) ->
    case atomics:get(C#c.numbers, ?FILTERED) =:= 0 orelse is_wanted(D, About, C) of
        true -> tell_event(I, M, D, About, C);
        false -> ok
    end.

is_wanted(D, About, C) ->
    [{_, Patterns}] = ets:lookup(C#c.series, wants),
    case D of
        #{service := all} -> true;
        #{service := S} -> is_like(S, Patterns);
        _ when About =/= none ->
            case ets:lookup_element(C#c.series, About, ?KEY) of {S, _} -> is_like(S, Patterns); _ -> false end;
        _ -> false
    end.

tell_event(I, M, D, About, C) ->
    case atomics:add_get(C#c.numbers, ?WAITING, 1) > ?MOST_WAITING of
        true ->
            atomics:sub(C#c.numbers, ?WAITING, 1),
            atomics:add(C#c.numbers, ?LOST, 1);
        false ->
            Ids = case About of none -> nil; _ -> ids(About, C) end,
            C#c.agent ! {event, I, {I, erlang:system_time(microsecond), self(), measurements(M), metadata(D), Ids}}
    end.

%% {RequestId, Service, RequestType} of the request that runs in this process.
ids(Id, C) ->
    case {ets:lookup(C#c.running, self()), ets:lookup_element(C#c.series, Id, ?KEY)} of
        {[{_, Id, Request, _, _}], {S, T}} ->
            Name = case ets:lookup(C#c.running, {name, self()}) of [{_, Request, N}] -> N; _ -> nil end,
            {short(Name), short(S), short(T)};
        _ -> nil
    end.

measurements(M) -> [{K, V} || K <- [duration_us, attempt, backoff_ms, retry_after_ms, cleaned_entries, count, open_ms, outcome],
                              V <- case M of #{K := N} when is_integer(N) -> [N]; _ -> [] end].

%% Only what docs/events.md names; never arguments or results.
metadata(D) -> maps:fold(fun field/3, [], D).

field(K, V, L) when K =:= request_id; K =:= request_type; K =:= service; K =:= user_id; K =:= success; K =:= async;
                    K =:= kind; K =:= type; K =:= pool_name; K =:= version; K =:= consecutive_failures; K =:= max_requests;
                    K =:= current_requests; K =:= global_limits_count; K =:= api_limits_count; K =:= module; K =:= function;
                    K =:= instance; K =:= rate_limit_key; K =:= window_ms -> [{K, short(V)} | L];
field(scope, V, L) -> [{scope, short(V)} | L];
field(key, V, L) -> [{key, short(V)} | L];
field(mode, V, L) -> [{mode, short(V)} | L];
field(nodes, V, L) when is_list(V) -> [{nodes, [N || N <- lists:sublist(V, 20), is_atom(N)]} | L];
field(last_error, V, L) -> [{last_error, cut(text(V), ?TEXT_BYTES)} | L];
field(reason, V, L) -> [{reason, cut(text(V), ?TEXT_BYTES)} | L];
field(stacktrace, V, L) when is_list(V) -> [{stacktrace, cut(iolist_to_binary(trace(V, 20)), 4 * ?TEXT_BYTES)} | L];
field(stacktrace, V, L) when is_binary(V) -> [{stacktrace, cut(V, 4 * ?TEXT_BYTES)} | L];
field(result, ok, L) -> [{result, ok} | L];
field(result, {error, Why, #{} = Limit}, L) when is_atom(Why) ->
    [{result, Why}, {limit, [{K, short(V)} || K <- [key, scope, max_requests, current_requests, window_ms, retry_after_ms],
                                              V <- case Limit of #{K := X} -> [X]; _ -> [] end]} | L];
field(_, _, L) -> L.

%% Without the arguments that a frame may hold.
trace([{M, F, A, Where} | Rest], N) when N > 0, is_atom(M), is_atom(F), is_list(Where) ->
    Arity = case A of _ when is_integer(A) -> A; _ when is_list(A) -> length(A); _ -> 0 end,
    Place = case lists:keyfind(line, 1, Where) of {_, Line} -> [$:, integer_to_list(Line)]; _ -> [] end,
    [io_lib:format("~ts.~ts/~b~ts~n", [M, F, Arity, Place]) | trace(Rest, N - 1)];
trace([_ | Rest], N) when N > 0 -> trace(Rest, N - 1);
trace(_, _) -> [].

%% ---------------------------------------------------------------------------------------------------------------------
%% The agent

-record(s, {c, keeper, reader, since, is_busy = false, ticks = 0, failures = 0, watchers = #{}, queue = [], queued = 0,
            interval = 1000, changes = [], changed = 0, pulls = #{}}).
-record(w, {monitor, mask = 0, filter = all, sent = 0, taken = 0, lost = 0, tick = -1, told = -1, interval = 1000}).

%% Called by a watcher through erpc: begins to watch. {error, ending} says that the agent is just being removed: try again.
start(Watcher, Options) when is_pid(Watcher), is_map(Options) ->
    Agent = case whereis(?MODULE) of
                undefined -> begin_agent(whereis(init));
                Pid -> Pid
            end,
    Monitor = monitor(process, Agent),
    Agent ! {genapi_watch, self(), Monitor, Watcher, Options},
    receive
        {Monitor, Answer} -> demonitor(Monitor, [flush]), Answer;
        {'DOWN', Monitor, _, _, _} -> {error, ending}
    after 5000 -> demonitor(Monitor, [flush]), {error, timeout}
    end.

%% By a fun, which keeps the code: the module may be removed before this process runs, and what is called by its name would be undefined.
begin_agent(GroupLeader) -> spawn(fun() -> run(GroupLeader) end).

run(GroupLeader) ->
    %% What fails here belongs to the gateway's log, not to the program that watches.
    is_pid(GroupLeader) andalso group_leader(GroupLeader, self()),
    process_flag(trap_exit, true),
    process_flag(message_queue_data, off_heap),
    %% Nobody removes the module while its name is held. Where that was done before, who waits for this process is told so by its end.
    case quietly(fun() -> register(?MODULE, self()) end) =:= true andalso erlang:module_loaded(?MODULE) of
        true ->
            Self = self(),
            Keeper = spawn(fun() -> keep(Self) end),
            monitor(process, Keeper),
            Counting = [set, public, {write_concurrency, true}],
            C = #c{series = ets:new(genapi, Counting), running = ets:new(genapi, Counting),
                   counts = counters:new(length(events()), [write_concurrency]),
                   numbers = atomics:new(?NUMBERS, [{signed, true}]), agent = self()},
            ets:insert(C#c.series, series(0, other)),
            atomics:put(C#c.numbers, ?CLOCK, erlang:monotonic_time(second)),
            atomics:put(C#c.numbers, ?KEEP, 1),
            attach(C),
            erlang:send_after(10000, self(), nobody),
            self() ! tick,
            serve(reading(#s{c = C, keeper = Keeper, since = erlang:system_time(microsecond)}));
        false -> ok
    end.

%% A reader, who tells everything anew: of what it tells nothing is older than its first tick.
reading(#s{c = C, since = Since, ticks = Tick} = S) ->
    Self = self(),
    S#s{reader = spawn_link(fun() -> reader(Self, C, #{since => Since, tick => Tick}) end), is_busy = false}.

%% What was counted lies in the agent's tables, so that a reader that failed takes nothing with it. One that always fails does.
failed_reading(Reason, #s{failures = N}) when Reason =:= upgraded; N >= ?MOST_FAULTS -> exit(Reason);
failed_reading(_, S) -> reading(S#s{failures = S#s.failures + 1}).

attach(C) ->
    %% That of an agent before would count into tables that are gone.
    quietly(fun() -> telemetry:detach(?MODULE) end),
    quietly(fun() -> telemetry:attach_many(?MODULE, [[phoenix_gen_api | E] || E <- events()], fun ?MODULE:handle/4, C) end).

quietly(Fun) -> try Fun() catch _:_ -> error end.

serve(S) ->
    receive
        {event, I, Event} -> serve(queue(I, Event, S));
        flush -> serve(flush(S));
        {changed, I, At, Service, Type, Version} -> serve(change(I, At, Service, Type, Version, S));
        {pulled, I, At, Service, Count, Us, Version} -> serve(pulled(I, At, Service, Count, Us, Version, S));
        {genapi_watch, From, Tag, Watcher, Options} -> serve(watch(From, Tag, Watcher, Options, S));
        {genapi_want, Watcher, Wants} -> serve(want(Watcher, Wants, S));
        {genapi_taken, Watcher, Events, Tick} -> serve(taken(Watcher, Events, Tick, S));
        {genapi_leave, Watcher} -> left(Watcher, S);
        {'DOWN', _, process, Keeper, _} when Keeper =:= S#s.keeper -> dismiss(S), remove();
        {'DOWN', _, process, Watcher, _} -> left(Watcher, S);
        tick -> serve(tick(S));
        {told, Told} -> serve(told(Told, S#s{is_busy = false, failures = 0}));
        nobody when S#s.watchers =:= #{} -> dismiss(S);
        nobody -> serve(S);
        {'EXIT', Reader, Reason} when Reader =:= S#s.reader -> serve(failed_reading(Reason, S));
        _ -> serve(S)
    end.

%% The end of the agent is the keeper's beginning.
left(Watcher, S) ->
    Watchers = maps:remove(Watcher, S#s.watchers),
    case map_size(Watchers) of
        0 -> dismiss(S);
        _ -> serve(pace(S#s{watchers = Watchers}))
    end.

%% A reader that waits for a process of the library would stay until it answers.
dismiss(S) -> unlink(S#s.reader), exit(S#s.reader, kill).

watch(From, Tag, Watcher, Options, #s{watchers = Watchers} = S) ->
    case map_size(Watchers) >= ?MOST_WATCHERS andalso not is_map_key(Watcher, Watchers) of
        true -> From ! {Tag, {error, too_many_watchers}}, S;
        false ->
            Interval = case Options of #{interval := N} when is_integer(N) -> min(max(N, 200), 60000); _ -> 1000 end,
            W = case Watchers of
                    #{Watcher := Old} -> Old;
                    _ -> #w{monitor = monitor(process, Watcher)}
                end,
            From ! {Tag, {ok, self()}},
            pace(S#s{watchers = Watchers#{Watcher => wants(Options, W#w{interval = Interval})}})
    end.

want(Watcher, Wants, #s{watchers = Watchers} = S) ->
    case Watchers of
        #{Watcher := W} when is_map(Wants) -> pace(S#s{watchers = Watchers#{Watcher := wants(Wants, W)}});
        _ -> S
    end.

%% #{mask := bits of the events, services := all | [[Part]]}: a pattern is what stands between its stars.
wants(Wants, W) ->
    Mask = case Wants of #{mask := M} when is_integer(M), M >= 0 -> M band (1 bsl 31 - 1); _ -> W#w.mask end,
    Filter = case Wants of
                 #{services := L} when is_list(L), length(L) =< 256 -> L;
                 #{services := all} -> all;
                 _ -> W#w.filter
             end,
    W#w{mask = Mask, filter = Filter}.

pace(#s{watchers = Watchers, c = C} = S) ->
    All = maps:values(Watchers),
    Filters = [W#w.filter || W <- All, W#w.mask =/= 0],
    ets:insert(C#c.series, {wants, lists:append([F || F <- Filters, F =/= all])}),
    atomics:put(C#c.numbers, ?FILTERED, case lists:member(all, Filters) of true -> 0; false -> 1 end),
    atomics:put(C#c.numbers, ?WANTED, lists:foldl(fun(W, M) -> M bor W#w.mask end, 0, All)),
    S#s{interval = lists:min([60000 | [W#w.interval || W <- All]])}.

%% Events

queue(_, Event, S) ->
    S#s.queued =:= 0 andalso erlang:send_after(?BATCH_MS, self(), flush),
    Next = S#s{queue = [Event | S#s.queue], queued = S#s.queued + 1},
    case Next#s.queued >= ?MOST_BATCH of
        true -> flush(Next);
        false -> Next
    end.

flush(#s{queued = 0} = S) -> S;
flush(#s{queue = Queue, queued = N, c = C} = S) ->
    Events = lists:reverse(Queue),
    atomics:sub(C#c.numbers, ?WAITING, N),
    S#s{queue = [], queued = 0, watchers = maps:map(fun(Pid, W) -> pass_on(Pid, W, Events) end, S#s.watchers)}.

pass_on(_, #w{mask = 0} = W, _) -> W;
pass_on(Pid, W, All) ->
    Events = [E || E <- All, passes(E, W)],
    N = length(Events),
    Message = {genapi_events, Events, W#w.lost},
    case N =:= 0 orelse (W#w.sent - W#w.taken + N =< ?MOST_WAITING andalso send(Pid, Message)) of
        true -> W#w{sent = W#w.sent + N};
        false -> W#w{lost = W#w.lost + N}
    end.

%% Never waits: what finds no room in the connection is lost, and counted.
send(Pid, Message) -> erlang:send(Pid, Message, [nosuspend, noconnect]) =:= ok.

passes({I, _, _, _, D, Ids}, #w{mask = Mask, filter = Filter}) ->
    Mask band (1 bsl I) =/= 0 andalso
        (Filter =:= all orelse
         case {lists:keyfind(service, 1, D), Ids} of
             {{_, all}, _} -> true;
             {{_, S}, _} -> is_like(S, Filter);
             {false, {_, S, _}} -> is_like(S, Filter);
             _ -> false
         end).

is_like(S, Patterns) ->
    Text = text(S),
    lists:any(fun(P) -> matches(Text, P) end, Patterns).

matches(Text, [Whole]) -> Text =:= Whole;
matches(Text, [First | Rest]) ->
    case Text of
        <<First:(byte_size(First))/binary, Tail/binary>> -> matches_rest(Tail, Rest);
        _ -> false
    end;
matches(_, _) -> false.

matches_rest(Text, [Last]) ->
    N = byte_size(Text) - byte_size(Last),
    N >= 0 andalso binary:part(Text, N, byte_size(Last)) =:= Last;
matches_rest(Text, [<<>> | Rest]) -> matches_rest(Text, Rest);
matches_rest(Text, [Part | Rest]) ->
    case binary:match(Text, Part) of
        {At, N} -> matches_rest(binary:part(Text, At + N, byte_size(Text) - At - N), Rest);
        nomatch -> false
    end.

taken(Watcher, Events, Tick, #s{watchers = Watchers} = S) ->
    case Watchers of
        #{Watcher := W} when is_integer(Events), is_integer(Tick) ->
            S#s{watchers = Watchers#{Watcher := W#w{taken = min(max(Events, W#w.taken), W#w.sent), tick = max(Tick, W#w.tick)}}};
        _ -> S
    end.

%% What only events tell, since the agent came.

change(I, At, Service, Type, Version, #s{c = C} = S) ->
    atomics:sub(C#c.numbers, ?WAITING, 1),
    Id = S#s.changed + 1,
    Changes = lists:sublist([{Id, At, I, Service, Type, Version} | S#s.changes], ?MOST_CHANGES),
    S#s{changed = Id, changes = Changes}.

pulled(I, At, Service, Count, Us, Version, #s{c = C, pulls = Pulls} = S) ->
    atomics:sub(C#c.numbers, ?WAITING, 1),
    Kind = case I of 22 -> pull; 24 -> push end,
    case is_map_key({Kind, Service}, Pulls) orelse map_size(Pulls) < 10000 of
        true -> S#s{pulls = Pulls#{{Kind, Service} => {At, Count, Us, Version}}};
        false -> S
    end.

tick(#s{c = C} = S) ->
    erlang:send_after(S#s.interval, self(), tick),
    atomics:put(C#c.numbers, ?CLOCK, erlang:monotonic_time(second)),
    %% telemetry may have been stopped and started, or somebody may have detached everything.
    atomics:get(C#c.numbers, ?FAULTS) < ?MOST_FAULTS andalso not is_attached() andalso attach(C),
    case S#s.is_busy of
        true -> S;
        false ->
            %% Who has not taken what was told last gets nothing more, and later all that has changed since.
            Due = [{Pid, W#w.tick, W#w.lost} || {Pid, W} <- maps:to_list(S#s.watchers), W#w.told =< W#w.tick],
            Pulls = [{Kind, Service, At, Count, Us, V} || {{Kind, Service}, {At, Count, Us, V}} <- maps:to_list(S#s.pulls)],
            S#s.reader ! {tick, Due, [{changes, S#s.changes}, {pulls, Pulls}], map_size(S#s.watchers)},
            S#s{is_busy = true, ticks = S#s.ticks + 1}
    end.

told(Told, #s{watchers = Watchers} = S) ->
    S#s{watchers = lists:foldl(fun({Pid, Tick}, All) ->
                                       case All of #{Pid := W} -> All#{Pid := W#w{told = Tick}}; _ -> All end
                               end, Watchers, Told)}.

is_attached() ->
    try lists:any(fun(#{id := Id}) -> Id =:= ?MODULE end, telemetry:list_handlers([phoenix_gen_api, executor, request, stop]))
    catch _:_ -> false
    end.

%% ---------------------------------------------------------------------------------------------------------------------
%% The end

keep(Agent) ->
    Monitor = monitor(process, Agent),
    receive
        {'DOWN', Monitor, _, _, _} ->
            remove()
    end.

%% Takes the handler off, lets those finish that are in it, and has the module removed by a process that is not in it, and so is
%% interpreted. It does so under the agent's name, so that nobody begins to watch meanwhile: who asks is told at once that all is ending,
%% also by one that has given the name back since. Where the next agent has the name already, all is that one's. soft_purge never kills:
%% while a process is in code from before, the name is given back and all is tried again, for as long as it takes.
remove() ->
    {ok, Tokens, _} = erl_scan:string(
        "Monitor = monitor(process, Last),"
        "receive {'DOWN', Monitor, _, _, _} -> ok end,"
        "Now = fun() -> erlang:monotonic_time(millisecond) end,"
        "Refuse = fun(F, Until) -> "
        "    receive {genapi_watch, From, Tag, _, _} -> From ! {Tag, {error, ending}}, F(F, Until) "
        "    after max(0, Until - Now()) -> ok "
        "    end "
        "end,"
        "Rest = fun(Ms) -> Refuse(Refuse, Now() + Ms) end,"
        "Purge = fun(F, Wait) -> code:soft_purge(Module) orelse begin Rest(Wait), F(F, min(Wait * 2, 1000)) end end,"
        "Remove = fun(F, Wait) -> "
        "    case catch register(Module, self()) of "
        "        true -> "
        "            catch telemetry:detach(Module),"
        "            Rest(100),"
        "            case code:soft_purge(Module) andalso code:delete(Module) of "
        "                true -> unregister(Module), Purge(Purge, 100); "
        "                false -> "
        "                    unregister(Module),"
        "                    code:is_loaded(Module) =:= false orelse begin Rest(Wait), F(F, min(Wait * 2, 1000)) end "
        "            end; "
        "        _ -> taken "
        "    end "
        "end,"
        "Remove(Remove, 100)."),
    {ok, Forms} = erl_parse:parse_exprs(Tokens),
    spawn(erl_eval, exprs, [Forms, [{'Last', self()}, {'Module', ?MODULE}]]),
    ok.

%% ---------------------------------------------------------------------------------------------------------------------
%% The reader: what the library holds, as names of tables and processes of 2.18 to 2.25 tell it.

%% The tables are the agent's and go with it, wherever the reader is in them then: it ends without a word, since the log is the gateway's.
reader(Agent, C, Known) ->
    try read(Agent, C, Known)
    catch error:Reason:Where -> is_process_alive(Agent) andalso erlang:raise(error, Reason, Where)
    end.

%% Known: for each section the value's hash, the tick at which it changed, and the value; for `series` what each row was.
read(Agent, C, Known) ->
    receive
        {tick, Due, Extra, Watchers} ->
            Tick = maps:get(tick, Known, 0),
            Tick =:= 0 andalso quietly(fun() -> open_before(C) end),
            %% What events tell of is read as soon as there was one.
            Configs = lists:sum([counters:get(C#c.counts, I) || I <- lists:seq(22, 31)]),
            HasChanged = maps:get(configs, Known, -1) =/= Configs,
            Sections = lists:foldl(fun({Name, Every, Read}, K) -> section(Name, Every, Read, Tick, K) end,
                                   Known#{configs => Configs}, sections(C, HasChanged, Known)),
            Now = lists:foldl(fun({Name, Value}, K) -> keep(Name, Value, Tick, K) end, Sections, Extra),
            Tick rem 5 =:= 4 andalso sweep(C),
            {Rows, Seen} = changed(C, Tick, maps:get(seen, Now, #{})),
            #{library := Version} = Scalars = scalars(C, Watchers, Now),
            %% What another version emitted is none of this one's: all begins anew.
            is_upgraded(Version, Known) andalso exit(upgraded),
            Told = [{Pid, Tick} || {Pid, Last, Missed} <- Due,
                                   tell_state(Pid, Last, Tick, Now, Rows, Scalars#{missed => Missed}, C, Seen)],
            Agent ! {told, Told},
            Tick rem 5 =:= 0 andalso erlang:garbage_collect(),
            read(Agent, C, Now#{seen => Seen, tick => Tick + 1, version => version_of(Version, Known)})
    end.

%% One that has stopped, or tells no version, is upgraded when it tells another.
is_upgraded(Version, #{version := Before}) -> is_binary(Version) andalso is_binary(Before) andalso Version =/= Before;
is_upgraded(_, _) -> false.

version_of(_, #{version := Before}) when is_binary(Before) -> Before;
version_of(Version, _) -> Version.

%% Name, how many ticks apart it is read, and how. A read that fails or finds its process deaf leaves the value before.
sections(C, HasChanged, Known) ->
    Configs = case HasChanged of true -> 1; false -> 5 end,
    [{functions, Configs, fun() -> known(functions(), C) end}, {services, Configs, fun services/0}, {failed, Configs, fun failed/0},
     {limits, 1, fun limits/0}, {hot_keys, 5, fun hot_keys/0}, {pools, 1, fun pools/0},
     {breakers, 1, fun() -> breakers(C) end}, {relay, 5, fun relay/0}, {nodes, 5, fun() -> nodes_since(Known) end}].

%% {Node, visible | hidden | down, Since}: those that are connected, and of those that were the ones that functions name. nil is the time of
%% one that was connected when the agent came.
nodes_since(#{nodes := {_, _, Before}} = Known) ->
    Now = erlang:system_time(microsecond),
    Connected = nodes_known(),
    Was = maps:from_list([{N, {Kind, At}} || {N, Kind, At} <- Before]),
    Since = fun(N, IsDown) ->
                    case Was of
                        #{N := {Kind, At}} when (Kind =:= down) =:= IsDown -> At;
                        _ -> Now
                    end
            end,
    Went = maps:without([N || {N, _} <- Connected], Was),
    Functions = case Known of #{functions := {_, _, L}} when map_size(Went) > 0 -> L; _ -> [] end,
    Named = lists:usort([N || {_, _, _, [Nodes | _]} <- Functions, is_list(Nodes), N <- Nodes, is_map_key(N, Went)]),
    [{N, Kind, Since(N, false)} || {N, Kind} <- Connected] ++ [{N, down, Since(N, true)} || N <- lists:sublist(Named, 1000)];
nodes_since(_) -> [{N, Kind, nil} || {N, Kind} <- nodes_known()].

%% What the gateway has is counted apart, however many strange names clients say.
known(Functions, C) -> [id({S, T}, ?KNOWN, C) || {S, T, _, _} <- Functions], Functions.

section(Name, Every, Read, Tick, Known) ->
    case Tick rem Every =:= 0 orelse not is_map_key(Name, Known) of
        false -> Known;
        true ->
            try keep(Name, Read(), Tick, maps:remove({old, Name}, Known))
            catch _:_ -> Known#{{old, Name} => true}
            end
    end.

keep(Name, Value, Tick, Known) ->
    Hash = erlang:phash2(Value, 1 bsl 32),
    case Known of
        #{Name := {Hash, _, _}} -> Known;
        _ -> Known#{Name => {Hash, Tick, Value}}
    end.

names() -> [functions, services, failed, limits, hot_keys, pools, breakers, relay, nodes, changes, pulls].

tell_state(Pid, Last, Tick, Known, Rows, Scalars, C, Seen) ->
    lists:all(fun(Name) ->
                      case Known of
                          #{Name := {_, Changed, Value}} when Changed > Last -> tell_parts(Pid, Tick, Name, Value, first);
                          _ -> true
                      end
              end, names())
        andalso tell_series(Pid, Last, Tick, Rows, C, Seen)
        andalso send(Pid, {genapi_state, Tick, Scalars}).

tell_parts(Pid, Tick, Name, Items, Which) when length(Items) =< ?PART -> send(Pid, {genapi_part, Tick, Name, Which, Items});
tell_parts(Pid, Tick, Name, Items, Which) ->
    {Part, Rest} = lists:split(?PART, Items),
    send(Pid, {genapi_part, Tick, Name, Which, Part}) andalso tell_parts(Pid, Tick, Name, Rest, next).

%% The rows that changed since the watcher's last state, whole: they are absolute numbers.
tell_series(Pid, Last, Tick, Rows, C, Seen) ->
    Ids = case Last =:= Tick - 1 of
              true -> Rows;
              false -> [Id || {Id, {_, At, _}} <- maps:to_list(Seen), At > Last]
          end,
    tell_rows(Pid, Tick, Ids, C, Seen).

tell_rows(_, _, [], _, _) -> true;
tell_rows(Pid, Tick, Ids, C, Seen) ->
    {Some, Rest} = lists:split(min(?PART, length(Ids)), Ids),
    Items = [whole(Row, Begun, C) || Id <- Some, {_, _, Begun} <- [maps:get(Id, Seen)], Row <- ets:lookup(C#c.series, Id)],
    send(Pid, {genapi_part, Tick, series, next, Items}) andalso tell_rows(Pid, Tick, Rest, C, Seen).

%% {Id, Key, Requests, Outcomes, Unfinished, Retries, Sum, Max, Unplaced, Error, ErrorAt, [{Bucket, Count}]}
whole(Row, Begun, C) ->
    Id = element(1, Row),
    Map = element(?BLOCK_MAP, Row),
    Buckets = [{Block * 64 + Offset, N} || Block <- lists:seq(0, 30), Map band (1 bsl Block) =/= 0,
                                           Cells <- ets:lookup(C#c.series, block(Id, Block)),
                                           {Offset, N} <- lists:zip(lists:seq(0, 63), tl(tuple_to_list(Cells))), N > 0],
    {Id, element(?KEY, Row), max(Begun, element(?REQUESTS, Row)), [element(I, Row) || I <- lists:seq(?OK, ?UNFINISHED - 1)],
     element(?UNFINISHED, Row), element(?RETRIES, Row), element(?SUM, Row), element(?MAX, Row), element(?UNPLACED, Row),
     element(?LAST_ERROR, Row), element(?LAST_ERROR_AT, Row), Buckets}.

%% Which series changed in this tick, and for all {Hash, Tick, Begun}: in which tick they changed last, and how many requests have begun.
%% Those that ended are read before those that run: one that ends meanwhile is missed, and not counted twice, and what was told once stands
%% until it is reached. So no number of requests is ever too high, or goes down.
changed(C, Tick, Seen) ->
    Pattern = [{erlang:make_tuple(?LAST_ERROR_AT, '_'), [], ['$_']}],
    Rows = fold(C#c.series, Pattern, fun(Row, L) -> [{element(1, Row), erlang:phash2(Row, 1 bsl 32), element(?REQUESTS, Row)} | L] end, []),
    Running = running(C),
    lists:foldl(fun({Id, Hash, Ended}, {Ids, S}) ->
                        Begun = Ended + maps:get(Id, Running, 0),
                        case S of
                            #{Id := {Hash, _, Before}} when Begun =< Before -> {Ids, S};
                            #{Id := {_, _, Before}} -> {[Id | Ids], S#{Id := {Hash, Tick, max(Before, Begun)}}};
                            _ -> {[Id | Ids], S#{Id => {Hash, Tick, Begun}}}
                        end
                end, {[], Seen}, Rows).

%% How many requests of each series run now.
running(C) ->
    fold(C#c.running, [{{'_', '$1', '_', '_', '_'}, [], ['$1']}],
         fun(Id, All) when Id < 0 -> All;
            (Id, All) -> All#{Id => maps:get(Id, All, 0) + 1}
         end, #{}).

%% Requests whose process is gone have ended without an event, and those that it has begun too long ago: whoever catches an exit
%% goes on without one.
sweep(C) ->
    Size = ets:info(C#c.running, size),
    atomics:put(C#c.numbers, ?FULL, case Size > ?MOST_RUNNING of true -> 1; false -> 0 end),
    atomics:put(C#c.numbers, ?KEEP, case Size > ?MOST_IDLE of true -> 0; false -> 1 end),
    Oldest = erlang:monotonic_time(second) - ?MOST_SECONDS,
    fold(C#c.running, [{{'$1', '$2', '_', '_', '$3'}, [], [{{'$1', '$2', '$3'}}]}],
         fun({Pid, Id, Since}, ok) ->
                 %% This request and no other: its process may have ended it meanwhile, and begun one.
                 (Since < Oldest andalso Id =/= ?IDLE orelse not is_process_alive(Pid))
                     andalso ets:select_delete(C#c.running, [{{Pid, Id, '_', '_', Since}, [], [true]}]) =:= 1
                     andalso Id >= 0
                     andalso ets:update_counter(C#c.series, Id, [{?UNFINISHED, 1}, {?REQUESTS, 1}]),
                 ok
         end, ok),
    fold(C#c.running, [{{{name, '$1'}, '_', '_'}, [], ['$1']}],
         fun(Pid, ok) -> is_process_alive(Pid) orelse ets:delete(C#c.running, {name, Pid}), ok end, ok),
    fold(C#c.running, [{{{breaker, '$1'}, '_', '_', '_', '_', '_'}, [], ['$1']}],
         fun(Pid, ok) -> is_process_alive(Pid) orelse ets:delete(C#c.running, {breaker, Pid}), ok end, ok).

%% Breakers that opened before the agent came: the workers are asked once, each for no longer than it may be deaf.
open_before(C) ->
    Now = erlang:monotonic_time(millisecond),
    Wall = erlang:system_time(microsecond),
    [ets:insert_new(C#c.running, {{breaker, Worker}, Pool, At, At, 1, maps:get(consecutive_failures, State, 0)})
     || Pool <- [async_pool, stream_pool], Pid <- [whereis(Pool)], is_pid(Pid), {links, Links} <- [process_info(Pid, links)],
        Worker <- lists:sublist(Links, 2000), is_pid(Worker),
        #{circuit_open_at := Open} = State <- [quietly(fun() -> sys:get_state(Worker, ?PATIENCE) end)], is_integer(Open),
        At <- [Wall - (Now - Open) * 1000]].

breakers(C) ->
    Cooldown = setting(circuit_breaker_cooldown, 60000),
    Open = fold(C#c.running, [{{{breaker, '_'}, '_', '_', '_', '_', '_'}, [], ['$_']}], fun(Row, L) -> [Row | L] end, []),
    Rows = [{Pool, number(Pid), First, Last, N, Failures, Cooldown}
            || {{_, Pid}, Pool, First, Last, N, Failures} <- lists:sublist(Open, ?MOST_MEMBERS)],
    lists:sort(Rows).

number(Pid) ->
    [_, N | _] = string:lexemes(pid_to_list(Pid), "<.>"),
    list_to_integer(N).

%% What is one number or word each.
scalars(C, Watchers, Known) ->
    (machine())#{events => [counters:get(C#c.counts, I) || I <- lists:seq(1, length(events()))],
                 lost => atomics:get(C#c.numbers, ?LOST), faults => atomics:get(C#c.numbers, ?FAULTS), attached => is_attached(),
                 watchers => Watchers, old => [Name || {old, Name} <- maps:keys(Known)], agent_bytes => bytes(C),
                 since => maps:get(since, Known)}.

bytes(C) ->
    Word = erlang:system_info(wordsize),
    %% An agent that is killed meanwhile has no memory and no tables.
    Word * lists:sum([N || T <- [C#c.series, C#c.running], N <- [ets:info(T, memory)], is_integer(N)])
        + lists:sum([N || P <- [self(), C#c.agent], {memory, N} <- [process_info(P, memory)]]).

%% ---------------------------------------------------------------------------------------------------------------------
%% What is read of the library. `--no-agent` has these functions interpreted there instead of loaded, so that nothing from here on
%% uses a record, a table of the agent, or a function from above.

%% A table in slices, with pauses: no slice takes longer than a millisecond of the gateway.
fold(Table, Pattern, Fun, Start) -> fixed(Table, fun() -> slices(ets:select(Table, Pattern, ?SLICE), Fun, Start) end).

%% A table that others change meanwhile, and we: while it is fixed a place in it stays one, and each row that stays is met once. What
%% is deleted meanwhile keeps its room until then; who dies fixes nothing.
fixed(Table, Fun) ->
    ets:safe_fixtable(Table, true),
    try Fun()
    after unfix(Table)
    end.

%% A table that is gone is fixed no more.
unfix(Table) -> try ets:safe_fixtable(Table, false) catch _:_ -> true end.

slices('$end_of_table', _, Value) -> Value;
slices({Rows, Next}, Fun, Value) ->
    Folded = lists:foldl(Fun, Value, Rows),
    Next =/= '$end_of_table' andalso length(Rows) >= ?SLICE andalso timer:sleep(1),
    slices(ets:select(Next), Fun, Folded).

%% An unguarded pattern of one table of the library: nothing when it is not there.
table(Name, Pattern, Fun, Start) ->
    case ets:whereis(Name) of
        undefined -> Start;
        Table -> fold(Table, Pattern, Fun, Start)
    end.

ask(Name, Request) -> gen_server:call(Name, Request, ?PATIENCE).

env(Key, Default) -> case application:get_env(phoenix_gen_api, Key) of {ok, V} -> V; _ -> Default end.

%% A setting of the pools: a whole number of their list or map in the environment.
setting(Key, Default) ->
    case env(worker_pool, []) of
        #{Key := N} when is_integer(N) -> N;
        [_ | _] = L -> case lists:keyfind(Key, 1, L) of {_, N} when is_integer(N) -> N; _ -> Default end;
        _ -> Default
    end.

functions() ->
    Fields = [nodes, choose_node_mode, timeout, response_type, retry, check_permission, permission_callback, before_execute,
              after_execute, disabled],
    Rows = case ets:whereis('Elixir.PhoenixGenApi.ConfigDb') of
               undefined -> {0, []};
               Table ->
                   %% A config is large, so that only these fields of it are copied.
                   Pattern = [{{'$1', '$2'}, [{is_map_key, K, '$2'} || K <- Fields], [{{'$1', [{map_get, K, '$2'} || K <- Fields]}}]}],
                   fold(Table, Pattern, fun({{S, T, V}, Values}, {N, L}) when N < ?MOST_KNOWN ->
                                                Named = [value(K, Value) || {K, Value} <- lists:zip(Fields, Values)],
                                                {N + 1, [{short(S), short(T), short(V), Named} | L]};
                                           (_, Seen) -> Seen
                                        end, {0, []})
           end,
    lists:sort(element(2, Rows)).

%% What may hold arguments is shown without them.
value(nodes, L) when is_list(L) -> [N || N <- lists:sublist(L, 50), is_atom(N)];
value(K, {M, F, A}) when K =/= retry, is_atom(M), is_atom(F), is_list(A) -> {M, F, length(A)};
value(_, {role, L}) when is_list(L) -> {role, [short(R) || R <- lists:sublist(L, 20)]};
value(_, V) -> short(V).

services() ->
    Pulled = try ask('Elixir.PhoenixGenApi.ConfigPuller', get_services) catch exit:{timeout, _} -> throw(deaf) end,
    Versions = ask('Elixir.PhoenixGenApi.ConfigPuller', get_all_versions),
    Pushed = ask('Elixir.PhoenixGenApi.ConfigReceiver', get_all_pushed_services),
    lists:sort([{pull, short(S), version(maps:get(S, Versions, nil))} || S <- maps:keys(Pulled)]
               ++ [{push, short(S), version(V)} || {S, V} <- maps:to_list(Pushed)]).

version(V) when is_binary(V); is_atom(V); is_integer(V) -> short(V);
version(_) -> nil.

failed() ->
    Now = erlang:system_time(millisecond),
    Fields = [id, service, request_type, version, source, node, reason, inserted_at_ms],
    Rows = table(phoenix_gen_api_config_failed, [{{'_', '$1'}, [], ['$1']}],
                 fun(#{expires_at_ms := Until} = E, Seen) when Until > Now ->
                         [Id, S, T, V, Source, Node, Reason, At] = [maps:get(K, E, nil) || K <- Fields],
                         Reasons = [cut(R, ?TEXT_BYTES) || R <- lists:sublist(Reason, 50), is_binary(R)],
                         %% The library adds the same failure again at each pull: the newest of them is kept.
                         Key = {short(S), short(T), short(V), Source, Node, Reasons},
                         case Seen of
                             #{Key := {_, Other}} when Other >= At -> Seen;
                             _ when map_size(Seen) < ?MOST_FAILED; is_map_key(Key, Seen) -> Seen#{Key => {erlang:phash2(Id), At}};
                             _ -> Seen
                         end;
                    (_, Seen) -> Seen
                 end, #{}),
    lists:sort([{At, Id, Key} || {Key, {Id, At}} <- maps:to_list(Rows)]).

limits() ->
    #{global := Global, api := Api} = ask(rate_limiter_instance_0, get_configured_limits),
    lists:sort([limit(L) || L <- values(Global)] ++ [limit(L) || L <- values(Api)]).

values(M) when is_map(M) -> maps:values(M);
values(L) when is_list(L) -> L.

limit(#{key := Key, max_requests := Max, window_ms := Window} = L) ->
    {short(maps:get(service, L, nil)), short(maps:get(request_type, L, nil)), short(Key), Max, Window}.

%% The 20 keys with most requests in their window. A row of the global table does not say which limit it belongs to.
hot_keys() ->
    Limits = limits(),
    Now = erlang:monotonic_time(millisecond),
    Pattern = [{{'$1', '$2'}, [{'=/=', '$2', []}], [{{'$1', {length, '$2'}}}]}],
    Top = fun(Kind) -> fun({Key, N}, L) -> add_top({N, Kind, Key}, L) end end,
    Candidates = table(rate_limiter_api, Pattern, Top(api), table(rate_limiter_global, Pattern, Top(global), [])),
    Used = [{length(In), Max, Limit, short(Value), Window - (Now - lists:last(In))}
            || {_, Kind, Key} <- Candidates, {Limit, Max, Window, Value} <- limit_of(Kind, Key, Limits),
               [{_, Times}] <- [ets:lookup(table_of(Kind), Key)], In <- [[T || T <- Times, T > Now - Window]], In =/= []],
    lists:sublist(lists:reverse(lists:sort([{N * 1000 div max(1, Max), L, V, N, Max, R} || {N, Max, L, V, R} <- Used])), 20).

table_of(api) -> rate_limiter_api;
table_of(global) -> rate_limiter_global.

add_top(Entry, L) when length(L) < 60 -> lists:sort([Entry | L]);
add_top(Entry, [Least | Rest]) when Entry > Least -> lists:sort([Entry | Rest]);
add_top(_, L) -> L.

limit_of(global, Key, Limits) ->
    case [L || {nil, _, _, _, _} = L <- Limits] of
        [{_, _, _, Max, Window} = L] -> [{L, Max, Window, Key}];
        _ -> []
    end;
limit_of(api, Key, Limits) when is_binary(Key) ->
    lists:sublist([{L, Max, Window, Value} || {S, T, _, Max, Window} = L <- Limits, S =/= nil,
                                              Prefix <- [iolist_to_binary([text(S), $:, text(T), $:])],
                                              <<P:(byte_size(Prefix))/binary, Value/binary>> <- [Key], P =:= Prefix], 1);
limit_of(_, _, _) -> [].

pools() ->
    Queue = setting(max_queue_size, 10000),
    [{Name, setting(SizeKey, Default), Queue, Idle, Busy, Queued}
     || {Name, SizeKey, Default} <- [{async_pool, async_pool_size, 1000}, {stream_pool, stream_pool_size, 500}],
        whereis(Name) =/= undefined,
        #{idle_workers := Idle, busy_workers := Busy, queued_tasks := Queued} <- [ask(Name, status)]].

relay() ->
    Rows = table(phoenix_gen_api_relay_groups, [{'$1', [], ['$1']}],
                 fun({Id, Type, Members}, {N, L}) when N < ?MOST_GROUPS, is_map(Members) -> {N + 1, [group(Id, Type, Members) | L]};
                    (_, Seen) -> Seen
                 end, {0, []}),
    lists:sort(element(2, Rows)).

group(Id, Type, Members) ->
    All = [{short(User), maps:get(status, M, nil), is_admin(maps:get(roles, M, nil)), seconds(maps:get(joined_at, M, nil))}
           || {User, #{} = M} <- maps:to_list(Members)],
    Of = fun(Status) -> length([S || {_, S, _, _} <- All, S =:= Status]) end,
    {short(Id), Type, Of(active), Of(pending), Of(muted), lists:sublist(lists:sort(All), ?MOST_MEMBERS)}.

is_admin(#{map := Roles}) when is_map(Roles) -> is_map_key(admin, Roles) orelse is_map_key(creator, Roles);
is_admin(_) -> false.

seconds(#{'__struct__' := 'Elixir.DateTime', year := Y, month := Mo, day := D, hour := H, minute := Mi, second := S}) ->
    calendar:datetime_to_gregorian_seconds({{Y, Mo, D}, {H, Mi, S}}) - 62167219200;
seconds(_) -> nil.

nodes_known() -> lists:sublist(lists:sort([{N, visible} || N <- nodes()] ++ [{N, hidden} || N <- nodes(hidden)]), 1000).

%% What is one number or word each, of the library and its machine.
machine() ->
    IsClient = env(client_mode, false) =:= true,
    Library = case {whereis('Elixir.PhoenixGenApi.Supervisor'), application:get_key(phoenix_gen_api, vsn)} of
                  {undefined, _} -> stopped;
                  _ when IsClient -> client;
                  {_, {ok, Version}} -> list_to_binary(Version);
                  _ -> running
              end,
    {Wall, _} = erlang:statistics(wall_clock),
    {Runtime, _} = erlang:statistics(runtime),
    #{at => erlang:system_time(microsecond), library => Library,
      cooldown_ms => setting(circuit_breaker_cooldown, 60000), threshold => setting(circuit_breaker_threshold, 10),
      memory => erlang:memory(total), processes => erlang:system_info(process_count),
      process_limit => erlang:system_info(process_limit), run_queue => erlang:statistics(run_queue),
      schedulers => erlang:system_info(schedulers_online), uptime_ms => Wall, runtime_ms => Runtime}.

%% For `--no-agent` alone. What is interpreted takes a thousand times as long as what is loaded, so that rows of functions are
%% taken as they are projected, and other tables only while they are small: false for one that is not.
projected() ->
    Field = fun(K) -> {map_get, K, '$2'} end,
    %% Module and function without what may be arguments; 'EXIT' for what has none.
    Named = fun(K) -> [{element, 1, Field(K)}, {element, 2, Field(K)}] end,
    Clause = fun(Is, Nodes) ->
                     {{'$1', '$2'}, [{Is, Field(nodes)}],
                      [{{'$1', [Nodes, Field(choose_node_mode), Field(timeout), Field(response_type), Field(retry),
                                Field(check_permission), Named(permission_callback), Named(before_execute), Named(after_execute),
                                Field(disabled)]}}]}
             end,
    Pattern = [Clause(is_list, Field(nodes)), Clause(is_atom, Field(nodes)), Clause(is_tuple, Named(nodes))],
    table_slices('Elixir.PhoenixGenApi.ConfigDb', Pattern).

table_slices(Name, Pattern) ->
    case ets:whereis(Name) of
        undefined -> [];
        Table ->
            Take = fun Take('$end_of_table', All, _) -> All;
                       Take(_, All, N) when N > ?MOST_KNOWN -> All;
                       Take({Rows, Next}, All, N) -> timer:sleep(1), Take(ets:select(Next), Rows ++ All, N + ?SLICE)
                   end,
            fixed(Table, fun() -> Take(ets:select(Table, Pattern, ?SLICE), [], 0) end)
    end.

is_small(Name, Pattern) ->
    case ets:info(Name, size) of
        undefined -> true;
        Size -> Size =< ?FEW andalso lists:sum(table_slices(Name, Pattern)) =< ?FEW
    end.

few_failed() -> is_small(phoenix_gen_api_config_failed, [{'_', [], [1]}]) andalso failed().

few_hot_keys() -> is_small(rate_limiter_global, [{'_', [], [1]}]) andalso is_small(rate_limiter_api, [{'_', [], [1]}]) andalso hot_keys().

few_groups() -> is_small(phoenix_gen_api_relay_groups, [{{'_', '_', '$1'}, [], [{map_size, '$1'}]}]) andalso relay().

%% Any term, so small that it may be sent: atoms, numbers, texts, and what is made of them.
short(V) when is_atom(V); is_number(V) -> V;
short(V) when is_binary(V) -> cut(V, ?NAME_BYTES);
short({A, B}) -> {short(A), short(B)};
short({A, B, C}) -> {short(A), short(B), short(C)};
short(_) -> nil.

text(V) when is_binary(V) -> V;
text(V) when is_atom(V) -> atom_to_binary(V, utf8);
text(_) -> <<"(a term)">>.

cut(B, N) when byte_size(B) =< N -> B;
cut(B, N) -> iolist_to_binary([binary:part(B, 0, N), <<"...">>]).
