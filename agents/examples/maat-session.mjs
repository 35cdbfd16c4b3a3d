// How a client speaks with a board's broker: the key file, the session, and what outlives it. What is said on it is a
// task's, as maat-client.mjs has them. Headings in schema/PROTOCOL.md are named where they hold the rule.
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { encode } from "@msgpack/msgpack";
import * as zmq from "zeromq";
import { checkProof, needsProof, readHead, readKey, shownInHello, stop, unpack } from "./maat-trust.mjs";

export class Broken extends Error {} // this connection is of no more use; the next one may be

export const now = () => performance.now();
export const hex = (bytes) => Buffer.from(bytes).toString("hex");
export const asJson = (value) => JSON.stringify(value, (_, it) => (it instanceof Uint8Array ? hex(it) : it));

/** What a run is for. Its state outlives it, in a file that is replaced as a whole or not at all. */
export class Task {
  done = false;
  patience = 30_000; // milliseconds, from one answer to the next
  state = {};

  async load(path, begin) {
    this.path = path;
    this.lock = new zmq.Pair(); // a name that goes with the process, however that ends
    await this.lock.bind("ipc://@maat-" + createHash("sha256").update(resolve(path)).digest("hex"));
    this.state = { ...begin, ...(fs.existsSync(path) ? JSON.parse(fs.readFileSync(path)) : {}) };
    this.save();
  }
  save() {
    fs.writeFileSync(this.path + ".new", asJson(this.state));
    sync(this.path + ".new");
    fs.renameSync(this.path + ".new", this.path);
    sync(dirname(this.path));
  }
  more() {}
  bePatient() {
    this.until = now() + this.patience;
  }
  hello() {
    return {};
  }
}

function sync(path) {
  const file = fs.openSync(path);
  fs.fsyncSync(file);
  fs.closeSync(file);
}

/** One connection, and the session on it. The task has hello(), what it adds to HELLO; welcome(), hear() and forked(),
    for what the broker says; more(), for when all that came is dealt with; `done`, and `until`: it waits no longer. */
class Session {
  waiting = []; // frames that the socket has not taken yet
  begunAnew = 0;
  pingMs = 10_000; // until WELCOME says
  paused = 0; // more() is not called before
  heard = now();

  constructor(key, turn, task) {
    Object.assign(this, { key, task, address: key.addresses[turn % key.addresses.length] });
    this.sock = new zmq.Dealer({
      ...key.curve, sendHighWaterMark: 64, sendTimeout: 0, receiveHighWaterMark: 1000, linger: 0,
      maxMessageSize: 262_144 + 64, // a frame, and what CURVE adds
      reconnectInterval: 3_600_000, // one socket is one attempt, and its events tell how it ended
    });
    const denied = "the broker does not know this key, or it was revoked: ask the board's operator";
    const ends = ["auth", "other", "protocol"].map((what) => "handshake:error:" + what);
    for (const end of ["close", "disconnect", ...ends])
      this.sock.events.on(end, ({ error }) => {
        this.ended ??= error?.status === 400 ? stop(3, denied) : new Broken("the broker can't be reached");
      });
    this.sock.connect(this.address);
    this.greet();
  }

  say(command, fields) {
    this.waiting.push(encode([command, fields]));
    this.said = now();
  }
  beginAnew() {
    if (++this.begunAnew > 5) throw new Broken("the broker wants to hear the same again and again");
  }
  /** HELLO: the version that we speak, our outbox, the last tree head. Nothing of before counts any more. */
  greet() {
    this.open = false;
    this.beginAnew();
    this.waiting = [];
    this.say("HELLO", { oldest: 1, newest: 1, software: "maat-client.mjs 1.0", ...this.task.hello(),
      ...shownInHello(this.task.state.head) });
  }
  /** The next frame; none where nothing comes in so many milliseconds. */
  async receive(ms) {
    this.sock.receiveTimeout = ms;
    const [frame] = await this.sock.receive().catch((error) => (error.code === "EAGAIN" ? [] : Promise.reject(error)));
    return frame;
  }

