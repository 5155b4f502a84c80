#!/usr/bin/env python3
"""Judges the log of a run as a stranger would: by the lines of the file alone.

usage: judge.py FILE.jsonl...

Checks that each log is whole (its last line says how many lines came before it and what they hash to), that each line
has the fields of its kind, that causes come before effects, and that promises 1 to 10 and progress were kept, as
Docs/Log.md says how. Logs of version 1 lack what promises 4, 6, 7 and progress need, those of version 2 what it takes
to know from lists that an order is nowhere.
Exit 0: all is well. 1: a promise is broken. 2: a file cannot be read, is no log, or is not whole.
"""

import copy
import datetime
import json
import sys
from collections import Counter, defaultdict, deque
from decimal import ROUND_CEILING, Decimal, InvalidOperation

# ---------------------------------------------------------------- the shape of a line

NUMBER, TEXT, BOOL, AMOUNT, LIST, TABLE, COUNT = "number", "text", "bool", "amount", "list", "table", "count"


def maybe(what):
    return (what, None)


VERSIONS = (1, 2, 3, 4)


def since2(what):
    """A field that came with version 2."""
    return ("since", what, 2)


def since3(what):
    """A field that came with version 3."""
    return ("since", what, 3)


def since4(what):
    """A field that came with version 4."""
    return ("since", what, 4)


OPS = set(
    "place amend cancel cancelMany cancelAll query openOrders history fills balances positions ticker candles depth "
    "preview rules status time timer fees permissions limits marketStream userStream".split())

FIELDS = {
    "run": dict(
        schema=COUNT, seed=COUNT, scenario=TEXT, civil_at_zero=TEXT, venue=TEXT, identity_class=TEXT,
        visibility_lag=NUMBER, receive_window=NUMBER, clock_lead=since3(NUMBER), default_retry_after=since3(NUMBER),
        default_ban=since3(NUMBER), lists=since3(LIST), cancels_by_client_id=since4(BOOL), symbols=LIST,
        positions=TABLE, hedge=BOOL, limits=LIST, costs_by_age=since2(TABLE), breakers=LIST,
        heals_at=since2(maybe(NUMBER))),
    "call": dict(
        call=TEXT, op=OPS, intent=maybe(TEXT), target=maybe(TEXT), symbol=maybe(TEXT), side=maybe({"buy", "sell"}),
        quantity=maybe(AMOUNT), reduce_only=BOOL, strategy=maybe(TEXT), account=maybe(TEXT)),
    "result": dict(call=TEXT, answer={"accepted", "denied", "rejected", "unknown", "threw"}, reason=maybe(TEXT)),
    "request": dict(
        id=TEXT, call=maybe(TEXT), episode=maybe(TEXT), op=OPS, lane=maybe(TEXT), weights=TABLE, scopes=LIST,
        client_id=maybe(TEXT), target=maybe(TEXT), symbol=maybe(TEXT), side=maybe({"buy", "sell"}),
        quantity=maybe(AMOUNT), type=maybe(TEXT), reduce_only=BOOL, group=maybe(TEXT), replaces=maybe(TEXT),
        probe=BOOL),
    "reply": dict(
        id=TEXT, event={"answered", "gaveUp", "late"}, outcome=maybe(TEXT), status=maybe(COUNT),
        retry_after=maybe(TEXT), limit_scope=maybe(TEXT), until=maybe(NUMBER)),
    "told": dict(request=maybe(TEXT), order_id=TEXT, client_id=TEXT),
    "venue": dict(
        event=set("arrived accepted rejected filled cancelled expired amended duplicate replaced limited banned foreign "
                  "connected disconnected".split()),
        request=maybe(TEXT), order_id=maybe(TEXT), client_id=maybe(TEXT), symbol=maybe(TEXT),
        side=maybe({"buy", "sell"}), quantity=maybe(AMOUNT), remaining=maybe(AMOUNT), price=maybe(AMOUNT),
        fee=maybe(AMOUNT), fee_asset=maybe(TEXT), replaces=maybe(TEXT), position=maybe(AMOUNT)),
    "limited": dict(limit_scope=TEXT, until=maybe(NUMBER)),
    "fault": dict(fault=TEXT, op=OPS, request=maybe(TEXT)),
    "permission": dict(
        id=TEXT, scope=TEXT, level={"open", "reduce_only", "cancel_only", "frozen"}, cause=TEXT, episode=TEXT,
        event={"raised", "extended", "cleared", "expired", "persisted"}, release=since2({"hand", "time", "cleared"}),
        until=maybe(NUMBER)),
    "breaker": dict(name=TEXT, **{"from": TEXT, "to": TEXT}),
    "order": dict(
        intent=TEXT, client_id=TEXT, order_id=maybe(TEXT),
        state=set("prepared sent acknowledged rejected unknown working filled cancelled expired".split())),
    "alert": dict(
        episode=TEXT, event={"begin", "remind", "end"}, severity=TEXT, code=TEXT, causes=LIST, sink=TEXT,
        delivered_at=NUMBER),
    "sweep": dict(
        cause=TEXT, scope=TEXT, event={"begin", "resumed", "listed", "released", "residual", "end"}, orders=LIST),
    "disk": dict(
        op={"read", "append", "sync", "replace"}, outcome={"done", "failed", "damaged"}, bytes=COUNT,
        text=maybe(TEXT)),
    "world": dict(
        event={"clock_step", "sleep", "disk", "venue_mode", "authentication", "second_process"}, detail=maybe(TEXT),
        step=maybe(NUMBER), per_mille=maybe(COUNT), until=maybe(NUMBER)),
    "crash": {},
    "restart": {},
    "end": dict(lines=COUNT, hash=TEXT),
}


def fits(value, what):
    if isinstance(what, tuple):
        if what[0] == "since":
            return fits(value, what[1])
        return value is None or fits(value, what[0])
    if isinstance(what, set):
        return isinstance(value, str) and value in what
    if what == TEXT:
        return isinstance(value, str)
    if what == BOOL:
        return isinstance(value, bool)
    if what == COUNT:
        return isinstance(value, int) and not isinstance(value, bool)
    if what == NUMBER:
        return isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    if what == LIST:
        return isinstance(value, list)
    if what == TABLE:
        return isinstance(value, dict)
    if what == AMOUNT:
        try:
            return isinstance(value, str) and Decimal(value).is_finite()
        except InvalidOperation:
            return False
    raise AssertionError(what)


