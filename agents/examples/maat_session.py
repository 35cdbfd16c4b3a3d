"""How a client speaks with a board's broker: the key file, the session, and what outlives it. What is said on it is
a task's, as maat_client.py has them. Headings in schema/PROTOCOL.md are named where they hold the rule."""
import collections, itertools, json, random, sqlite3, sys, time
import msgpack, zmq
from maat_trust import Stop, check_proof, needs_proof, read_head, read_key, shown_in_hello
from zmq.utils.monitor import recv_monitor_message

class Broken(Exception):
    """This connection is of no more use. The next one may be."""

def as_json(value):
    return json.dumps(value, default=bytes.hex, ensure_ascii=False, separators=(",", ":"))

class Task:
    """What a run is for. Its state outlives it: in SQLite, which keeps others out and replaces all or nothing."""
    done, refused, patience, state = False, False, 30, {}

    def load(self, path, **begin):
        try:
            self.db = sqlite3.connect(path, timeout=0)
            self.db.executescript("PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=FULL;"
                                  "CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY, json TEXT)")
            row = self.db.execute("SELECT json FROM state").fetchone()
            self.state = {**begin, **json.loads(row[0] if row else "{}")}
            self.save()
        except sqlite3.Error as error:
            raise Stop(4, f"{path}: {error}") from error

    def save(self):
        with self.db:
            self.db.execute("INSERT OR REPLACE INTO state VALUES (1, ?)", [as_json(self.state)])

    def be_patient(self):
        self.until = time.monotonic() + self.patience

    def hello(self):
        return {}

    def more(self, session):
        pass

