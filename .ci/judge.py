#!/usr/bin/env python3
"""Judges the log of a run as a stranger would: by the lines of the file alone.

usage: judge.py FILE.jsonl...

Checks that each log is whole (its last line says how many lines came before it and what they hash to), that each line
has the fields of its kind, that causes come before effects, and that promises 1, 2, 3, 5 and 8 were kept.
Exit 0: all is well. 1: a promise is broken. 2: a file cannot be read, is no log, or is not whole.
"""

import json
import sys
from collections import Counter, defaultdict
from decimal import Decimal, InvalidOperation

# ---------------------------------------------------------------- the shape of a line

NUMBER, TEXT, BOOL, AMOUNT, LIST, TABLE, COUNT = "number", "text", "bool", "amount", "list", "table", "count"


def maybe(what):
    return (what, None)


OPS = set(
    "place amend cancel cancelMany cancelAll query openOrders history fills balances positions ticker candles depth "
    "preview rules status time timer fees permissions limits marketStream userStream".split())

FIELDS = {
    "run": dict(
        schema=COUNT, seed=COUNT, scenario=TEXT, civil_at_zero=TEXT, venue=TEXT, identity_class=TEXT,
        visibility_lag=NUMBER, symbols=LIST, positions=TABLE, hedge=BOOL, limits=LIST, breakers=LIST,
        heals_at=maybe(NUMBER)),
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
    "venue": dict(
        event=set("arrived accepted rejected filled cancelled expired amended duplicate replaced limited banned foreign"
                  .split()),
        request=maybe(TEXT), order_id=maybe(TEXT), client_id=maybe(TEXT), symbol=maybe(TEXT),
        side=maybe({"buy", "sell"}), quantity=maybe(AMOUNT), remaining=maybe(AMOUNT), price=maybe(AMOUNT),
        fee=maybe(AMOUNT), fee_asset=maybe(TEXT), replaces=maybe(TEXT), position=maybe(AMOUNT)),
    "limited": dict(limit_scope=TEXT, until=maybe(NUMBER)),
    "fault": dict(fault=TEXT, op=OPS, request=maybe(TEXT)),
    "permission": dict(
        id=TEXT, scope=TEXT, level={"open", "reduce_only", "cancel_only", "frozen"}, cause=TEXT, episode=TEXT,
        event={"raised", "extended", "cleared", "expired"}, release={"hand", "time", "cleared"},
        until=maybe(NUMBER)),
    "breaker": dict(name=TEXT, **{"from": TEXT, "to": TEXT}),
    "order": dict(
        intent=TEXT, client_id=TEXT, order_id=maybe(TEXT),
        state=set("prepared sent acknowledged rejected unknown working filled cancelled expired".split())),
    "alert": dict(
        episode=TEXT, event={"begin", "remind", "end"}, severity=TEXT, code=TEXT, causes=LIST, sink=TEXT,
        delivered_at=NUMBER),
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
    """Every line as an object, once the file has been found to be whole."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise NoLog(str(error)) from None
    if not data.endswith(b"\n"):
        raise NoLog("the last line is cut off" if data else "the file is empty")
    lines = data[:-1].split(b"\n")
    objects = []
    for number, line in enumerate(lines, 1):
        try:
            # As a decimal, an instant is exact to the nanosecond.
            entry = json.loads(line.decode("utf-8"), parse_float=Decimal)
        except ValueError as error:
            raise NoLog(f"line {number} is no JSON: {error}") from None
        if not isinstance(entry, dict):
            raise NoLog(f"line {number} is no object")
        objects.append(entry)
    end = objects[-1]
    if end.get("kind") != "end":
        raise NoLog("there is no end line: the log is not whole")
    if end.get("lines") != len(lines) - 1:
        raise NoLog(f"the end line speaks of {end.get('lines')} lines, there are {len(lines) - 1}")
    said = str(end.get("hash"))
    found = f"{fnv(data[:len(data) - len(lines[-1]) - 1]):016x}"
    if said != found:
        raise NoLog(f"the end line says hash {said}, the lines hash to {found}")
    return objects


class Judge:
    PROMISES = ("P1", "P2", "P3", "P5", "P8")

    def __init__(self):
        self.number = 0
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
        self.by_client = {}
        self.stranger = {}

        # what the library said
        self.causes = {}
        self.breakers = {}
        self.intent_of_client = {}

        # promise 1
        self.orders_of_wish = defaultdict(set)
        self.taken = {}
        self.lost = {}

        # promise 2
        self.open_requests = {}
        self.open_amends = {}
        # promise 3
        self.shut = {}
        self.untried = set()
        self.scopes_of_op = {}

        # promise 5
        self.waiting = {}
        self.wanting = set()
        self.frozen_until = Decimal(0)
        self.cancel_scopes = set()
        self.cancel_weights = set()
        self.spent = []

        # promise 8
        self.doubt = {}
        self.proven = set()
        self.counted = set()
        self.called_rejected = set()
        self.requests_of_client = defaultdict(list)
        self.requests_of_wish = defaultdict(list)

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
        shape = dict(FIELDS[kind], t=NUMBER, boot=COUNT)
        for field, what in shape.items():
            if field not in line:
                return self.wrong(f"{kind} without {field}")
            if not fits(line[field], what):
                return self.wrong(f"{kind} has {field} = {line[field]!r}")
        if line["t"] < self.now:
            self.wrong(f"time goes back from {self.now} to {line['t']}")
        self.now = max(self.now, Decimal(line["t"]))
        if (kind == "run") != (number == 1):
            self.wrong("the run line is the first and the only one of its kind")
        if kind == "restart":
            self.boot += 1
        if line["boot"] != self.boot:
            self.wrong(f"boot {line['boot']} after {self.boot} restarts")
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
        return Decimal(self.header.get("visibility_lag", 0)) + Decimal(self.header.get("receive_window", 0))

    @property
    def longest_window(self):
        return max([Decimal(limit["window"]) for limit in self.header.get("limits", [])] or [Decimal(60)])

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
            if scope in self.untried and self.now < self.shut[scope]:
                self.untried.discard(scope)
                self.checked["P3"] += 1
        if line["op"] == "place":
            self.wanting.add(line["call"])
        if line["op"].startswith("cancel"):
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
        self.requests[line["id"]] = line
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
        if line["limit_scope"] is not None and line["until"] is not None and line["until"] > self.now:
            scope = line["limit_scope"]
            self.shut[scope] = max(Decimal(line["until"]), self.shut.get(scope, Decimal(0)))
            self.untried.add(scope)
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
                self.open_requests.pop(line["id"], None)
        if request["op"] == "amend" and (refused or line["outcome"] == "no_such_order"):
            self.open_amends.pop(line["id"], None)
        if request["op"] == "query":
            self.learn(request, line)

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

    # ------------------------------------------------------------ the venue

    def on_venue(self, line):
        event, request = line["event"], line["request"]
        if request is not None and request not in self.requests:
            self.wrong(f"the venue speaks of request {request}, which nobody sent")
        if event == "arrived":
            if request in self.arrived:
                self.wrong(f"request {request} arrives a second time")
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
        elif event in ("filled", "amended") and order in self.orders:
            self.orders[order]["quantity"] = Decimal(line["quantity"])
            self.orders[order]["remaining"] = Decimal(line["remaining"])
            if event == "amended":
                self.open_amends.pop(request, None)
            elif self.orders[order]["remaining"] <= 0:
                self.ended(order)
        elif event in ("cancelled", "expired") and order in self.orders:
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
        self.orders[order] = dict(
            symbol=line["symbol"], side=line["side"], quantity=Decimal(line["quantity"]),
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
        if request in self.called_rejected:
            self.breaks("P8", f"{request} was called rejected and is now order {order}")

    def ended(self, order):
        self.orders[order]["alive"] = False
        for request in [request for request, (name, _, _) in self.open_amends.items() if name == order]:
            del self.open_amends[request]

    def find(self, name):
        """An order by either of its names."""
        if name in self.orders:
            return name
        return self.by_client.get(name)

    # ------------------------------------------------------------ the library's words

    def on_permission(self, line):
        if any(self.rank(cause["level"]) == 3 and self.runs(cause) for cause in self.causes.values()):
            self.frozen_until = max(self.frozen_until, self.now)
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
        if line["request"] is not None and line["request"] not in self.requests:
            self.wrong(f"a fault strikes request {line['request']}, which nobody sent")

    def on_order(self, line):
        self.intent_of_client.setdefault(line["client_id"], line["intent"])
        sent = self.requests_of_client.get(line["client_id"])
        if not sent:
            return
        request, state = sent[-1], line["state"]
        if state == "rejected":
            self.called_rejected.add(request)
            if not self.is_refused(request):
                self.breaks("P8", f"order {line['client_id']} is called rejected, and nothing proves it")
        elif state not in ("prepared", "sent"):
            self.counted.add(request)
            if state != "unknown" and request not in self.taken:
                self.breaks("P8", f"order {line['client_id']} is called {state}, and the venue never took it")

    def on_end(self, _):
        for request in self.lost:
            if request not in self.counted and request not in self.called_rejected:
                self.breaks("P8", f"the outcome of {request} was lost and it was never counted as unknown")
        for since, call in self.waiting.values():
            if self.now > self.free_from(since, call) + self.longest_window + 1:
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
                if Decimal(line["quantity"]) > room:
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
            if level > 1 or total - filled > room:
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
        for name, order in self.orders.items():
            if order["alive"] and (order["symbol"], order["side"]) == (symbol, side) and name != but:
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
        ends += [until for scope, until in self.shut.items() if not self.cancel_scopes or scope in self.cancel_scopes]
        ends += [
            Decimal("Infinity") if cause["until"] is None else cause["until"] for cause in self.causes.values()
            if self.rank(cause["level"]) == 3 and self.covers(cause["scope"], self.origin(call))]
        return max(ends)

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

    def on_the_road(self, line):
        if len(self.spent) > 20000:
            self.spent = [spent for spent in self.spent if spent[0] > self.now - self.longest_window]
        self.wanting.discard(line["call"])
        if line["op"].startswith("cancel"):
            self.cancel_scopes.update(line["scopes"])
            self.cancel_weights.update(line["weights"])
            since, call = self.waiting.pop(line["call"], (None, None))
            if call and self.now > self.free_from(since, call) + self.longest_window + 1:
                self.breaks("P5", f"cancel {line['call']}, asked for at {since}, goes out only now")
        if not self.waiting or not self.is_new(line):
            return
        for since, call in self.waiting.values():
            if since < self.now and self.free_from(since, call) <= self.now and not self.is_busy():
                self.breaks("P5", f"order {line['id']} overtakes cancel {call['call']}, which waits since {since}")

    def ends_unsent(self, result, since, call):
        if result["answer"] == "accepted":
            named = [call["target"]] if call["target"] is not None else call.get("targets", [])
            if call["op"] == "cancelAll":
                named = [name for name, order in self.orders.items() if order["symbol"] == call["symbol"]]
            for name in named:
                order = self.find(name)
                if order and self.orders[order]["alive"]:
                    self.breaks("P5", f"cancel {call['call']} was told done without being sent, and {order} lives")
        elif result["reason"] != "CancellationError":
            if self.free_from(since, call) <= since and not self.is_busy():
                self.breaks("P5", f"cancel {call['call']} was {result['answer']} and never sent: {result['reason']}")


def main(paths):
    if not paths or paths[0].startswith("-"):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    status = 0
    for path in paths:
        try:
            lines = read(path)
        except NoLog as error:
            print(f"{path}: {error}", file=sys.stderr)
            status = 2
            continue
        judge = Judge()
        for number, line in enumerate(lines, 1):
            judge.take(number, line)
        counts = ", ".join(f"{kind} {count}" for kind, count in sorted(judge.kinds.items()))
        print(f"{path}: {len(lines)} lines ({counts})")
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