class NoLog(Exception):
    pass


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def read(path):
    """Every line as an object, one after the other, once the file has been found to be whole."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise NoLog(str(error)) from None
    if not data.endswith(b"\n"):
        raise NoLog("the last line is cut off" if data else "the file is empty")
    lines = data[:-1].split(b"\n")
    end = parse(len(lines), lines[-1])
    if end.get("kind") != "end":
        raise NoLog("there is no end line: the log is not whole")
    if end.get("lines") != len(lines) - 1:
        raise NoLog(f"the end line speaks of {end.get('lines')} lines, there are {len(lines) - 1}")
    said = str(end.get("hash"))
    found = f"{fnv(data[:len(data) - len(lines[-1]) - 1]):016x}"
    if said != found:
        raise NoLog(f"the end line says hash {said}, the lines hash to {found}")
    return (parse(number, line) for number, line in enumerate(lines, 1))


def parse(number, line):
    try:
        # As a decimal, an instant is exact to the nanosecond.
        entry = json.loads(line.decode("utf-8"), parse_float=Decimal)
    except ValueError as error:
        raise NoLog(f"line {number} is no JSON: {error}") from None
    if not isinstance(entry, dict):
        raise NoLog(f"line {number} is no object")
    return entry


class Judge:
    PROMISES = ("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10", "L1")

    def __init__(self):
        self.number = 0
        self.version = 0
        self.now = Decimal(0)
        self.boot = 0
        self.faulty = []
        self.broken = {promise: [] for promise in self.PROMISES}
        self.checked = Counter({promise: 0 for promise in self.PROMISES})
        self.kinds = Counter()
        self.faults = Counter()

        self.header = {}
        self.calls = {}
        self.results = set()
        self.requests = {}
        self.replied = {}
        self.arrived = set()
        self.sent_by_call = defaultdict(list)

        # what is true at the venue
        self.position = defaultdict(Decimal)
        self.orders = {}
        self.working = set()
        self.by_client = {}
        self.parted = (None, {})
        self.struck = set()
        self.stranger = {}

        # what the library said
        self.causes = {}
        self.breakers = {}
        self.intent_of_client = {}

        self.watches = [Windows(self), Latches(self), Trips(self), Breakers(self), Alerts(self), Progress(self)]

        # promise 1
        self.orders_of_wish = defaultdict(set)
        self.taken = {}
        self.lost = {}

        # promise 2
        self.open_requests = {}
        self.open_amends = {}
        # promise 3
        self.shut = {}
        self.held = {}
        self.untried = set()
        # Wrong positions told in a row to a process that starts, which nobody can see through.
        self.lied = set()
        self.lies_in_a_row = 0
        self.asleep = Decimal(0)
        self.others_until = Decimal(-1)
        self.others_told = Decimal(0)
        self.last_cancel = Decimal(0)
        self.scopes_of_op = {}
        self.disk_failed = False

        # promise 5
        self.waiting = {}
        self.wanting = set()
        self.frozen_until = Decimal(0)
        self.cancel_scopes = set()
        self.cancel_weights = set()
        self.spent = []
        # The client ids of orders that were sent, and since when the venue's own names of them are known here.
        self.sent_names = set()
        self.told = {}

        # promise 8
        self.doubt = {}
        self.proven = set()
        self.counted = set()
        self.dead = False
        self.pending = set()
        self.unknown = set()
        self.called_rejected = set()
        self.requests_of_client = defaultdict(list)
        self.requests_of_wish = defaultdict(list)
        self.proven_taken = set()
        self.untaken = set()
        self.lists = Lists()

    # ------------------------------------------------------------ saying what is wrong

    def wrong(self, text):
        self.faulty.append(f"line {self.number}: {text}")

    def breaks(self, promise, text):
        self.broken[promise].append(f"line {self.number}, {self.now} s: {text}")

    # ------------------------------------------------------------ every line

    def take(self, number, line):
        self.number = number
        kind = line.get("kind")
        if kind not in FIELDS:
            return self.wrong(f"kind {kind!r} is none")
        self.kinds[kind] += 1
        if kind == "run" and isinstance(line.get("schema"), int):
            self.version = line["schema"]
        shape = dict(FIELDS[kind], t=NUMBER, boot=COUNT)
        for field, what in shape.items():
            if field not in line:
                if isinstance(what, tuple) and what[0] == "since" and self.version < what[2]:
                    line[field] = None
                    continue
                return self.wrong(f"{kind} without {field}")
            if not fits(line[field], what):
                return self.wrong(f"{kind} has {field} = {line[field]!r}")
        if line["t"] < self.now:
            self.wrong(f"time goes back from {self.now} to {line['t']}")
        self.now = max(self.now, Decimal(line["t"]))
        if (kind == "run") != (number == 1):
            self.wrong("the run line is the first and the only one of its kind")
        if kind == "run":
            if self.version not in VERSIONS:
                return self.wrong(f"version {self.version} of the log is not known here")
        if kind == "restart":
            self.boot += 1
        if line["boot"] != self.boot:
            self.wrong(f"boot {line['boot']} after {self.boot} restarts")
        for watch in self.watches:
            watch.take(kind, line)
        getattr(self, "on_" + kind, lambda _: None)(line)

    def on_run(self, line):
        self.header = line
        for symbol, position in line["positions"].items():
            if fits(position, AMOUNT):
                self.position[symbol] = Decimal(position)
            else:
                self.wrong(f"position of {symbol} is {position!r}")
        for limit in line["limits"]:
            if not {"name", "scope", "counts", "shape", "limit", "window", "offset", "decay"} <= set(limit):
                self.wrong(f"limit {limit!r} lacks a field")
        for breaker in line["breakers"]:
            if not {"name", "probes", "lease"} <= set(breaker):
                self.wrong(f"breaker {breaker!r} lacks a field")

    @property
    def sure_after(self):
        """How long a request may still arrive and an order stay invisible."""
        parts = ("visibility_lag", "receive_window", "clock_lead")
        return sum((Decimal(self.header.get(part) or 0) for part in parts), Decimal(0))

    def end_of_limit(self, reply):
        """When a limit or a ban is over: as the venue said it, else as long as its profile takes it to be.

        An end that has passed already says nothing."""
        if reply["until"] is not None and reply["until"] > self.now:
            return Decimal(reply["until"])
        length = self.header.get("default_ban" if reply["outcome"] == "banned" else "default_retry_after")
        return None if length is None else self.now + Decimal(length)

    def limits_of(self, names):
        """The limits of these names, in which some kind of request counts; those of weight while none has gone out."""
        return [limit for limit in self.header.get("limits", [])
                if (limit["name"] in names if names else limit["counts"] == "weight")]

    def longest_window(self, names):
        return max([Decimal(limit["window"]) for limit in self.limits_of(names)] or [Decimal(60)])

    @property
    def cancel_window(self):
        return self.longest_window(self.cancel_weights)

    def tells_usage(self, reply):
        """An answer that came over the wire, where its headers tell of a limit that cancels count in."""
        return (reply["event"] != "gaveUp" and reply["status"] is not None
                and any(limit.get("tells_usage", True) for limit in self.limits_of(self.cancel_weights)))

    # ------------------------------------------------------------ calls and results

    def on_call(self, line):
        if line["call"] in self.calls:
            self.wrong(f"call {line['call']} recurs")
        self.calls[line["call"]] = line
        origin = self.origin(line)
        if line["op"] in ("place", "amend"):
            line["restricted"] = self.level(origin) > 0
            self.checked["P2"] += line["restricted"]
        for scope in self.scopes_of_op.get(line["op"], ["ip"]):
            if scope in self.untried and self.now < self.shut.get(scope, 0):
                self.untried.discard(scope)
                self.checked["P3"] += 1
        if line["op"] == "place":
            self.wanting.add(line["call"])
        if line["op"] == "cancelAll":
            # It means those that live by now: what is placed meanwhile is left alone.
            line = dict(line, targets=[order["client"] or name for name, order in self.orders.items()
                                       if order["symbol"] == line["symbol"] and order["alive"]])
            self.calls[line["call"]] = line
        if line["op"].startswith("cancel") and (line["op"] != "cancelAll" or line["targets"]):
            self.waiting[line["call"]] = (self.now, line)
            moved = [name for name, state in self.breakers.items() if state not in ("closed", "disabled")]
            self.checked["P5"] += bool(self.level(origin) > 0 or moved or self.wanting)

    def on_result(self, line):
        call = self.calls.get(line["call"])
        if call is None:
            return self.wrong(f"result of call {line['call']}, which nobody made")
        if line["call"] in self.results:
            self.wrong(f"call {line['call']} has a second result")
        self.results.add(line["call"])
        self.wanting.discard(line["call"])
        if call["op"].startswith("cancel"):
            self.is_done(line, call)
        if line["call"] in self.waiting:
            self.ends_unsent(line, *self.waiting.pop(line["call"]))
        self.judge_claim(line, call)

    # ------------------------------------------------------------ requests and replies

    def on_request(self, line):
        if line["id"] in self.requests:
            self.wrong(f"request {line['id']} recurs")
        if line["call"] is not None and line["call"] not in self.calls:
            self.wrong(f"request {line['id']} serves call {line['call']}, which nobody made")
        if line["call"] is None and line["episode"] is None:
            self.wrong(f"request {line['id']} serves neither a call nor an episode")
        line["at"] = self.now
        self.dead = False
        self.requests[line["id"]] = line
        if line["op"] == "place":
            self.pending.add(line["id"])
            self.untaken.add(line["id"])
        self.lists.asks(line)
        self.sent_by_call[line["call"]].append(line["id"])
        self.scopes_of_op.setdefault(line["op"], line["scopes"])
        for scope in line["scopes"]:
            if self.now < self.shut.get(scope, 0):
                self.breaks("P3", f"{line['op']} {line['id']} goes into {scope}, shut until {self.shut[scope]}")
        self.spent.append((self.now, line["weights"]))
        self.on_the_road(line)
        if line["op"] == "place":
            self.placed(line)
        elif line["op"] == "amend":
            self.amending(line)

    def on_reply(self, line):
        request = self.requests.get(line["id"])
        if request is None:
            return self.wrong(f"reply to request {line['id']}, which nobody sent")
        before = self.replied.get(line["id"])
        if (before, line["event"]) not in ((None, "answered"), (None, "gaveUp"), ("gaveUp", "late")):
            self.wrong(f"request {line['id']} has reply {line['event']} after {before}")
        self.replied[line["id"]] = line["event"]
        if request["at"] <= self.others_until and self.tells_usage(line):
            self.others_told = self.now
        self.pending.discard(line["id"])
        if (line["event"], line["outcome"]) == ("answered", "succeeded"):
            if request["op"] == "positions" and request["call"] is None:
                self.lies_in_a_row = self.lies_in_a_row + 1 if line["id"] in self.lied else 0
        if line["limit_scope"] is not None and line["until"] is not None and line["until"] > self.now:
            scope = line["limit_scope"]
            self.shut[scope] = max(Decimal(line["until"]), self.shut.get(scope, Decimal(0)))
            self.untried.add(scope)
        if line["limit_scope"] is not None:
            end = self.end_of_limit(line)
            if end is not None:
                self.held[line["limit_scope"]] = max(end, self.held.get(line["limit_scope"], Decimal(0)))
        lost = line["event"] == "gaveUp" or (line["event"] == "answered" and line["outcome"] in (None, "ambiguous"))
        refused = line["outcome"] in (
            "not_sent", "rejected", "rate_limited", "banned", "reduce_capacity", "clock_skew", "overloaded")
        request["lost"] = lost
        if request["op"] == "place":
            if lost and line["id"] not in self.lost:
                self.lost[line["id"]] = True
                self.checked["P8"] += 1
                self.checked["P1"] += line["id"] in self.taken
            if refused:
                self.proven.add(line["id"])
                self.untaken.discard(line["id"])
                self.open_requests.pop(line["id"], None)
        if request["op"] == "amend" and (refused or line["outcome"] == "no_such_order"):
            self.open_amends.pop(line["id"], None)
        if request["op"] == "query":
            self.learn(request, line)
        elif request["op"] in ("openOrders", "history") and line["outcome"] == "succeeded":
            self.settle_amends(request)
            for symbol, asked in self.lists.answers(request, line, self.header.get("lists") or [], self.now):
                self.learn_absence(symbol, asked)

    def learn(self, query, reply):
        """A question asked late enough proves that an order never was, or how an amend ended."""
        named = query["client_id"] or query["target"]
        if reply["outcome"] == "no_such_order":
            for request in self.requests_of_client.get(named, [])[-1:]:
                if query["at"] >= self.requests[request]["at"] + self.sure_after:
                    self.proven.add(request)
                    if request not in self.taken:
                        self.open_requests.pop(request, None)
        elif reply["outcome"] == "succeeded":
            order = self.find(query["target"]) or self.find(query["client_id"])
            for request, (name, _, at) in list(self.open_amends.items()):
                if name == order and query["at"] >= at + self.sure_after:
                    del self.open_amends[request]

    def settle_amends(self, question):
        """A list shows what amends have come to that were sent long before it was asked for."""
        for request, (name, _, at) in list(self.open_amends.items()):
            symbol = self.orders[name]["symbol"]
            if question["symbol"] in (None, symbol) and question["at"] >= at + self.sure_after:
                del self.open_amends[request]

    def learn_absence(self, symbol, asked):
        """What neither works nor has ended, and can no longer arrive, never was."""
        for request in list(self.untaken):
            sent = self.requests[request]
            if symbol in (None, sent["symbol"]) and asked >= sent["at"] + self.sure_after:
                self.untaken.discard(request)
                self.proven.add(request)
                self.open_requests.pop(request, None)

    # ------------------------------------------------------------ the venue

    def on_venue(self, line):
        event, request = line["event"], line["request"]
        if request is not None and request not in self.requests:
            self.wrong(f"the venue speaks of request {request}, which nobody sent")
        if event == "arrived":
            if request in self.arrived and request not in self.struck:
                self.wrong(f"request {request} arrives a second time, and no fault struck it")
            self.arrived.add(request)
        elif request is not None and request not in self.arrived:
            self.wrong(f"{event} comes of request {request} before it arrived")
        if line["symbol"] is not None and line["position"] is not None:
            symbol, position = line["symbol"], Decimal(line["position"])
            if event == "foreign" and position != self.position[symbol]:
                self.stranger[symbol] = (self.position[symbol], self.now + self.sure_after + 30)
            self.position[symbol] = position
        order = line["order_id"]
        if event == "accepted":
            self.accepted(line, order, request)
        elif event == "replaced":
            self.replaced(line, order, request)
        elif event in ("filled", "amended") and order in self.orders:
            self.orders[order]["quantity"] = Decimal(line["quantity"])
            self.orders[order]["remaining"] = Decimal(line["remaining"])
            if event == "amended":
                self.open_amends.pop(request, None)
            elif self.orders[order]["remaining"] <= 0:
                self.ended(order)
        elif event in ("cancelled", "expired") and order in self.orders:
            if self.parted[0] != request:
                self.parted = (request, {})
            self.parted[1][line["client_id"]] = order
            self.ended(order)
        elif event in ("filled", "amended", "cancelled", "expired"):
            self.wrong(f"order {order} is {event} and was never accepted")
        elif event == "duplicate":
            self.open_requests.pop(request, None)

    def accepted(self, line, order, request):
        if order in self.orders:
            self.wrong(f"order {order} is accepted twice")
        sent = self.requests.get(request)
        if sent is None or sent["op"] != "place":
            return self.breaks("P1", f"order {order} exists though no request placed it")
        self.working.add(order)
        self.orders[order] = dict(
            request=request, symbol=line["symbol"], side=line["side"], quantity=Decimal(line["quantity"]),
            remaining=Decimal(line["remaining"]), group=sent["group"], client=line["client_id"], alive=True)
        self.by_client[line["client_id"]] = order
        self.open_requests.pop(request, None)
        wish = sent["wish"]
        self.orders_of_wish[wish].add(order)
        if len(self.orders_of_wish[wish]) > 1:
            self.breaks("P1", f"{wish} has orders {', '.join(sorted(self.orders_of_wish[wish]))}")
        if request in self.lost and request not in self.taken:
            self.checked["P1"] += 1
        self.taken[request] = order
        self.untaken.discard(request)
        if request in self.called_rejected:
            self.breaks("P8", f"{request} was called rejected and is now order {order}")

    def replaced(self, line, order, request):
        """A new order stands where one stood that the same request has ended, or beside it if that half failed."""
        if order in self.orders:
            self.wrong(f"order {order} is made twice")
        old = self.parted[1].get(line["replaces"]) if self.parted[0] == request else None
        old = old or self.by_client.get(line["replaces"])
        if old is None:
            return self.wrong(f"order {order} takes the place of none that was there")
        self.working.add(order)
        self.orders[order] = dict(
            self.orders[old], quantity=Decimal(line["quantity"]), remaining=Decimal(line["remaining"]), alive=True)
        self.by_client[line["client_id"]] = order
        self.open_amends.pop(request, None)

    def ended(self, order):
        self.orders[order]["alive"] = False
        self.working.discard(order)
        for request in [request for request, (name, _, _) in self.open_amends.items() if name == order]:
            del self.open_amends[request]

    def find(self, name):
        """An order by either of its names."""
        if name in self.orders:
            return name
        return self.by_client.get(name)

    # ------------------------------------------------------------ the library's words

    def on_permission(self, line):
        for cause in self.causes.values():
            if self.rank(cause["level"]) == 3:
                # A cause that has run out held until its end.
                self.frozen_until = max(self.frozen_until, self.now if self.runs(cause) else cause["until"])
        known = self.causes.get(line["id"])
        if line["event"] in ("raised", "extended"):
            cause = dict(line)
            if known:
                cause["level"] = max(cause["level"], known["level"], key=self.rank)
                ends = (cause["until"], known["until"])
                cause["until"] = None if None in ends else max(ends)
            self.causes[line["id"]] = cause
        elif line["event"] == "cleared":
            self.causes.pop(line["id"], None)
        elif line["event"] == "expired" and known and not self.runs(known):
            del self.causes[line["id"]]

    def on_breaker(self, line):
        self.breakers[line["name"]] = line["to"]

    def on_fault(self, line):
        self.faults[f"{line['fault']} {line['op']}"] += 1
        self.struck.add(line["request"])
        if line["fault"] in ("empty_list", "old_answer"):
            self.lied.add(line["request"])
        if line["request"] is not None and line["request"] not in self.requests:
            self.wrong(f"a fault strikes request {line['request']}, which nobody sent")

    def on_order(self, line):
        self.intent_of_client.setdefault(line["client_id"], line["intent"])
        sent = self.requests_of_client.get(line["client_id"])
        if not sent:
            return
        request, state = sent[-1], line["state"]
        self.proven_taken.discard(request)
        if state == "unknown":
            self.unknown.add(request)
        else:
            self.unknown.discard(request)
        if state == "rejected":
            self.called_rejected.add(request)
            if not self.is_refused(request):
                self.breaks("P8", f"order {line['client_id']} is called rejected, and nothing proves it")
        elif state not in ("prepared", "sent"):
            self.counted.add(request)
            if state != "unknown" and request not in self.taken:
                self.breaks("P8", f"order {line['client_id']} is called {state}, and the venue never took it")
            elif state != "unknown":
                self.proven_taken.add(request)

    # ------------------------------------------------------------ processes

    def on_disk(self, line):
        if line["outcome"] != "done":
            self.disk_failed = True
            if line["op"] == "read":
                self.shut.clear()

    def on_crash(self, _):
        self.lies_in_a_row = 0
        for request in self.pending:
            if request in self.lost:
                continue
            self.checked["P1"] += request in self.taken
            # What the process had proven by then is in no doubt for the next one.
            if request not in self.proven_taken:
                self.lost[request] = True
                self.counted.discard(request)
                self.checked["P8"] += 1
        self.counted -= self.unknown
        self.lists = Lists()
        self.pending.clear()
        self.dead = True
        self.causes.clear()
        self.breakers.clear()
        self.waiting.clear()
        self.wanting.clear()
        self.told.clear()

    def on_restart(self, _):
        if self.disk_failed:
            self.shut.clear()
        self.disk_failed = False

    def on_end(self, _):
        for request in self.lost if not self.dead else ():
            if request not in self.counted and request not in self.called_rejected:
                self.breaks("P8", f"the outcome of {request} was lost and it was never counted as unknown")
        for since, call in self.waiting.values():
            if self.is_overdue(since, call) and self.is_wanted(since, call):
                self.breaks("P5", f"cancel {call['call']}, asked for at {since}, was never sent")

    # ------------------------------------------------------------ permission

    @staticmethod
    def rank(level):
        return ("open", "reduce_only", "cancel_only", "frozen").index(level)

    def runs(self, cause):
        return cause["until"] is None or self.now < cause["until"]

    @staticmethod
    def origin(call):
        return call["symbol"], call["strategy"], call["account"]

    @staticmethod
    def covers(scope, origin):
        symbol, strategy, account = origin
        if scope == "account":
            return account is None
        return scope == "global" or scope in (f"symbol:{symbol}", f"strategy:{strategy}", f"account:{account}")

    def level(self, origin):
        ranks = [
            self.rank(cause["level"]) for cause in self.causes.values()
            if self.runs(cause) and self.covers(cause["scope"], origin)]
        return max(ranks, default=0)

    # ------------------------------------------------------------ promises 1, 2 and 8 at the hand-over of an order

    def placed(self, line):
        call = self.calls.get(line["call"])
        if call is not None:
            wish = f"intent {call['intent']}" if call["intent"] is not None else f"call {call['call']}"
        else:
            wish = f"intent {self.intent_of_client.get(line['client_id'], line['id'])}"
        line["wish"] = wish
        if self.orders_of_wish[wish]:
            self.breaks("P1", f"{wish} is sent again as {line['id']}, though the venue has an order of it")
        earlier = set(self.requests_of_wish[wish]) | set(self.requests_of_client.get(line["client_id"], []))
        for request in sorted(earlier):
            if not self.is_refused(request):
                self.breaks("P8", f"{wish} is sent again as {line['id']} before {request} was proven to be nothing")
        self.requests_of_wish[wish].append(line["id"])
        if line["client_id"] is not None:
            self.requests_of_client[line["client_id"]].append(line["id"])
        level = self.level(self.origin(call) if call else (line["symbol"], None, None))
        if level > 0:
            self.checked["P2"] += not (call and call.get("restricted"))
            if level > 1:
                self.breaks("P2", f"order {line['id']} is handed over while only cancels may be")
            elif line["quantity"] is None:
                self.breaks("P2", f"order {line['id']} of no known quantity is handed over under reduce-only")
            else:
                room = self.room(line["symbol"], line["side"], line["group"])
                if Decimal(line["quantity"]) > room and self.lies_in_a_row < 2:
                    self.breaks(
                        "P2", f"{line['side']} {line['quantity']} {line['symbol']} as {line['id']}, room for {room}")
        self.open_requests[line["id"]] = line

    def amending(self, line):
        name = self.find(line["target"])
        call = self.calls.get(line["call"])
        level = self.level(self.origin(call) if call else (line["symbol"], None, None))
        if level > 0:
            self.checked["P2"] += not (call and call.get("restricted"))
        order = self.orders.get(name)
        if line["quantity"] is None or order is None or not order["alive"]:
            return
        total = Decimal(line["quantity"])
        filled = order["quantity"] - order["remaining"]
        if level > 0 and total - filled > self.most(name):
            room = self.room(order["symbol"], order["side"], order["group"], but=name)
            if level > 1 or (total - filled > room and self.lies_in_a_row < 2):
                self.breaks("P2", f"amend {line['id']} of order {name} to {total}, room for {room}")
        self.open_amends[line["id"]] = (name, total, self.now)

    def most(self, name):
        """The most that an order may still trade, with amends that may still come true."""
        order = self.orders[name]
        filled = order["quantity"] - order["remaining"]
        totals = [total for known, total, _ in self.open_amends.values() if known == name]
        return max([order["quantity"]] + totals) - filled

    def room(self, symbol, side, group, but=None):
        """What may still be closed once everything that may trade on that side has."""

        def closable(position):
            return max(Decimal(0), position if side == "sell" else -position)

        free = closable(self.position[symbol])
        if symbol in self.stranger and self.now < self.stranger[symbol][1]:
            free = max(free, closable(self.stranger[symbol][0]))
        linked = defaultdict(Decimal)
        for name in self.working:
            order = self.orders[name]
            if (order["symbol"], order["side"]) == (symbol, side) and name != but:
                if order["group"] is None:
                    free -= self.most(name)
                else:
                    linked[order["group"]] = max(linked[order["group"]], self.most(name))
        for request in self.open_requests.values():
            if (request["symbol"], request["side"]) == (symbol, side):
                # What is counted in quote may be any quantity.
                quantity = Decimal(request["quantity"]) if request["quantity"] is not None else Decimal("Infinity")
                if request["group"] is None:
                    free -= quantity
                else:
                    linked[request["group"]] = max(linked[request["group"]], quantity)
        free -= sum((quantity for name, quantity in linked.items() if name != group), Decimal(0))
        return max(Decimal(0), free)

    def is_refused(self, request):
        return request in self.proven and request not in self.taken

    def judge_claim(self, result, call):
        if result["answer"] not in ("rejected", "denied", "threw"):
            return
        sent = self.sent_by_call.get(call["call"], [])
        if call["op"] == "place":
            if not sent and result["answer"] == "rejected" and call["intent"] is not None:
                sent = self.requests_of_wish.get(f"intent {call['intent']}", [])
            orders = [request for request in sent if self.requests[request]["op"] == "place"]
            if orders and not self.is_refused(orders[-1]):
                self.breaks("P8", f"call {call['call']} was told {result['answer']}, and nothing proves it")
        elif call["op"] == "amend" or (call["op"].startswith("cancel") and result["answer"] != "threw"):
            own = [request for request in sent if self.requests[request]["op"] in ("amend", "cancel", "cancelMany",
                                                                                 "cancelAll")]
            if own and self.requests[own[-1]].get("lost", True):
                self.breaks("P8", f"{call['op']} {call['call']} was told {result['answer']}, and nothing proves it")

    # ------------------------------------------------------------ promise 5

    def free_from(self, since, call):
        """From when on nothing that may stop a cancel did."""
        ends = [since, self.frozen_until]
        ends += [until for scope, until in self.held.items() if not self.cancel_scopes or scope in self.cancel_scopes]
        ends += [
            Decimal("Infinity") if cause["until"] is None else cause["until"] for cause in self.causes.values()
            if self.rank(cause["level"]) == 3 and self.covers(cause["scope"], self.origin(call))]
        return max(ends)

    def nameable_from(self, call):
        """From when on one of a cancel's orders can be named, at a venue that takes none but its own ids."""
        named = [call["target"]] if call["target"] is not None else call.get("targets", [])
        if self.header.get("cancels_by_client_id") is not False or not named:
            return Decimal(0)
        # A quarter of a second is given to a cancel that waits for the name.
        return min(self.told[name] + Decimal("0.25") if name in self.told else
                   Decimal("Infinity") if name in self.sent_names else Decimal(0) for name in named)

    def on_told(self, line):
        self.told.setdefault(line["client_id"], self.now)

    def is_busy(self):
        """Half of a limit that cancels count in was used within its window."""
        for limit in self.header.get("limits", []):
            if self.cancel_weights and limit["name"] not in self.cancel_weights:
                continue
            begin = self.now - Decimal(limit["window"])
            used = sum(weights.get(limit["name"], 0) for at, weights in self.spent if at > begin)
            if used * 2 >= limit["limit"]:
                return True
        return False

    def is_new(self, line):
        if line["op"] != "place":
            return line["lane"] == "new_order"
        if line["lane"] != "reduce":
            return True
        position = self.position[line["symbol"]]
        return position <= 0 if line["side"] == "sell" else position >= 0

    def is_wanted(self, since, call):
        """Of several orders nothing has to be sent once each has ended; what was held up may have ended unsent, too."""
        if call["op"] == "cancel":
            return True
        if call.get("partly") and self.free_from(since, call) > since:
            return False
        return bool(self.living(call.get("targets", [])))

    def is_overdue(self, since, call):
        """A cancel waits no longer than the longest window: with nothing shut, awake, told of nobody else who spends, and with no
        other cancel before it."""
        free = max(self.free_from(since, call), self.nameable_from(call), self.asleep, self.others_told, self.last_cancel)
        return self.now > free + self.cancel_window + 1

    def on_world(self, line):
        if line["event"] == "sleep" and line["until"] is not None:
            self.asleep = max(self.asleep, Decimal(line["until"]))
        if line["event"] == "second_process":
            until = self.now if line["until"] is None else Decimal(line["until"])
            self.others_until = max(self.others_until, until + self.cancel_window)

    def on_the_road(self, line):
        if len(self.spent) > 20000:
            self.spent = [spent for spent in self.spent if spent[0] > self.now - self.cancel_window]
        self.wanting.discard(line["call"])
        if line["op"] == "place" and line["client_id"] is not None:
            self.sent_names.add(line["client_id"])
        if line["op"].startswith("cancel"):
            self.cancel_scopes.update(line["scopes"])
            self.cancel_weights.update(line["weights"])
            self.sends_cancel(line)
            self.last_cancel = self.now
        if not self.waiting or not self.is_new(line):
            return
        for since, call in self.waiting.values():
            free = max(self.free_from(since, call), self.nameable_from(call))
            if max(since, self.asleep) < self.now and free <= self.now and not self.is_busy() and self.is_wanted(since, call):
                self.breaks("P5", f"order {line['id']} overtakes cancel {call['call']}, which waits since {since}")

    def living(self, names):
        found = [self.find(name) for name in names]
        return [order for order in found if order and self.orders[order]["alive"]]

    def sends_cancel(self, line):
        """What a request names is on its way, for whoever asked for the same; the rest of its call waits on."""
        if line["op"] == "cancel":
            sent = self.living([line["target"]])
            for name, (since, call) in list(self.waiting.items()):
                wanted = [call["target"]] if call["target"] is not None else call.get("targets", [])
                left = [order for order in wanted if self.living([order]) and self.living([order]) != sent]
                if name == line["call"] or not sent or sent[0] not in self.living(wanted):
                    continue
                if self.is_overdue(since, call):
                    self.breaks("P5", f"cancel {name}, asked for at {since}, goes out only now, with {line['call']}")
                if left:
                    self.waiting[name] = (since, dict(call, targets=left, partly=True))
                else:
                    del self.waiting[name]
        since, call = self.waiting.get(line["call"], (None, None))
        if call is None:
            return
        if self.is_overdue(since, call) and self.is_wanted(since, call):
            self.breaks("P5", f"cancel {line['call']}, asked for at {since}, goes out only now")
        named = self.living([line["target"]] if line["target"] is not None else line.get("targets", []))
        left = [name for name in call.get("targets", []) if self.living([name]) and self.living([name])[0] not in named]
        if line["op"] == "cancelAll" or len(call.get("targets", [])) < 2 or not left:
            del self.waiting[line["call"]]
        else:
            self.waiting[line["call"]] = (since, dict(call, targets=left, partly=True))

    def is_done(self, result, call):
        if result["answer"] == "accepted":
            for order in self.living([call["target"]] if call["target"] is not None else call.get("targets", [])):
                self.breaks("P5", f"cancel {call['call']} was told done, and {order} lives")

    def ends_unsent(self, result, since, call):
        if result["answer"] == "accepted":
            return
        if result["reason"] != "CancellationError" and self.is_wanted(since, call):
            nameable = self.nameable_from(call) <= self.now
            if nameable and self.free_from(since, call) <= since and not self.is_busy():
                self.breaks("P5", f"cancel {call['call']} was {result['answer']} and never sent: {result['reason']}")