class Session:
    """One connection, and the session on it. The task has hello(), what it adds to HELLO; welcome(), hear() and
    forked(), for what the broker says; more(), for when all that came is dealt with; `done`; and `until`."""
    def __init__(self, key, address, task):
        self.key, self.task = key, task
        self.waiting = collections.deque()  # frames that the socket has not taken yet
        self.begun_anew, self.ping_ms = 0, 10_000  # until WELCOME says
        self.paused, self.heard = 0, time.monotonic()  # more() is not called before `paused`
        sock = self.sock = zmq.Context.instance().socket(zmq.DEALER)
        sock.curve_publickey, sock.curve_secretkey, sock.curve_serverkey = key["curve"]
        sock.sndhwm, sock.rcvhwm, sock.linger = 64, 1000, 0
        sock.maxmsgsize = 262_144 + 64  # a frame, and what CURVE adds
        sock.reconnect_ivl = 3_600_000  # one socket is one attempt, and this tells how it ended:
        self.monitor = sock.get_monitor_socket(
            zmq.EVENT_CLOSED | zmq.EVENT_DISCONNECTED | zmq.EVENT_HANDSHAKE_FAILED_AUTH
            | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL)
        sock.connect(address)
        self.greet()

    def close(self):
        self.sock.disable_monitor()
        self.monitor.close()  # one socket left open, and the process would not end
        self.sock.close(linger=500 if self.task.done else 0)

    def say(self, command, **fields):
        self.waiting.append(msgpack.packb([command, fields]))
        self.said = time.monotonic()

    def send(self):
        try:
            while self.waiting:
                self.sock.send(self.waiting[0], zmq.NOBLOCK)
                self.waiting.popleft()
        except zmq.Again:
            pass  # it is full, or the connection just went

    def begin_anew(self):
        self.begun_anew += 1
        if self.begun_anew > 5:
            raise Broken("the broker wants to hear the same again and again")

    def greet(self):
        """HELLO: the version that we speak, our outbox, the last tree head. Nothing of before counts any more."""
        self.open = False
        self.begin_anew()
        self.waiting.clear()
        self.say("HELLO", oldest=1, newest=1, software="maat_client.py 1.0", **self.task.hello(),
                 **shown_in_hello(self.task.state.get("head")))

    def hear(self, frame):
        self.heard = time.monotonic()
        try:
            command, fields = msgpack.unpackb(frame)  # allocates no more than the frame's own length warrants
            for entry in fields.get("entries", []):
                if "body" in entry:  # that is MessagePack within MessagePack; a refused entry has none
                    entry["body"] = msgpack.unpackb(entry["body"])
            if command == "WELCOME":
                self.hear_welcome(fields)
            elif command == "ERROR" and "id" not in fields:
                self.hear_error(fields)
            elif not self.open and fields.get("id") == 0:
                check_proof(self.task.state["head"], self.head, fields.get("proof", b""))
                self.begin()
            elif self.open and command != "PONG":
                self.task.hear(self, command, fields, len(frame))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise Broken(f"what the broker said can't be read: {error!r}") from error

    def hear_welcome(self, fields):
        """The journal is to begin with all that it had when we saw it last: before that is proven we say nothing."""
        self.welcome, self.head = fields, read_head(fields, self.key["signing"])
        self.ping_ms, self.window, kept = fields["ping_ms"], fields["window"], self.task.state.get("head")
        if not needs_proof(kept, self.head):
            return self.begin()
        self.say("QUERY", id=0, what="consistency", size=self.head[1], **{"from": kept[1]})

    def begin(self):
        self.open = True
        self.task.welcome(self, self.welcome)
        self.task.state["head"] = self.head

    def hear_error(self, error):
        """Errors: one without an id is about the session as a whole."""
        if error["code"] == "forked":
            self.task.forked(error.get("n", 1))
        elif error["code"] != "hello-first":  # that: the broker was started again, or has forgotten us
            ours = error["code"] in ("malformed", "limit")
            raise Stop(4 if ours else 3, f"the broker says {error['code']}: {error['reason']}")
        self.greet()

    def hear_monitor(self):
        event = recv_monitor_message(self.monitor)
        if event["event"] == zmq.EVENT_HANDSHAKE_FAILED_AUTH and event["value"] == 400:
            raise Stop(3, "the broker does not know this key, or it was revoked: ask the board's operator")
        raise Broken("the broker can't be reached" if not self.open else "the connection is lost")

    def talk(self):
        """Until the task is done. What came is read before the monitor, for it counts whatever came after."""
        while not self.task.done:
            if self.sock.poll(0):
                self.hear(self.sock.recv())
            elif self.monitor.poll(0):
                self.hear_monitor()
            else:
                self.wait(time.monotonic())
        self.say("BYE")
        self.send()

    def wait(self, now):
        """Heartbeats: PING after half of ping_ms; whoever hears nothing for three times that gives up."""
        if now > self.task.until:
            raise Stop(3, "there is no answer yet; what is kept goes on with the next run")
        if now - self.heard > 3 * self.ping_ms / 1000:
            raise Broken("the broker is silent")
        if self.open and now - self.said >= self.ping_ms / 2000:
            self.say("PING")
        if self.open and now >= self.paused:
            self.task.more(self)
        self.send()
        zmq.select([self.sock, self.monitor], [], [], 0.001 if self.waiting or self.task.done else 0.1)

def talk(key, task):
    """Transport: a new socket for each attempt, the addresses in turn, and a pause that doubles, at random."""
    failed = 0
    for address in itertools.cycle(key["addresses"]):
        session = Session(key, address, task)
        try:
            return session.talk()
        except Broken as broken:
            if time.monotonic() > task.until:
                raise Stop(3, f"{address}: {broken}") from broken
            print(f"{address}: {broken}; trying again", file=sys.stderr)
        finally:
            session.close()
        failed = 0 if session.open else failed + 1
        time.sleep(random.uniform(0.5, 1) * min(30, 0.4 * 2 ** min(failed, 7)))

def run(key_file, make_task, forget_head):
    """Does it all, and returns the exit code."""
    try:
        try:
            key, task = read_key(key_file), make_task()
        except (ValueError, KeyError, AttributeError) as error:
            raise Stop(2, f"what was given can't be read: {error!r}") from error
        task.state.pop("head" if forget_head else None, None)
        task.be_patient()
        talk(key, task)
        return 1 if task.refused else 0
    except Stop as stop:
        code, why = stop.args
    except (OSError, sqlite3.Error, zmq.ZMQError) as error:
        code, why = 4, error
    print(f"maat_client.py: {why}", file=sys.stderr)
    return code
