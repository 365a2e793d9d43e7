"""Reads a calendar as calendar programs do, with the library `icalendar`, and tells what it says as JSON.

Whatever the library finds wrong with it ends the program.
"""

import datetime
import json
import sys

import icalendar

text = sys.stdin.buffer.read()
# Lines end as RFC 5545 wants it, and none is longer than 75 bytes.
assert text.endswith(b"\r\n") and b"\n" not in text.replace(b"\r\n", b"")
assert all(len(line) <= 75 for line in text.split(b"\r\n"))

calendar = icalendar.Calendar.from_ical(text)
assert not calendar.errors, calendar.errors
assert str(calendar["VERSION"]) == "2.0" and calendar["PRODID"]
events = []
for event in calendar.walk("VEVENT"):
    assert not event.errors, event.errors
    start, end = event["DTSTART"].dt, event["DTEND"].dt
    is_day = type(start) is datetime.date and type(end) is datetime.date
    events.append({
        "uid": str(event["UID"]),
        "summary": str(event["SUMMARY"]),
        "description": str(event.get("DESCRIPTION", "")),
        "url": str(event["URL"]),
        "start": start.isoformat(),
        "end": end.isoformat(),
        "is_day": is_day,
        "sequence": int(event["SEQUENCE"]),
        "changed": event["LAST-MODIFIED"].dt.isoformat(),
        "stamp": event["DTSTAMP"].dt.isoformat(),
    })
assert len({event["uid"] for event in events}) == len(events), "two events with one UID"
json.dump({"name": str(calendar["NAME"]), "events": events}, sys.stdout)