class Lists:
    """Lists that were read whole: each page by the cursor of the one before, working orders before ended ones."""

    def __init__(self):
        self.begun = {}
        self.reading = {}
        self.whole = defaultdict(list)

    def asks(self, line):
        if line["op"] in ("openOrders", "history"):
            page = line.get("page")
            begin = line["at"] if page is None else self.begun.get((line["op"], line["symbol"], page))
            if begin is not None:
                self.reading[line["id"]] = begin

    def answers(self, request, reply, needed, now):
        """Pairs of a symbol, or None for all, and when the lists were begun in which there is no other order of it."""
        begin = self.reading.pop(request["id"], None)
        if begin is None:
            return []
        op, symbol = request["op"], request["symbol"]
        if reply.get("next") is not None:
            self.begun[op, symbol, reply["next"]] = begin
            return []
        if op == "openOrders":
            self.whole[symbol] = self.whole[symbol][-15:] + [(begin, now)]
            return [(symbol, begin)] if needed == ["openOrders"] else []
        found = []
        for other, readings in self.whole.items() if needed == ["openOrders", "history"] else ():
            before = [reading for reading in readings if reading[1] <= begin]
            if before and (other is None or symbol is None or other == symbol):
                found.append((other if symbol is None else symbol, before[-1][0]))
        return found


