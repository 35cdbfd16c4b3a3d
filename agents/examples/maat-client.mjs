#!/usr/bin/env node
// A client of MAAT in JavaScript, written from schema/PROTOCOL.md alone: read it once, and take what you need.
const usage = `usage: maat-client.mjs KEYFILE push --state FILE < LINES     a line: {"kind": "progress", "action": ...}
       maat-client.mjs KEYFILE follow --state FILE --out FILE [PLAN]...
       maat-client.mjs KEYFILE query '{"what": "status", "plan": "da-2016"}'`;
// KEYFILE is what `maat key new` wrote. Needs Node 18 and, by `npm ci`, zeromq and @msgpack/msgpack. Exits with 0 done,
// 1 refused or not found, 2 usage, 3 no broker that speaks with us, 4 this machine. The last tree head is kept, and the
// broker has to prove that its journal has all that was in it then; --forget-head, where the operator says that a
// backup was restored. What it lacks: it does not look for personal data before it sends. The broker does.
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { parseArgs } from "node:util";
import { encode } from "@msgpack/msgpack";
import { Broken, Task, asJson, hex, now, run } from "./maat-session.mjs";
import { stop } from "./maat-trust.mjs";

/** Submissions. What is sent is on disk before, so that after any crash it is sent again as the same n, nonce and body.
    Its n is its place in `kept`, from 1; `low` is the first n without a verdict, `next` the next to be sent. */
class Push extends Task {
  async open(path, lines) {
    const added = lines.split("\n").filter((line) => line.trim()).map((line) => this.prepare(line));
    await this.load(path, { outbox: hex(randomBytes(16)), kept: [] });
    this.state.kept.push(...added);
    this.begin();
    return this;
  }
  prepare(line) {
    const text = (_, value) => (typeof value === "number" && !Number.isInteger(value) ? String(value) : value);
    const { kind, ...said } = JSON.parse(line, text); // 12.5 is said as "12.5"
    if (kind === "progress") // the day described: today in London, where nothing else is said (sv: YYYY-MM-DD)
      said.on ??= new Intl.DateTimeFormat("sv", { timeZone: "Europe/London" }).format();
    const body = encode(said);
    if (typeof kind !== "string" || body.length > 65_536) // found here, it costs nobody an entry
      throw stop(2, "a submission has a kind, and is 64 KiB at most");
    return { kind, nonce: hex(randomBytes(16)), body: hex(body) };
  }
  /** With the first that has no verdict; what the broker lacks, from that n on, is to have another. */
  begin(lacking = Infinity) {
    for (const kept of this.state.kept.slice(lacking - 1)) delete kept.verdict;
    this.low = 1;
    this.passSettled();
    this.next = this.low;
    this.save();
  }

  passSettled() {
    while (this.state.kept[this.low - 1]?.verdict) this.low++;
    this.done = this.low > this.state.kept.length;
  }
  hello() {
    return { outbox: Buffer.from(this.state.outbox, "hex") };
  }
  /** Restores: a broker may lack what it has answered, where a person has told us to forget its head. */
  welcome(session, fields) {
    const lacks = fields.n < this.low - 1;
    if (lacks && this.state.head)
      throw stop(3, `the broker lost n ${fields.n + 1} and says nothing of a restore: ask its operator`);
    this.begin(lacks ? fields.n + 1 : Infinity);
  }
  /** Somebody else writes into this outbox: what is not settled moves to a new one, as n = 1, 2, 3 ... */
  forked(n) {
    const kept = this.state.kept.slice(n - 1).filter(({ verdict }) => !verdict);
    console.error(`this outbox has two holders (a copy?): ${kept.length} submissions go on in a new one`);
    Object.assign(this.state, { outbox: hex(randomBytes(16)), kept });
    this.begin();
  }
  /** As many as the window lets be in flight. */
  more(session) {
    for (; this.next <= this.state.kept.length && this.next - this.low < session.window; this.next++) {
      const { kind, nonce, body } = this.state.kept[this.next - 1];
      session.say("SUBMIT", { n: this.next, kind, nonce: Buffer.from(nonce, "hex"), body: Buffer.from(body, "hex") });
    }
  }

  hear(session, command, { outbox, n, ...fields }) {
    if (!outbox || hex(outbox) !== this.state.outbox) return;
    if (command === "ACK") fields.numbers.forEach((number, i) => this.settle(session, n + i, { n: n + i, number }));
    else if (command === "REFUSED") this.settle(session, n, { n, ...fields });
    else if (command === "REWIND") {
      session.beginAnew();
      this.begin(n);
    } else if (command === "RETRY") {
      this.next = Math.min(n, this.next);
      session.paused = now() + fields.after_ms;
      console.error(`the broker takes nothing now: ${fields.reason}`);
    }
  }
  /** But not what was settled before, nor what was not sent. */
  settle(session, n, verdict) {
    if (n < this.low || n >= this.next || this.state.kept[n - 1].verdict) return;
    this.state.kept[n - 1].verdict = verdict;
    console.log(asJson(verdict));
    this.refused ||= "code" in verdict;
    session.begunAnew = 0;
    this.bePatient();
    this.passSettled();
    if (this.done) this.save(); // until then, what is not on disk is told again when it is sent again
  }
}

