#!/usr/bin/python3
"""A client of MAAT in Python, written from schema/PROTOCOL.md alone: read it once, and take what you need.

    maat_client.py KEYFILE push --state FILE < LINES     a submission a line: {"kind": "progress", "action": ...}
    maat_client.py KEYFILE follow --state FILE --out FILE [PLAN]...
    maat_client.py KEYFILE query '{"what": "status", "plan": "da-2016"}'

KEYFILE is what `maat key new` wrote. Needs Debian's python3-zmq, python3-msgpack, python3-cryptography. Exits with 0
done, 1 refused or not found, 2 usage, 3 no broker that speaks with us, 4 this machine. The last tree head is kept, and
the broker has to prove that its journal has all that was in it then; --forget-head, where the operator says that a
backup was restored. What it lacks: it does not look for personal data before it sends. The broker does.
"""
import argparse, datetime, json, os, secrets, sys, time, zoneinfo
import msgpack
from maat_session import Broken, Stop, Task, as_json, run

class Push(Task):
    """Submissions. What is sent is on disk before, so that after any crash it is sent again as the same n, nonce and
    body. Its n is its place in `kept`, from 1; `low` is the first n without a verdict, `next` the next to be sent."""
    def __init__(self, path, lines):
        added = [self.prepare(json.loads(line, parse_float=str)) for line in lines]  # 12.5 is said as "12.5"
        self.load(path, outbox=secrets.token_hex(16), kept=[])
        self.state["kept"] += added
        self.begin()

    def prepare(self, said):
        kind = said.pop("kind")
        if kind == "progress":
            said.setdefault("on", str(datetime.datetime.now(zoneinfo.ZoneInfo("Europe/London")).date()))
        body = msgpack.packb(said)
        if len(body) > 65_536:
            raise Stop(2, "a submission is longer than 64 KiB")  # found here, it costs nobody an entry
        return {"kind": kind, "nonce": secrets.token_hex(16), "body": body.hex()}

    def begin(self, lacking=None):
        """With the first that has no verdict; what the broker lacks, from that n on, is to have another."""
        for kept in self.state["kept"][lacking - 1:] if lacking else []:
            kept.pop("verdict", None)
        self.low = 1
        self.pass_settled()
        self.next = self.low
        self.save()

    def pass_settled(self):
        while self.low <= len(self.state["kept"]) and "verdict" in self.state["kept"][self.low - 1]:
            self.low += 1
        self.done = self.low > len(self.state["kept"])

    def hello(self):
        return {"outbox": bytes.fromhex(self.state["outbox"])}

    def welcome(self, session, fields):
        """Restores: a broker may lack what it has answered, where a person has told us to forget its head."""
        lacks = fields["n"] < self.low - 1
        if lacks and "head" in self.state:
            raise Stop(3, f"the broker lost n {fields['n'] + 1} and says nothing of a restore: ask its operator")
        self.begin(fields["n"] + 1 if lacks else None)

    def forked(self, n):
        """Somebody else writes into this outbox: what is not settled moves to a new one, as n = 1, 2, 3 ..."""
        moved = [kept for kept in self.state["kept"][n - 1:] if "verdict" not in kept]
        print(f"this outbox has two holders (a copy?): {len(moved)} submissions go on in a new one", file=sys.stderr)
        self.state.update(outbox=secrets.token_hex(16), kept=moved)
        self.begin()

    def more(self, session):
        """As many as the window lets be in flight."""
        while self.next <= len(self.state["kept"]) and self.next - self.low < session.window:
            kept = self.state["kept"][self.next - 1]
            session.say("SUBMIT", n=self.next, kind=kept["kind"], nonce=bytes.fromhex(kept["nonce"]),
                        body=bytes.fromhex(kept["body"]))
            self.next += 1

    def hear(self, session, command, fields, size):
        if fields.get("outbox") != bytes.fromhex(self.state["outbox"]):
            return
        n = fields["n"]
        if command == "ACK":
            for place, number in enumerate(fields["numbers"]):
                self.settle(session, n + place, {"n": n + place, "number": number})
        elif command == "REFUSED":
            self.settle(session, n, {name: fields[name] for name in ("n", "number", "code", "field", "reason")})
        elif command == "REWIND":
            session.begin_anew()
            self.begin(n)
        elif command == "RETRY":
            self.next, session.paused = min(n, self.next), time.monotonic() + fields["after_ms"] / 1000
            print(f"the broker takes nothing now: {fields['reason']}", file=sys.stderr)

    def settle(self, session, n, verdict):
        """But not what was settled before, nor what was not sent."""
        if self.low <= n < self.next and "verdict" not in self.state["kept"][n - 1]:
            self.state["kept"][n - 1]["verdict"] = verdict
            print(as_json(verdict), flush=True)
            self.refused |= "code" in verdict
            session.begun_anew = 0
            self.be_patient()
            self.pass_settled()
            if self.done:  # until then, what is not on disk is told again when it is sent again
                self.save()