class Watch:
    """Judges one promise by the lines alone; `judge` tells the time and takes the findings."""

    promise = None

    def __init__(self, judge):
        self.judge = judge

    @property
    def now(self):
        return self.judge.now

    def take(self, kind, line):
        getattr(self, "on_" + kind, lambda _: None)(line)

    def breaks(self, text):
        self.judge.breaks(self.promise, text)

    def decides(self):
        self.judge.checked[self.promise] += 1


class Windows(Watch):
    """Promise 4: no window holds more than its limit, counted by what arrived."""

    promise = "P4"

    def __init__(self, judge):
        super().__init__(judge)
        self.limits = []
        self.by_age = {}
        self.zero = 0
        self.windows = {}
        self.half = set()
        self.sent = {}
        self.age = {}
        self.by_client = {}
        self.shut = {}
        # what part of every limit others had for themselves, and until when; and of counters that fall, which hold that
        self.others = []
        self.lifted = {}
        self.whole = {}
        self.struck = set()
        self.once = {}
        self.request_of_order = {}
        # the last request that arrived, what it was charged, and whether that explains a refusal
        self.last, self.charged, self.explained = None, [], False

    def on_run(self, line):
        self.limits = [limit for limit in line["limits"] if limit["counts"] != "open"]
        self.by_age = line["costs_by_age"] or {}
        text = line["civil_at_zero"]
        civil = datetime.datetime.fromisoformat(text.split(".")[0].rstrip("Z") + "+00:00")
        fraction = text.rstrip("Z").partition(".")[2]
        self.zero = Decimal(int(civil.timestamp())) + (Decimal("0." + fraction) if fraction else 0)

    def on_request(self, line):
        if line["weights"] or line["op"] in self.by_age:
            self.sent[line["id"]] = line

    def on_world(self, line):
        if line["event"] == "second_process":
            until = self.now if line["until"] is None else Decimal(line["until"])
            share = Decimal(1000 if line["per_mille"] is None else line["per_mille"]) / 1000
            self.others.append((share, until))

    def on_fault(self, line):
        self.struck.add(line["request"])

    def on_reply(self, line):
        if line["event"] != "gaveUp":
            self.struck.discard(line["id"])
            self.once.pop(line["id"], None)

    def on_venue(self, line):
        event, order, request = line["event"], line["order_id"], line["request"]
        if event == "arrived":
            self.last, self.charged, self.explained = request, [], False
            sent = self.sent.pop(request, None)
            if sent:
                if request in self.struck:
                    self.once[request] = sent
                self.arrives(sent, self.windows)
            elif request in self.once:
                self.arrives(self.once[request], self.whole)
        elif event in ("limited", "banned"):
            self.refused(line)
        elif event == "filled":
            self.begins_to_fill(line["symbol"], self.request_of_order.pop(order, None))
        if event in ("accepted", "amended", "replaced"):
            self.age[order] = self.now
            if line["client_id"] is not None:
                self.by_client[line["client_id"]] = order
            if event != "amended":
                self.request_of_order[order] = request
        if event in ("cancelled", "expired") or (event == "filled" and Decimal(line["remaining"]) <= 0):
            self.age.pop(order, None)

    def begins_to_fill(self, symbol, request):
        """What an order was charged is given back once, where the venue does that."""
        for limit in self.limits if request is not None else ():
            if limit.get("releases_on_fill"):
                for windows in (self.windows, self.whole):
                    if self.key(limit, symbol) in windows:
                        windows[self.key(limit, symbol)].release(request, self.now)

    @staticmethod
    def key(limit, symbol):
        return limit["name"], symbol if limit["scope"] == "symbol" else None

    def cost(self, sent, limit):
        weight = sent["weights"].get(limit["name"], 0)
        steps = self.by_age.get(sent["op"], {}).get(limit["name"])
        if steps:
            for target in [sent["target"]] if sent["target"] is not None else sent.get("targets", []):
                since = self.age.get(target, self.age.get(self.by_client.get(target)))
                if since is not None:
                    weight += next((step["cost"] for step in steps if self.now - since < Decimal(step["under"])), 0)
        return weight

    def arrives(self, sent, windows):
        """Charges a request: to our windows, or, where a fault doubled it, to those alone that hold that too."""
        for limit in self.limits:
            weight = self.cost(sent, limit)
            if weight <= 0:
                continue
            key = self.key(limit, sent["symbol"])
            if key not in self.windows:
                self.windows[key] = Window(limit, self.zero)
            if windows is self.whole and key not in self.whole:
                self.whole[key] = copy.deepcopy(self.windows[key])
            self.charged.append((key, limit, weight))
            share, until = self.others[-1] if self.others else (Decimal(0), Decimal(0))
            if limit["shape"] == "decay" and until > self.lifted.get(key, Decimal(0)):
                self.lifted[key] = min(self.now, until)
                if key not in self.whole:
                    self.whole[key] = copy.deepcopy(self.windows[key])
                self.whole[key].lift(share * limit["limit"], self.lifted[key])
            used = 0
            if key in self.whole:
                used = self.whole[key].charge(weight, self.now, sent["id"])
            if windows is self.windows:
                own = self.windows[key].charge(weight, self.now, sent["id"])
                used = max(used, own)
                if 2 * own < limit["limit"]:
                    self.half.discard(key)
                elif key not in self.half:
                    self.half.add(key)
                    self.decides()
                if own > limit["limit"]:
                    self.breaks(f"{sent['op']} {sent['id']} fills {key} to {own} of {limit['limit']}")
            others = sum(int(share * limit["limit"]) for share, until in self.others
                         if self.now < until + Decimal(limit["window"]))
            self.explained |= used + others > limit["limit"]

    def refused(self, line):
        """The venue says stop; only the first of its refusals in a scope tells of a window."""
        is_last = line["request"] == self.last
        if is_last:
            for key, limit, weight in self.charged:
                if not limit.get("counts_refused", True):
                    for windows in (self.windows, self.whole):
                        if key in windows:
                            windows[key].take_back(weight, self.last, self.now)
            self.charged = []
        scope = line.get("limit_scope")
        if scope is None:
            return
        is_open = self.now >= self.shut.get(scope, 0)
        if line["event"] == "limited" and is_open and not (is_last and self.explained):
            self.breaks(f"the venue refuses {line['request']} for a limit in {scope}, which nothing else explains")
        if line.get("until") is not None:
            self.shut[scope] = max(self.shut.get(scope, Decimal(0)), Decimal(line["until"]))


