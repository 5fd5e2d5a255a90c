#!/usr/bin/env python3
"""Counts the reports a second time, in another language and by other means than Holdfast does.

Reads JSON on standard input: `channels` (id -> IANA time zone), `period` {from, to}, and what happened: `orders`
(channel, country, currency, placedAt, total, lines of sku, quantity, total), `cancellations` (channel, country, currency,
total, reason, at), `cases` (channel or null, code, owner, openedAt, resolvedAt or null), `intervals` (channel, stage,
since, until) and `payments` (events, oldest first: channel, currency, method, parcel or null, attempt, type, source, code
or null, amount, at). Writes JSON: report -> grouping -> "key|currency" -> [numbers of the period, numbers of the one before],
with "*|currency" for the totals. Amounts are whole minor units, never floats.

Needs nothing but Python 3.9: the rules of the few time zones stand here, so that no time zone data is trusted twice.
"""

import datetime as dt
import json
import math
import sys

UTC = dt.timezone.utc


def sunday(year, month, nth):
    """The nth Sunday of a month, the last one for -1."""
    days = [
        day
        for day in (dt.date(year, month, 1) + dt.timedelta(days=n) for n in range(31))
        if day.month == month and day.isoweekday() == 7
    ]
    return days[nth - 1 if nth > 0 else nth]


def at(day, hour):
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def offset_hours(zone, instant):
    year = instant.year
    if zone == "UTC":
        return 0
    if zone == "Asia/Tokyo":
        return 9
    if zone in ("Europe/Berlin", "Europe/Paris", "Europe/London"):
        summer = at(sunday(year, 3, -1), 1) <= instant < at(sunday(year, 10, -1), 1)
        return (0 if zone == "Europe/London" else 1) + (1 if summer else 0)
    if zone == "America/New_York":
        summer = at(sunday(year, 3, 2), 7) <= instant < at(sunday(year, 11, 1), 6)
        return -4 if summer else -5
    raise SystemExit(f"recount.py has no rule for the time zone {zone}")


def moment(text):
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def day_of(zone, text):
    instant = moment(text)
    return (instant + dt.timedelta(hours=offset_hours(zone, instant))).date()


class Period:
    def __init__(self, period):
        self.first = dt.date.fromisoformat(period["from"])
        self.last = dt.date.fromisoformat(period["to"])
        self.length = dt.timedelta(days=(self.last - self.first).days + 1)

    def place(self, day):
        """(0, day) within the period, (1, the day as far from its start) in the one before, else None."""
        if self.first <= day <= self.last:
            return 0, day
        if self.first - self.length <= day < self.first:
            return 1, day + self.length
        return None


class Table:
    """Things by key and period."""

    def __init__(self):
        self.rows = {}

    def add(self, key, which, thing):
        self.rows.setdefault(key, ([], []))[which].append(thing)

    def numbers(self, of):
        return {key: [of(key, 0, now), of(key, 1, before)] for key, (now, before) in self.rows.items()}


def half_up(amount, count):
    return (2 * amount + count) // (2 * count)


def rank(values, share):
    ordered = sorted(values)
    return ordered[max(1, math.ceil(share * len(ordered))) - 1] if ordered else None


def seconds(since, until):
    return round((moment(until) - moment(since)).total_seconds(), 3)


def sales(data, zones, period):
    tables = {name: Table() for name in ("day", "channel", "country", "product")}
    for order in data["orders"]:
        place = period.place(day_of(zones[order["channel"]], order["placedAt"]))
        if place is None:
            continue
        which, day = place
        currency = order["currency"]
        units = sum(line["quantity"] for line in order["lines"])
        whole = (units, order["total"])
        for name, key in (("day", day.isoformat()), ("channel", order["channel"]), ("country", order["country"])):
            tables[name].add(f"{key}|{currency}", which, whole)
            tables[name].add(f"*|{currency}", which, whole)
        products = {}
        for line in order["lines"]:
            sku = line["sku"].strip().upper()
            had = products.get(sku, (0, 0))
            products[sku] = (had[0] + line["quantity"], had[1] + line["total"])
        for sku, sold in products.items():
            tables["product"].add(f"{sku}|{currency}", which, sold)
        tables["product"].add(f"*|{currency}", which, (units, sum(line["total"] for line in order["lines"])))

    def numbers(with_average):
        def of(_key, _which, sold):
            revenue = sum(amount for _, amount in sold)
            average = half_up(revenue, len(sold)) if with_average and sold else None
            return {"orders": len(sold), "units": sum(units for units, _ in sold), "revenue": revenue, "averageOrder": average}

        return of

    return {name: table.numbers(numbers(name != "product")) for name, table in tables.items()}


def cancellations(data, zones, period):
    placed = {}
    for order in data["orders"]:
        place = period.place(day_of(zones[order["channel"]], order["placedAt"]))
        if place is not None:
            which, day = place
            for key in (day.isoformat(), order["channel"], "*"):
                count = placed.setdefault(f"{key}|{order['currency']}", [0, 0])
                count[which] += 1
    tables = {name: Table() for name in ("reason", "channel", "day")}
    for one in data["cancellations"]:
        place = period.place(day_of(zones[one["channel"]], one["at"]))
        if place is None:
            continue
        which, day = place
        for name, key in (("reason", one["reason"]), ("channel", one["channel"]), ("day", day.isoformat())):
            tables[name].add(f"{key}|{one['currency']}", which, one["total"])
            tables[name].add(f"*|{one['currency']}", which, one["total"])

    def of(name):
        def numbers(key, which, totals):
            currency = key.rsplit("|", 1)[1]
            orders = placed.get(f"*|{currency}" if name == "reason" else key, [0, 0])[which]
            share = math.floor(len(totals) / orders * 10000 + 0.5) / 100 if orders else None
            return {"orders": len(totals), "amount": sum(totals), "share": share}

        return numbers

    return {name: table.numbers(of(name)) for name, table in tables.items()}


