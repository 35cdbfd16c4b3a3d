"""How a client speaks with a board's broker: the key file, the session, and what outlives it. What is said on it is
a task's, as maat_client.py has them. Headings in schema/PROTOCOL.md are named where they hold the rule."""
import base64, collections, itertools, json, random, re, sqlite3, sys, time
import msgpack, zmq
from zmq.utils.monitor import recv_monitor_message

class Stop(Exception):
    """A person must look: the exit code, and why."""

class Broken(Exception):
    """This connection is of no more use. The next one may be."""

NEEDED = "public-key", "secret-key", "server-key", "address"

def read_key(path):
    """Keys: what `maat key new` wrote, which is ZPL. There may be several addresses, to be tried in turn."""
    with open(path, encoding="utf-8") as file:
        found = re.findall(r'^\s*([\w-]+)\s*=\s*"(.*)"', file.read(), re.MULTILINE)
    key = {name: [value for found_name, value in found if found_name == name] for name in NEEDED}
    if not all(key.values()):
        raise Stop(2, f"{path}: needs {', '.join(NEEDED)}")
    return key

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

    def more(self, session):
        pass

    def hello(self):
        """The tree head that we saw last. A journal that was rewritten, or rolled back, does not have it."""
        size, root = self.state.get("head", (0, ""))
        return {"number": size, "root": base64.b64decode(root)} if root else {}

    def welcome(self, session, fields):
        _, size, root = fields["head"].split("\n")[:3]
        self.state.update(head=(int(size), root), epoch=fields["epoch"])

class Session:
    """One connection, and the session on it. The task has hello(), what it adds to HELLO; welcome() and hear(), for
    what the broker says; forked(); more(), called when all that came is dealt with and there is time to say
    something; `done`; and `until`, the moment after which it does not wait any longer."""
    def __init__(self, key, address, task):
        self.task = task
        self.waiting = collections.deque()  # frames that the socket has not taken yet
        self.begun_anew = 0
        self.ping_ms = 10_000  # until WELCOME says
        self.paused = 0        # more() is not called before
        self.heard = self.said = time.monotonic()
        sock = self.sock = zmq.Context.instance().socket(zmq.DEALER)
        sock.curve_publickey, sock.curve_secretkey, sock.curve_serverkey = (key[name][0].encode() for name in NEEDED[:3])
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
        self.sock.close(linger=500 if self.task.done else 0)

    def say(self, command, **fields):
        self.waiting.append(msgpack.packb([command, fields]))
        self.said = time.monotonic()

    def send(self):
        while self.waiting and self.sock.poll(0, zmq.POLLOUT):
            self.sock.send(self.waiting.popleft())

    def begin_anew(self):
        self.begun_anew += 1
        if self.begun_anew > 5:
            raise Broken("the broker wants to hear the same again and again")

    def greet(self):
        """HELLO: the version that we speak, our outbox, the last tree head. Nothing of before counts any more."""
        self.open = False
        self.begin_anew()
        self.waiting.clear()
        self.say("HELLO", oldest=1, newest=1, software="maat_client.py 1.0", **self.task.hello())

    def hear(self, frame):
        self.heard = time.monotonic()
        try:
            command, fields = msgpack.unpackb(frame)  # allocates no more than the frame's own length warrants
            for entry in fields.get("entries", []):
                if "body" in entry:  # that is MessagePack within MessagePack; a refused entry has none
                    entry["body"] = msgpack.unpackb(entry["body"])
            if command == "WELCOME":
                self.open, self.ping_ms, self.window = True, fields["ping_ms"], fields["window"]
                self.task.welcome(self, fields)
            elif command == "ERROR" and "id" not in fields:
                self.hear_error(fields)
            elif self.open and command != "PONG":
                self.task.hear(self, command, fields, len(frame))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise Broken(f"what the broker said can't be read: {error!r}") from error

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
        next_beat = self.ping_ms / 4000
        timeout = 0 if self.task.done else 0.005 if self.waiting else min(next_beat, max(self.paused - now, 0) or 1)
        zmq.select([self.sock, self.monitor], [], [], timeout)

def talk(key, task):
    """Transport: a new socket for each attempt, the addresses in turn, and a pause that doubles, at random."""
    failed = 0
    for address in itertools.cycle(key["address"]):
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

def run(key_file, make_task):
    """Does it all, and returns the exit code."""
    try:
        key = read_key(key_file)
        try:
            task = make_task()
        except (ValueError, KeyError, AttributeError) as error:
            raise Stop(2, f"what was given can't be read: {error!r}") from error
        task.be_patient()
        talk(key, task)
        return 1 if task.refused else 0
    except Stop as stop:
        code, why = stop.args
    except (OSError, sqlite3.Error, zmq.ZMQError) as error:
        code, why = 4, error
    print(f"maat_client.py: {why}", file=sys.stderr)
    return code