class Window:
    """One counter of one limit."""

    def __init__(self, limit, zero):
        self.shape = limit["shape"]
        self.length = Decimal(limit["window"])
        self.offset = Decimal(limit["offset"])
        self.decay = Decimal(limit["decay"])
        self.zero = zero
        self.charges = deque()
        self.sum = Decimal(0)
        self.begin = None
        self.last = Decimal(0)

    def forget(self, now):
        if self.shape == "rolling":
            while self.charges and self.charges[0][0] <= now - self.length:
                self.sum -= self.charges.popleft()[1]
        elif self.shape == "fixed":
            begin = (self.zero + now - self.offset) // self.length
            if self.zero + now < self.offset:
                begin -= 1
            if begin != self.begin:
                self.begin = begin
                self.charges.clear()
                self.sum = Decimal(0)
        else:
            self.sum = max(Decimal(0), self.sum - (now - self.last) * self.decay)
            self.last = now

    def charge(self, weight, now, request):
        self.forget(now)
        if self.shape != "decay":
            self.charges.append([now, weight, request])
        self.sum += weight
        return self.sum.to_integral_value(ROUND_CEILING)

    def lift(self, weight, at):
        """Somebody else has filled a counter that falls up to so much."""
        if at >= self.last:
            self.forget(at)
            self.sum = max(self.sum, weight)

    def release(self, request, now):
        """Gives back what a request was charged, the last time it was."""
        self.forget(now)
        for charge in reversed(self.charges):
            if charge[2] == request:
                self.sum -= charge[1]
                charge[1] = 0
                return

    def take_back(self, weight, request, now):
        """Takes back what was charged in this instant."""
        if self.shape == "decay":
            self.forget(now)
            self.sum = max(Decimal(0), self.sum - weight)
        else:
            self.release(request, now)