def attention(data, zones, period):
    tables = {name: Table() for name in ("cause", "owner", "day")}
    for case in data["cases"]:
        zone = zones[case["channel"]] if case["channel"] is not None else "UTC"
        place = period.place(day_of(zone, case["openedAt"]))
        if place is None:
            continue
        which, day = place
        took = None if case["resolvedAt"] is None else seconds(case["openedAt"], case["resolvedAt"])
        for name, key in (("cause", case["code"]), ("owner", case["owner"]), ("day", day.isoformat())):
            tables[name].add(f"{key}|", which, took)
            tables[name].add("*|", which, took)

    def of(_key, _which, all_took):
        done = [took for took in all_took if took is not None]
        return {
            "opened": len(all_took),
            "resolved": len(done),
            "openNow": len(all_took) - len(done),
            "p50": rank(done, 0.5),
            "p95": rank(done, 0.95),
        }

    return {name: table.numbers(of) for name, table in tables.items()}


def stages(data, zones, period):
    tables = {name: Table() for name in ("state", "channel")}
    for one in data["intervals"]:
        place = period.place(day_of(zones[one["channel"]], one["until"]))
        if place is None:
            continue
        which, _ = place
        took = seconds(one["since"], one["until"])
        tables["state"].add(f"{one['stage']}|", which, took)
        tables["channel"].add(f"{one['stage']}/{one['channel']}|", which, took)
        for table in tables.values():
            table.add("*|", which, took)

    def of(key, _which, took):
        is_total = key.startswith("*")
        middle, late = (None, None) if is_total else (rank(took, 0.5), rank(took, 0.95))
        return {"count": len(took), "p50": middle, "p95": late}

    return {name: table.numbers(of) for name, table in tables.items()}


MOVES = {
    "charge_success": ("captured", 1),
    "refund_success": ("refunded", 1),
    "refund_reverse": ("refunded", -1),
    "charge_back": ("chargedBack", 1),
    "charge_back_reverse": ("chargedBack", -1),
    "cancel_success": ("lost", 1),
}


def payments(data, zones, period):
    tables = {name: Table() for name in ("day", "channel", "method")}
    reasons = Table()
    lowest = {}  # the lowest attempt of each parcel that was granted so far
    for event in data["payments"]:
        kind, amount, parcel, attempt = (event[name] for name in ("type", "amount", "parcel", "attempt"))
        facts = []
        if kind == "authorization_success":
            if event["source"] in ("operation", "gateway") and amount > 0:
                facts.append(("asked", True, attempt))
                if parcel is not None and lowest.get(parcel, attempt) < attempt:
                    facts.append(("reauthorized", amount, None))
            if parcel is not None:
                lowest[parcel] = min(attempt, lowest.get(parcel, attempt))
        elif kind == "authorization_failure" and event["code"] is not None and amount > 0:
            facts.append(("asked", False, attempt))
        elif kind in MOVES:
            name, sign = MOVES[kind]
            facts.append((name, sign * amount, None))
        place = period.place(day_of(zones[event["channel"]], event["at"]))
        if place is None:
            continue
        which, day = place
        for fact in facts:
            for name, key in (("day", day.isoformat()), ("channel", event["channel"]), ("method", event["method"])):
                tables[name].add(f"{key}|{event['currency']}", which, fact)
                tables[name].add(f"*|{event['currency']}", which, fact)
            reasons.add(f"*|{event['currency']}", which, fact)
            if fact[0] == "asked" and not fact[1]:
                reasons.add(f"{event['code']}|{event['currency']}", which, fact)

    def share(answers):
        return math.floor(sum(answers) / len(answers) * 10000 + 0.5) / 100 if answers else None

    def all_of(_key, _which, facts):
        asked = [(granted, attempt) for name, granted, attempt in facts if name == "asked"]
        money = {
            name: sum(amount for one, amount, _ in facts if one == name)
            for name in ("captured", "refunded", "chargedBack", "lost", "reauthorized")
        }
        return {
            "attempts": len(asked),
            "accepted": share([granted for granted, _ in asked]),
            "firstAccepted": share([granted for granted, attempt in asked if attempt == 1]),
            "declined": sum(1 for granted, _ in asked if not granted),
            "net": money["captured"] - money["refunded"] - money["chargedBack"],
            **money,
        }

    def by_reason(key, which, facts):
        return all_of(key, which, facts) if key.startswith("*") else {"declined": len(facts)}

    return {**{name: table.numbers(all_of) for name, table in tables.items()}, "reason": reasons.numbers(by_reason)}


def main():
    data = json.load(sys.stdin)
    zones, period = data["channels"], Period(data["period"])
    reports = {
        "sales": sales,
        "cancellations": cancellations,
        "attention": attention,
        "stages": stages,
        "payments": payments,
    }
    json.dump({name: report(data, zones, period) for name, report in reports.items()}, sys.stdout)


if __name__ == "__main__":
    main()