/** Feeds. Each entry that we may see is a line in `out`, once, in order; how actions stand is in the state. */
class Follow extends Task {
  patience = Infinity;
  id = 0;
  lines = "";

  async open(path, out, plans) {
    await this.load(path, { rows: {}, written: 0 });
    this.out = fs.openSync(out, "a");
    fs.ftruncateSync(this.out, this.state.written); // what came after the state was saved comes again
    this.filter = plans.length ? { plans } : {};
    return this;
  }
  welcome(session) {
    this.subscribe(session);
  }
  /** From the last `upto`, naming the plans whose rows we have as of then; else all as it stands comes first. */
  subscribe(session) {
    Object.assign(this, { id: this.id + 1, count: 0, cost: 0, named: [], plans: [] });
    const { upto, held } = this.state;
    const place = upto === undefined ? {} : { from: upto, held: held.slice(0, 900) };
    session.say("SUBSCRIBE", { id: this.id, credit: 1 << 20, ...this.filter, ...place });
  }

  hear(session, command, fields, size) {
    if (fields.id !== this.id) return;
    if (command === "ERROR") {
      if (fields.code !== "again") throw stop(3, `the broker says ${fields.code}: ${fields.reason}`);
      return this.subscribe(session);
    }
    session.begunAnew = 0;
    if (fields.count !== ++this.count) throw new Broken("something of the feed is missing");
    this.cost += Math.max(16_384, size + 64); // as the broker counts
    const { rows } = this.state;
    if (command === "PLANS") {
      this.named.push(...fields.plans);
      if (!fields.more) {
        Object.assign(this, { plans: this.named, named: [] });
        for (const id in rows) if (!this.plans.includes(id.split("/")[0])) delete rows[id];
      }
    }
    for (const row of fields.actions ?? []) // of two states of a row the newer is right, whichever comes first
      if (!(rows[row.id]?.number > fields.number)) rows[row.id] = { number: fields.number, ...row };
    for (const id of fields.gone ?? []) delete rows[id];
    for (const entry of fields.entries ?? [])
      if (entry.number > this.state.upto) this.lines += asJson(entry) + "\n";
    if (fields.upto === undefined) return; // else it is LIVE or EVENT, and these two belong together:
    Object.assign(this.state, { upto: fields.upto, held: this.plans });
    this.unsaved = true;
  }
  /** All that came is dealt with: it is written down, and then as much may come again. */
  more(session) {
    if (this.unsaved) {
      fs.appendFileSync(this.out, this.lines);
      fs.fsyncSync(this.out);
      this.state.written = fs.fstatSync(this.out).size;
      this.save();
      Object.assign(this, { lines: "", unsaved: false });
    }
    if (this.cost < 262_144) return;
    session.say("CREDIT", { id: this.id, credit: this.cost });
    this.cost = 0;
  }
}

/** Queries: one at a time. A page is a line; where it has `next`, there is another. */
class Query extends Task {
  id = 0;

  constructor(question) {
    super();
    this.question = JSON.parse(question);
  }
  welcome(session) {
    this.bePatient();
    session.say("QUERY", { ...this.question, id: ++this.id });
  }
  hear(session, command, fields) {
    if (fields.id !== this.id) return;
    if (command === "ERROR") throw stop(1, `${fields.code}: ${fields.reason}`);
    console.log(asJson(fields));
    this.done = fields.next === undefined;
    this.question.after = fields.next;
    if (!this.done) this.welcome(session);
  }
}

async function main() {
  const options = { state: { type: "string" }, out: { type: "string" }, "forget-head": { type: "boolean" } };
  const { values: { state, out, "forget-head": forget }, positionals } = parseArgs({ options, allowPositionals: true });
  const [key, command, ...what] = positionals;
  if (command === "push" && state && !what.length)
    return run(key, () => new Push().open(state, fs.readFileSync(0, "utf8")), forget);
  if (command === "follow" && state && out) return run(key, () => new Follow().open(state, out, what), forget);
  if (command === "query" && what.length === 1) return run(key, () => new Query(what[0]), forget);
  throw Error("something is missing, or too much");
}

process.exitCode = await main().catch((error) => (console.error(`${error.message}\n${usage}`), 2));