class Latches(Watch):
    """Promise 6: a latch is safe before anything follows from it, and outlives its process."""

    promise = "P6"

    def __init__(self, judge):
        super().__init__(judge)
        self.in_use = False
        self.unreadable = False
        self.latches = {}
        self.kept = {}
        self.settled = {}
        self.first = True
        self.texts = []

    # a latch's `state` is one of these, the later the better
    UNWRITTEN, WRITTEN, REFUSED, SAFE = range(4)

    def on_disk(self, line):
        self.in_use = True
        done, text = line["outcome"] == "done", line["text"] or ""
        self.texts = [entry for entry in self.texts if entry[0] == self.now or entry[2] == self.WRITTEN]
        if line["op"] == "read":
            self.unreadable = not done
        elif line["op"] == "append":
            self.note(text, self.WRITTEN if done else self.REFUSED)
        elif line["op"] == "sync":
            state = self.SAFE if done else self.REFUSED
            for latch in self.latches.values():
                if latch["state"] == self.WRITTEN:
                    latch["state"] = state
            for entry in self.texts:
                if entry[2] == self.WRITTEN:
                    entry[2] = state
        elif done:
            self.unreadable = False
            for latch in self.latches.values():
                latch["state"] = self.UNWRITTEN
            self.note(text, self.SAFE)
            for latch in self.latches.values():
                if latch["state"] != self.UNWRITTEN:
                    latch["missing"] = None
                elif latch["missing"] is None:
                    latch["missing"] = self.now
        else:
            self.note(text, self.REFUSED)

    def note(self, text, state):
        self.texts.append([self.now, text, state])
        for latch in self.latches.values():
            if json.dumps(latch["id"], ensure_ascii=False) in text:
                latch["state"] = max(latch["state"], state)

    def on_permission(self, line):
        known = self.latches.get(line["id"])
        if line["event"] in ("raised", "extended"):
            if line["release"] not in ("hand", "time"):
                self.latches.pop(line["id"], None)
                return
            if known is None:
                if self.in_use:
                    self.decides()
                name = json.dumps(line["id"], ensure_ascii=False)
                states = [state for at, text, state in self.texts
                          if (at == self.now or state == self.WRITTEN) and name in text]
                states.append(self.settled.get(line["id"], self.UNWRITTEN))
                known = dict(raised=self.now, missing=None, state=max(states, default=self.UNWRITTEN))
            self.latches[line["id"]] = dict(
                known, id=line["id"], scope=line["scope"], level=Judge.rank(line["level"]),
                hand=line["release"] == "hand", until=line["until"])
        elif known is not None:
            if line["event"] == "expired" and self.runs(known):
                self.breaks(f"latch {line['id']} expires, and it is not over")
            if line["event"] == "cleared":
                # A hand may end what was kept before anything was sent.
                self.kept.pop(line["id"], None)
            del self.latches[line["id"]]

    def runs(self, latch):
        return latch["hand"] or latch["until"] is None or self.now < latch["until"]

    def is_loose(self, latch):
        """True where nothing may follow from a latch yet."""
        return self.in_use and not self.unreadable and latch["state"] < self.REFUSED

    def on_request(self, line):
        if self.first and self.in_use:
            self.begins(line)
        self.first = False
        episode = line["episode"] or ""
        latch = self.latches.get(episode[6:]) if episode.startswith("sweep:") else None
        if latch and self.is_loose(latch):
            self.breaks(f"{line['op']} {line['id']} goes out before latch {latch['id']} is safe")

    def begins(self, line):
        if self.unreadable:
            self.decides()
            if not any(latch["hand"] and latch["scope"] == "global" and latch["level"] >= 2
                       for latch in self.latches.values()):
                self.breaks(f"{line['id']} goes out after state that could not be read, with nothing halted")
        else:
            due = [latch for latch in self.kept.values() if self.runs(latch)]
            if due:
                self.decides()
            for old in due:
                if not any(latch["scope"] in ("global", old["scope"]) and latch["level"] >= old["level"]
                           and (latch["hand"] or not old["hand"]) for latch in self.latches.values()):
                    self.breaks(f"{line['id']} goes out and latch {old['id']} is forgotten")
        self.kept = {}

    def on_result(self, line):
        call = self.judge.calls.get(line["call"])
        if line["answer"] != "denied" or call is None:
            return
        for latch in self.latches.values():
            if Judge.covers(latch["scope"], Judge.origin(call)) and self.runs(latch) and self.is_loose(latch):
                self.breaks(f"call {line['call']} is denied before latch {latch['id']} is safe")

    def on_alert(self, line):
        for cause in line["causes"] if line["event"] == "begin" else ():
            if cause in self.latches and self.is_loose(self.latches[cause]):
                self.breaks(f"sink {line['sink']} hears of latch {cause} before it is safe")

    def on_crash(self, _):
        for latch in self.latches.values():
            if latch["state"] == self.WRITTEN:
                latch["state"] = self.UNWRITTEN
        self.on_end(None)
        self.settled.update({name: latch["state"] for name, latch in self.latches.items()})
        self.kept.update({name: latch for name, latch in self.latches.items() if latch["state"] == self.SAFE})
        self.latches = {}
        self.texts = []
        self.unreadable = False

    def on_restart(self, _):
        self.first = True

    def on_end(self, _):
        for latch in self.latches.values() if self.in_use and not self.unreadable else ():
            since = latch["raised"] if latch["missing"] is None else latch["missing"]
            if self.runs(latch) and latch["state"] < self.REFUSED and self.now > since + 1:
                self.breaks(f"latch {latch['id']}, raised at {latch['raised']}, is not on the disk")