class Follow(Task):
    """Feeds. Each entry that we may see is a line in `out`, once, in order; how actions stand is in the state."""
    patience = float("inf")
    def __init__(self, path, out, plans):
        self.load(path, rows={}, written=0)
        self.out = open(out, "ab")
        self.out.truncate(self.state["written"])  # what came after the state was saved comes again
        self.id, self.unsaved, self.filter = 0, False, {"plans": plans} if plans else {}

    def welcome(self, session, fields):
        self.subscribe(session)

    def subscribe(self, session):
        """From the last `upto`, naming the plans whose rows we have as of then; else all as it stands comes first."""
        self.id, self.count, self.cost, self.named, self.plans = self.id + 1, 0, 0, [], []
        place = {"from": self.state["upto"], "held": self.state["held"][:900]} if "upto" in self.state else {}
        session.say("SUBSCRIBE", id=self.id, credit=1 << 20, **self.filter, **place)

    def hear(self, session, command, fields, size):
        if fields.get("id") != self.id:
            return
        if command == "ERROR":
            if fields["code"] != "again":
                raise Stop(3, f"the broker says {fields['code']}: {fields['reason']}")
            return self.subscribe(session)
        self.count, session.begun_anew = self.count + 1, 0
        if fields["count"] != self.count:
            raise Broken("something of the feed is missing")
        self.cost += max(16_384, size + 64)  # as the broker counts
        rows = self.state["rows"]
        if command == "PLANS":
            self.named += fields["plans"]
            if not fields.get("more"):
                self.plans, self.named = self.named, []
                rows = {id: row for id, row in rows.items() if id.split("/")[0] in self.plans}
        for row in fields.get("actions", []):  # of two states of a row the newer is right, whichever comes first
            if fields["number"] >= rows.get(row["id"], {"number": 0})["number"]:
                rows[row["id"]] = {"number": fields["number"], **row}
        self.state["rows"] = {id: row for id, row in rows.items() if id not in fields.get("gone", [])}
        for entry in fields.get("entries", []):
            if entry["number"] > self.state["upto"]:
                self.out.write(as_json(entry).encode() + b"\n")
        if "upto" in fields:  # LIVE, EVENT. The two belong together: `held` are the plans as of `upto`
            self.state["upto"], self.state["held"], self.unsaved = fields["upto"], self.plans, True

    def more(self, session):
        """All that came is dealt with: it is written down, and then as much may come again."""
        if self.unsaved:
            self.out.flush()
            os.fsync(self.out.fileno())
            self.state["written"], self.unsaved = self.out.tell(), False
            self.save()
        if self.cost >= 262_144:
            session.say("CREDIT", id=self.id, credit=self.cost)
            self.cost = 0

class Query(Task):
    """Queries: one at a time. A page is a line; where it has `next`, there is another."""
    def __init__(self, question):
        self.question, self.id = json.loads(question), 0

    def welcome(self, session, fields):
        self.ask(session)

    def ask(self, session):
        self.be_patient()
        self.id += 1
        session.say("QUERY", id=self.id, **self.question)

    def hear(self, session, command, fields, size):
        if fields.get("id") != self.id:
            return
        if command == "ERROR":
            raise Stop(1, f"{fields['code']}: {fields['reason']}")
        print(as_json(fields), flush=True)
        self.question["after"], self.done = fields.get("next"), "next" not in fields
        if not self.done:
            self.ask(session)

def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].strip())
    for name in "KEYFILE", "command":
        parser.add_argument(name)
    parser.add_argument("what", nargs="*")
    parser.add_argument("--state", default="")
    parser.add_argument("--out", default="")
    parser.add_argument("--forget-head", action="store_true", help="the operator says that a backup was restored")
    args = parser.parse_intermixed_args()
    match args.command, args.what:
        case "push", [] if args.state:
            return run(args.KEYFILE, lambda: Push(args.state, sys.stdin), args.forget_head)
        case "follow", plans if args.state and args.out:
            return run(args.KEYFILE, lambda: Follow(args.state, args.out, plans), args.forget_head)
        case "query", [question]:
            return run(args.KEYFILE, lambda: Query(question), args.forget_head)
    parser.error("something is missing, or too much")

sys.exit(main())