  hear(frame) {
    this.heard = now();
    try {
      const [command, fields] = unpack(frame);
      for (const entry of fields.entries ?? []) // the body is MessagePack within MessagePack; a refused one has none
        if (entry.body) entry.body = unpack(entry.body);
      if (command === "WELCOME") this.hearWelcome(fields);
      else if (command === "ERROR" && fields.id === undefined) this.hearError(fields);
      else if (!this.open && fields.id === 0) {
        checkProof(this.task.state.head, this.head, fields.proof);
        this.begin();
      } else if (this.open && command !== "PONG") this.task.hear(this, command, fields, frame.length);
    } catch (error) {
      if (error.exitCode || error.code || error instanceof Broken) throw error;
      throw new Broken(`what the broker said can't be read: ${error.message}`);
    }
  }
  /** The journal is to begin with all that it had when we saw it last: before that is proven we say nothing. */
  hearWelcome(fields) {
    const kept = this.task.state.head;
    const head = readHead(fields, this.key.signing);
    Object.assign(this, { welcome: fields, head, pingMs: fields.ping_ms, window: fields.window });
    if (needsProof(kept, head)) this.say("QUERY", { id: 0, what: "consistency", from: kept[1], size: head[1] });
    else this.begin();
  }
  begin() {
    this.open = true;
    this.task.welcome(this, this.welcome);
    this.task.state.head = this.head;
  }
  /** Errors: of the session as a whole. hello-first: the broker was started again, or has forgotten us. */
  hearError({ code, reason, n = 1 }) {
    if (code === "forked") this.task.forked(n);
    else if (code !== "hello-first")
      throw stop(["malformed", "limit"].includes(code) ? 4 : 3, `the broker says ${code}: ${reason}`);
    this.greet();
  }
  /** Until the task is done. What came is heard before the connection's end, for it counts all the same. */
  async talk() {
    while (!this.task.done) {
      const frame = await this.receive(0);
      if (frame) this.hear(frame);
      else if (this.ended) throw this.ended;
      else await this.wait();
    }
    this.sock.linger = 500;
    await this.sock.send(encode(["BYE", {}])).catch(() => {});
  }
  /** Heartbeats: PING after half of ping_ms; whoever hears nothing for three times that gives up. */
  async wait() {
    if (now() > this.task.until) throw stop(3, "there is no answer yet; what is kept goes on with the next run");
    if (now() - this.heard > 3 * this.pingMs) throw new Broken("the broker is silent");
    if (this.open && now() - this.said >= this.pingMs / 2) this.say("PING", {});
    if (this.open && now() >= this.paused) this.task.more(this);
    try {
      for (; this.waiting.length; this.waiting.shift()) await this.sock.send(this.waiting[0]);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error; // it is full, or the connection just went
    }
    const frame = await this.receive(this.waiting.length || this.task.done ? 1 : 100);
    if (frame) this.hear(frame);
  }
}

/** Transport: a new socket for each attempt, the addresses in turn, and a pause that doubles, at random. */
async function talk(key, task) {
  for (let turn = 0, failed = 0; !task.done; turn++) {
    const session = new Session(key, turn, task);
    try {
      await session.talk();
    } catch (broken) {
      if (!(broken instanceof Broken)) throw broken;
      if (now() > task.until) throw stop(3, `${session.address}: ${broken.message}`);
      console.error(`${session.address}: ${broken.message}; trying again`);
      failed = session.open ? 0 : failed + 1;
      await sleep((0.5 + Math.random() / 2) * Math.min(30_000, 400 * 2 ** failed));
    } finally {
      session.sock.close();
    }
  }
}

/** Does it all, and returns the exit code. */
export async function run(keyFile, makeTask, forgetHead) {
  try {
    const key = readKey(keyFile);
    const task = await makeTask();
    if (forgetHead) delete task.state.head;
    task.bePatient();
    await talk(key, task);
    return task.refused ? 1 : 0;
  } catch (error) {
    const unread = error instanceof SyntaxError;
    console.error(`maat-client.mjs: ${unread ? "what was given can't be read: " : ""}${error.message}`);
    return error.exitCode ?? (unread ? 2 : 4);
  }
}