class Trips(Watch):
    """Promise 7: a trip latches first, and sweeps once."""

    promise = "P7"

    # The causes that sweep: what an operator kills, and what a guard trips.
    SWEEPING = ("kill_switch", "trip", "guard_trip")

    def __init__(self, judge):
        super().__init__(judge)
        self.scopes = {}
        self.episodes = {}
        self.sweeps = {}
        self.wanting = {}
        self.withdrawn = {}
        self.disk_failed = False
        self.released = {}
        # what each order was first called, by its later names
        self.first_names = {}
        self.road = Hindrances(judge)
        self.frozen = {}
        self.thawed = Decimal(0)
        # by sweep: what has to begin or to end, and since when nothing gave it more time
        self.duties = {}
        self.swept_by = {}
        self.weights = set()

    def key(self, cause):
        return self.episodes.get(cause, cause)

    def names(self, line):
        named = [line["target"], line["client_id"]] + line.get("targets", [])
        return {self.first_names.get(name, name) for name in named if name is not None}

    def on_call(self, line):
        if line["op"] == "place":
            self.wanting[line["call"]] = Judge.origin(line)

    def on_result(self, line):
        self.wanting.pop(line["call"], None)
        self.withdrawn.pop(line["call"], None)

    def on_permission(self, line):
        if line["event"] in ("raised", "extended"):
            self.scopes[line["id"]] = line["scope"]
            self.episodes[line["id"]] = line["episode"]
            key = self.key(line["id"])
            sweep = self.sweeps.get(key)
            is_due = sweep is None or (sweep["boot"] != self.judge.boot and sweep["ended"] is None)
            if line["cause"] in self.SWEEPING and is_due and key not in self.duties:
                self.duties[key] = dict(cause=line["id"], scope=line["scope"], begun=False, since=self.now)
            if line["level"] == "frozen":
                until = Decimal("Infinity") if line["until"] is None else Decimal(line["until"])
                self.frozen[line["id"]] = (line["scope"], max(until, self.frozen.get(line["id"], (None, until))[1]))
        elif line["event"] in ("cleared", "expired"):
            self.scopes.pop(line["id"], None)
            if self.frozen.pop(line["id"], None):
                self.thawed = self.now
            self.discharge(self.key(line["id"]))
            sweep = self.sweeps.get(self.key(line["id"]))
            if sweep and sweep["boot"] == self.judge.boot and sweep["ended"] is None:
                self.released[self.key(line["id"])] = self.now

    def take(self, kind, line):
        for key, since in list(self.released.items()):
            if since < self.now:
                del self.released[key]
                if self.sweeps[key]["ended"] is None:
                    self.breaks(f"the sweep of {key} goes on, though its cause was released at {since}")
        self.road.take(kind, line)
        for key in sorted(self.duties):
            self.expect_done(key)
        super().take(kind, line)

    def expect_done(self, key):
        """A cause that sweeps has its sweep begin, and a sweep ends, in bounded time of nothing in the way."""
        duty = self.duties[key]
        free = max(duty["since"], self.road.until)
        if not duty["begun"]:
            if self.now > free + 60:
                del self.duties[key]
                self.breaks(f"the sweep of {duty['cause']} does not begin, though nothing was in its way since {free}")
            return
        scope = duty["scope"]
        origin = (scope[7:] if scope.startswith("symbol:") else None, None, None)
        ends = [until for frozen, until in self.frozen.values() if Judge.covers(frozen, origin)]
        free = max([free, self.thawed] + ends)
        if self.now > free + 120 + self.judge.longest_window(self.weights) + self.judge.sure_after:
            del self.duties[key]
            self.breaks(f"the sweep of {duty['cause']} does not end, though nothing was in its way since {free}")

    def discharge(self, key):
        if key in self.duties:
            self.expect_done(key)
            self.duties.pop(key, None)

    def on_fault(self, line):
        key = self.swept_by.get(line["request"])
        if key in self.duties:
            self.duties[key]["since"] = self.now

    def on_venue(self, line):
        """Each move of an order in its scope gives a sweep more time; and an order keeps its first name."""
        event = line["event"]
        if event not in ("accepted", "replaced", "filled", "amended", "cancelled", "expired", "foreign"):
            return
        if event in ("accepted", "replaced") and line["client_id"] is not None:
            first = line["replaces"] or line["client_id"]
            first = self.first_names.get(first, first)
            self.first_names[line["order_id"]] = first
            if line["client_id"] != first:
                self.first_names[line["client_id"]] = first
        order = self.judge.orders.get(line["order_id"]) or dict(line, request=line["request"])
        origin = self.origin(order) if order["request"] in self.judge.requests else (line["symbol"], None, None)
        for duty in self.duties.values():
            if duty["begun"] and Judge.covers(duty["scope"], origin):
                duty["since"] = self.now

    def on_sweep(self, line):
        cause, event = line["cause"], line["event"]
        sweep = self.sweeps.setdefault(
            self.key(cause), dict(begins=0, ended=None, pardon=False, left=set(), boot=None, cancelled=set()))
        if event in ("begin", "resumed"):
            self.decides()
            if cause not in self.scopes:
                self.breaks(f"the sweep of {cause} follows no cause in force")
            if sweep["ended"] is not None and not sweep["pardon"]:
                self.breaks(f"the sweep of {cause} is made again after its end")
            elif event == "begin" and sweep["begins"]:
                self.breaks(f"the sweep of {cause} begins a second time")
            sweep["begins"] += event == "begin"
            sweep.update(boot=self.judge.boot, ended=None, pardon=False, cancelled=set())
            self.discharge(self.key(cause))
            self.duties[self.key(cause)] = dict(cause=cause, scope=line["scope"], begun=True, since=self.now)
            for call, origin in self.wanting.items():
                if Judge.covers(line["scope"], origin):
                    self.withdrawn[call] = cause
        elif event == "residual":
            sweep["left"].update(line["orders"])
        elif event == "end":
            if sweep["ended"] is not None and not sweep["pardon"]:
                self.breaks(f"the sweep of {cause} ends a second time")
            sweep["ended"] = self.now
            self.discharge(self.key(cause))
            if cause in self.scopes:
                self.expect_none(line, sweep["left"])

    def expect_none(self, line, left):
        for name in sorted(self.judge.working):
            order = self.judge.orders[name]
            origin = self.origin(order)
            position = self.judge.position[order["symbol"]]
            reduces = position > 0 if order["side"] == "sell" else position < 0
            if name not in left and not reduces and Judge.covers(line["scope"], origin):
                self.breaks(f"order {name} works after the sweep of {line['cause']}, which does not name it")

    def origin(self, order):
        call = self.judge.calls.get(self.judge.requests[order["request"]]["call"])
        return Judge.origin(call) if call else (order["symbol"], None, None)

    def on_request(self, line):
        if line["op"] == "place":
            self.wanting.pop(line["call"], None)
            cause = self.withdrawn.pop(line["call"], None)
            if cause in self.scopes and self.judge.is_new(line):
                self.breaks(f"order {line['id']} had to wait and goes out after the sweep of {cause} began")
        episode = line["episode"] or ""
        if not episode.startswith("sweep:"):
            return
        cause = episode[6:]
        self.weights.update(line["weights"])
        self.swept_by[line["id"]] = self.key(cause)
        sweep = self.sweeps.get(self.key(cause))
        if cause not in self.scopes:
            # What became of a cancel that went out before the release is asked all the same.
            is_own = sweep is not None and sweep["boot"] == self.judge.boot and sweep["cancelled"] & self.names(line)
            if line["op"] != "query" or not is_own:
                self.breaks(f"{line['op']} {line['id']} sweeps for {cause}, which is not in force")
        elif sweep is None or sweep["boot"] != self.judge.boot:
            self.breaks(f"{line['op']} {line['id']} sweeps for {cause} before the sweep began")
        elif sweep["ended"] is not None and line["op"].startswith("cancel"):
            self.breaks(f"{line['op']} {line['id']} sweeps for {cause} after the sweep's end")
        if sweep is not None and cause in self.scopes and line["op"].startswith("cancel"):
            sweep["cancelled"] |= self.names(line)

    def on_disk(self, line):
        self.disk_failed |= line["outcome"] != "done"

    def on_crash(self, _):
        for sweep in self.sweeps.values():
            is_fresh = sweep["ended"] is not None and self.now <= sweep["ended"] + 1
            sweep["pardon"] = is_fresh or self.disk_failed
        self.disk_failed = False
        self.duties.clear()
        self.swept_by.clear()
        self.frozen.clear()
        self.released.clear()
        self.scopes.clear()
        self.wanting.clear()
        self.withdrawn.clear()


class Hindrances:
    """Until when something rightly kept the process from the venue."""

    def __init__(self, judge):
        self.judge = judge
        self.until = Decimal(0)

    def take(self, kind, line):
        if kind == "reply" and line["limit_scope"] is not None:
            self.until = max(self.until, self.judge.end_of_limit(line) or Decimal(0))
        elif kind == "world" and line["event"] not in ("clock_step", "disk") and line["until"] is not None:
            self.until = max(self.until, Decimal(line["until"]))
        elif kind == "restart":
            self.until = max(self.until, self.judge.now)


