#!/usr/bin/env python3
"""Counts the orders and revenue of a Superstore file straight from its rows, for the proof of the reports.

Usage: superstore.py FILE FROM TO. Reads CSV, writes JSON: orders of the whole file, and for the period and the one before it
of equal length: grouping (day, product, country) -> key -> [now, before], "*" for totals. A row's amount is its Sales
rounded half up to the cent; an order's day is its Order Date as it stands in the file.
"""

import csv
import datetime as dt
import decimal
import json
import sys


def main():
    path, first, last = sys.argv[1], dt.date.fromisoformat(sys.argv[2]), dt.date.fromisoformat(sys.argv[3])
    length = dt.timedelta(days=(last - first).days + 1)
    orders = {}
    with open(path, newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            order = orders.setdefault(row["Order ID"], {"day": dt.date.fromisoformat(row["Order Date"]), "country": row["Country"], "rows": []})
            cents = int((decimal.Decimal(row["Sales"]) * 100).quantize(decimal.Decimal(1), rounding=decimal.ROUND_HALF_UP))
            order["rows"].append((row["Product ID"].strip().upper(), int(row["Quantity"]), cents))
    tables = {name: {} for name in ("day", "product", "country")}

    def add(name, key, which, order, rows):
        numbers = tables[name].setdefault(key, [{"orders": set(), "units": 0, "revenue": 0} for _ in range(2)])[which]
        numbers["orders"].add(order)
        numbers["units"] += sum(units for _, units, _ in rows)
        numbers["revenue"] += sum(cents for _, _, cents in rows)

    for number, order in orders.items():
        day, which = order["day"], 0
        if first - length <= day < first:
            day, which = day + length, 1
        elif not first <= day <= last:
            continue
        for name, key in (("day", day.isoformat()), ("country", order["country"])):
            add(name, key, which, number, order["rows"])
            add(name, "*", which, number, order["rows"])
        for row in order["rows"]:
            add("product", row[0], which, number, [row])
            add("product", "*", which, number, [row])
    for table in tables.values():
        for pair in table.values():
            for numbers in pair:
                numbers["orders"] = len(numbers["orders"])
    cents = sum(cents for order in orders.values() for _, _, cents in order["rows"])
    json.dump({"orders": len(orders), "cents": cents, "tables": tables}, sys.stdout)


if __name__ == "__main__":
    main()