class Breakers(Watch):
    """Promise 9: a half-open breaker ends, and lets no more probes through than it was told to."""

    promise = "P9"

    def __init__(self, judge):
        super().__init__(judge)
        self.road = Hindrances(judge)
        self.breakers = {}
        self.states = {}
        self.moved = {}
        self.probes = {}
        # what reads that are probes count in: nobody has to wait until an order may be one
        self.weights = set()

    def take(self, kind, line):
        self.road.take(kind, line)
        super().take(kind, line)

    def on_run(self, line):
        self.breakers = {breaker["name"]: breaker for breaker in line["breakers"]}

    def on_breaker(self, line):
        name = line["name"]
        if self.moved.pop(name, None) is not None:
            self.probes = {request: probe for request, probe in self.probes.items() if probe[0] != name}
        self.states[name] = line["to"]
        if line["to"] == "half_open":
            self.decides()
            self.moved[name] = self.now

    def on_request(self, line):
        orders = line["op"] in ("place", "amend")
        episode = line["episode"] or ""
        name = episode[6:] if episode.startswith("probe:") else "orders" if orders else "reads"
        state = self.states.get(name, "closed")
        if not line["probe"]:
            if orders and line["lane"] == "new_order" and state in ("open", "half_open", "isolated"):
                self.breaks(f"{line['op']} {line['id']} passes breaker {name}, which is {state}")
            return
        if state != "half_open" or name not in self.breakers:
            return self.breaks(f"{line['id']} is a probe, and breaker {name} is {state}")
        if not orders:
            self.weights.update(line["weights"])
        self.expect_move(name)
        self.moved[name] = self.now
        self.probes[line["id"]] = (name, self.now + Decimal(self.breakers[name]["lease"]))
        count = sum(1 for owner, lease in self.probes.values() if owner == name and lease > self.now)
        if count > self.breakers[name]["probes"]:
            self.breaks(f"breaker {name} has {count} probes under way")

    def on_reply(self, line):
        self.probes.pop(line["id"], None)

    def expect_move(self, name):
        if name in self.moved and name in self.breakers:
            patience = Decimal(self.breakers[name]["lease"]) + self.judge.longest_window(self.weights) + 60
            if self.now > max(self.moved[name], self.road.until) + patience:
                self.breaks(f"breaker {name} stays half open, untried since {self.moved[name]}")

    def on_crash(self, _):
        self.states.clear()
        self.moved.clear()
        self.probes.clear()

    def on_end(self, _):
        for name in sorted(self.moved):
            self.expect_move(name)


class Alerts(Watch):
    """Promise 10: a sink hears once of the beginning, and once of the end."""

    promise = "P10"

    def __init__(self, judge):
        super().__init__(judge)
        self.states = {}
        self.told = set()
        self.heard = set()
        self.sinks = set()
        self.causes = {}
        self.asleep = Decimal(0)
        self.has_disk = False
        self.disk_failed = False
        self.died = {}

    def on_disk(self, line):
        self.has_disk = True
        self.disk_failed = self.disk_failed or line["outcome"] != "done"

    def on_world(self, line):
        if line["event"] == "sleep" and line["until"] is not None:
            self.asleep = max(self.asleep, Decimal(line["until"]))

    def on_alert(self, line):
        sink, key = line["sink"], (line["sink"], line["episode"])
        state = self.states.get(key)
        self.sinks.add(sink)
        if line["event"] == "begin":
            self.decides()
            if state is not None:
                self.breaks(f"sink {sink} hears of {line['episode']} a second time")
            self.states[key] = "open"
            for cause in line["causes"]:
                if cause in self.causes:
                    self.heard.add((sink, cause))
                    if (sink, cause, line["code"]) in self.told:
                        self.breaks(f"sink {sink} hears of cause {cause} in a second episode")
                    self.told.add((sink, cause, line["code"]))
            return
        # Of an end that a process told as it died the next one may not know: there the episode goes on.
        if state != "open" and (state is None or not self.is_unwritten(*state)):
            self.breaks(f"sink {sink} hears {line['event']} of {line['episode']}, which is not open")
        self.states[key] = (self.judge.boot, self.now) if line["event"] == "end" else "open"

    def is_unwritten(self, boot, ended):
        return boot in self.died and (self.disk_failed or ended + 2 >= self.died[boot])

    def on_permission(self, line):
        if line["event"] in ("raised", "extended"):
            self.causes.setdefault(line["id"], self.now)
        elif line["event"] in ("cleared", "expired"):
            self.expect_heard(line["id"])
            self.causes.pop(line["id"], None)

    def expect_heard(self, cause):
        since = self.causes.get(cause)
        if since is None or self.now <= max(since, self.asleep) + 60:
            return
        for sink in sorted(self.sinks):
            if (sink, cause) not in self.heard:
                self.breaks(f"sink {sink} never heard of cause {cause}, raised at {since}")

    def on_crash(self, _):
        self.died[self.judge.boot] = self.now
        self.told.clear()
        self.causes.clear()
        if not self.has_disk:
            self.states.clear()

    def on_end(self, _):
        for cause in sorted(self.causes):
            self.expect_heard(cause)


class Progress(Watch):
    """L1: once everything has healed, trading goes on."""

    promise = "L1"

    def __init__(self, judge):
        super().__init__(judge)
        self.road = Hindrances(judge)
        self.heals = None
        self.begun = False
        self.dead = False
        self.troubles = {}
        self.asked = {}
        self.streams = set()
        # A request that reaches the venue twice opens two streams.
        self.connected = Counter()

    def take(self, kind, line):
        if kind == "run":
            self.heals = line["heals_at"]
        if self.heals is None:
            return
        self.road.take(kind, line)
        if not self.begun and self.is_well():
            self.begun = True
            self.decides()
        super().take(kind, line)

    def is_well(self):
        return self.now > max(Decimal(self.heals), self.road.until) + 300

    def notes(self, trouble, goes_on):
        if goes_on:
            self.troubles.setdefault(trouble, self.now)
        elif trouble in self.troubles:
            self.expect_short(trouble, self.troubles.pop(trouble))

    def expect_short(self, trouble, since):
        if self.is_well() and self.now > since + 300:
            self.breaks(f"{trouble} since {since}, though everything has healed")

    def on_order(self, line):
        self.notes(f"order {line['client_id']} unknown", line["state"] == "unknown")

    def on_permission(self, line):
        self.notes(f"cause {line['id']}", line["event"] in ("raised", "extended") and line["release"] == "cleared")

    def on_breaker(self, line):
        self.notes(f"breaker {line['name']} not closed", line["to"] in ("open", "half_open"))

    def on_sweep(self, line):
        self.notes(f"sweep of {line['cause']}", line["event"] != "end")

    def on_request(self, line):
        if line["op"] == "userStream" and line["call"] is None:
            self.streams.add(line["id"])
            self.notes("the account's stream not connected", not +self.connected)

    def on_venue(self, line):
        if line["event"] in ("connected", "disconnected") and line["request"] in self.streams:
            if line["event"] == "connected":
                self.connected[line["request"]] += 1
            else:
                self.connected[line["request"]] = max(0, self.connected[line["request"]] - 1)
            self.notes("the account's stream not connected", not +self.connected)

    def on_call(self, line):
        if self.is_well() and (line["op"] == "place" or line["op"].startswith("cancel")):
            self.asked[line["call"]] = (line, self.now)

    def on_result(self, line):
        call, at = self.asked.pop(line["call"], (None, None))
        if call is None or not self.is_well():
            return
        self.decides()
        self.expect_answer(call, at)
        if line["answer"] == "unknown" or (line["answer"] == "denied" and call["op"] != "place"):
            self.breaks(f"{call['op']} {call['call']} was {line['answer']}")

    def expect_answer(self, call, at):
        if self.now > max(at, self.road.until) + 120:
            self.breaks(f"{call['op']} {call['call']}, asked for at {at}, waits too long")

    def on_crash(self, _):
        self.dead = True
        self.troubles.clear()
        self.asked.clear()
        self.streams.clear()
        self.connected.clear()

    def on_restart(self, _):
        self.dead = False

    def on_end(self, _):
        if not self.is_well():
            return
        if self.dead:
            self.breaks("the process never came back")
        for trouble, since in self.troubles.items():
            self.expect_short(trouble, since)
        for call, at in self.asked.values():
            self.expect_answer(call, at)


def main(paths):
    if not paths or paths[0].startswith("-"):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    status = 0
    for path in paths:
        judge = Judge()
        try:
            for number, line in enumerate(read(path), 1):
                judge.take(number, line)
        except NoLog as error:
            print(f"{path}: {error}", file=sys.stderr)
            status = 2
            continue
        counts = ", ".join(f"{kind} {count}" for kind, count in sorted(judge.kinds.items()))
        print(f"{path}: {judge.number} lines ({counts})")
        for promise in Judge.PROMISES:
            broken = judge.broken[promise]
            verdict = f"BROKEN {len(broken)} times" if broken else "kept"
            print(f"  {promise} {verdict}, {judge.checked[promise]} decisive tests")
            for text in broken[:10]:
                print(f"    {text}")
            status = max(status, 1 if broken else 0)
        for text in judge.faulty[:20]:
            print(f"  not as it should be: {text}", file=sys.stderr)
        if judge.faulty:
            print(f"{path}: {len(judge.faulty)} lines are not as they should be", file=sys.stderr)
            status = 2
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
