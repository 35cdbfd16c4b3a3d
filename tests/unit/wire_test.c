/* The two ends of the wire over real sockets on this host, with a real handler.
   Everything waits for an event, for at most PATIENCE. */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include <czmq.h>

#include "schema/wire/hub.h"
#include "schema/wire/peer.h"
#include "schema/wire/zap.h"
#include "tests/scratch.h"
#include "tests/t.h"

enum { PATIENCE = 20000, WINDOW = 1000 };

/* What CURVE adds to a message on its way. */
enum { SEALING = 33 };

/* --- a bench: a board, its broker's end, and two clients ------------------- */

struct bench {
    struct zap *zap;
    struct hub *hub;
    struct identity police;      /* known to the handler */
    struct identity police_next; /* the same client's second key */
    struct identity nobody;      /* unknown */
    struct scratch scratch;
    char ipc[IDENTITY_ADDRESS];
};

static struct zap_key
key_of(const struct identity *who, const char *client)
{
    struct zap_key key = {{0}, ""};
    memcpy(key.key, who->public, CURVE_KEY);
    snprintf(key.client, sizeof key.client, "%s", client);
    return key;
}

static struct zap_table *
table_of(const struct identity *a, const struct identity *b)
{
    struct zap_key keys[2];
    struct zap_table *table;
    size_t count = 0;

    if (a)
        keys[count++] = key_of(a, "police/crm");
    if (b)
        keys[count++] = key_of(b, "police/crm");
    CHECK_INT(0, zap_table_new(&table, keys, count));
    return table;
}

static void
identity_new(struct identity *who, const uint8_t server[CURVE_KEY], const char *address)
{
    memset(who, 0, sizeof *who);
    who->has = HAS_ALL & ~HAS_CLIENT;
    CHECK_INT(0, curve_generate(who->public, who->secret));
    memcpy(who->server, server, CURVE_KEY);
    who->address_count = 1;
    snprintf(who->address[0], sizeof who->address[0], "%s", address);
}

static void
hub_new(struct bench *b, uint8_t public[CURVE_KEY], int window)
{
    uint8_t secret[CURVE_KEY];

    scratch_make(&b->scratch);
    snprintf(b->ipc, sizeof b->ipc, "ipc://%.240s/hub", b->scratch.path);
    CHECK_INT(0, curve_generate(public, secret));
    CHECK_INT(0, hub_open(&b->hub, secret, window));
    CHECK_INT(0, hub_bind(b->hub, "tcp://127.0.0.1:*"));
    CHECK_INT(0, hub_bind(b->hub, b->ipc));
}

static void
bench_open(struct bench *b, int window)
{
    uint8_t public[CURVE_KEY];
    struct zap_table *table;

    zsys_handler_set(NULL);
    memset(b, 0, sizeof *b);
    CHECK_INT(0, zap_table_new(&table, NULL, 0));
    CHECK_INT(0, zap_start(&b->zap, &table));
    CHECK(!table);
    hub_new(b, public, window);
    identity_new(&b->police, public, hub_endpoint(b->hub, 0));
    identity_new(&b->police_next, public, hub_endpoint(b->hub, 0));
    identity_new(&b->nobody, public, hub_endpoint(b->hub, 0));
    table = table_of(&b->police, &b->police_next);
    zap_swap(b->zap, &table);
}

static void
bench_close(struct bench *b)
{
    hub_close(&b->hub);
    zap_stop(&b->zap);
    scratch_remove(&b->scratch);
}

static struct peer *
dial(const struct identity *who)
{
    struct peer *peer;
    CHECK_INT(0, peer_new(&peer, who, PATIENCE));
    CHECK_INT(0, peer_dial(peer));
    return peer;
}

/* What becomes of one attempt. */
static enum peer_event
knock(const struct identity *who)
{
    struct peer *peer = dial(who);
    enum peer_event event = peer_wait(peer, PATIENCE);
    peer_free(&peer);
    return event;
}

static struct peer *
enter(const struct identity *who)
{
    struct peer *peer = dial(who);
    CHECK_STR("connected", peer_event_text(peer_wait(peer, PATIENCE)));
    return peer;
}

static int
await(struct hub *hub, struct hub_frame *frame)
{
    zmq_pollitem_t item = {zsock_resolve(hub_socket(hub)), 0, ZMQ_POLLIN, 0};
    int rc = hub_receive(hub, frame);
    if (rc != HUB_EMPTY)
        return rc;
    CHECK_INT(1, zmq_poll(&item, 1, PATIENCE));
    return hub_receive(hub, frame);
}

/* A message from the peer, and the connection that it came by. */
static struct hub_route
say_hello(struct bench *b, struct peer *peer)
{
    struct hub_frame frame;

    CHECK_INT(0, peer_send(peer, "hello", 5));
    CHECK_INT(HUB_FRAME, await(b->hub, &frame));
    CHECK_INT(5, frame.len);
    CHECK(memcmp(frame.data, "hello", 5) == 0);
    hub_release(&frame);
    return frame.route;
}

static void
check_received(struct peer *peer, const char *text)
{
    zmq_msg_t message;

    CHECK_INT(PEER_MESSAGE, peer_wait(peer, PATIENCE));
    zmq_msg_init(&message);
    CHECK_INT(1, peer_receive(peer, &message));
    CHECK_INT(strlen(text), zmq_msg_size(&message));
    CHECK(memcmp(zmq_msg_data(&message), text, strlen(text)) == 0);
    zmq_msg_close(&message);
}

static void
check_answer(struct bench *b, struct peer *peer, const struct hub_route *route, const char *text)
{
    CHECK_INT(HUB_SENT, hub_send(b->hub, route, text, strlen(text)));
    check_received(peer, text);
}

/* --- who may come in ------------------------------------------------------- */

static void
check_entry(struct bench *b, const struct identity *who)
{
    struct peer *peer = enter(who);
    struct hub_frame frame;

    CHECK(peer_is_open(peer));
    CHECK_INT(0, peer_send(peer, "hello", 5));
    CHECK_INT(HUB_FRAME, await(b->hub, &frame));
    CHECK_INT(5, frame.len);
    CHECK(memcmp(frame.key, who->public, CURVE_KEY) == 0);
    CHECK_STR("police/crm", zap_client(b->zap, frame.key));
    check_answer(b, peer, &frame.route, "welcome");
    hub_release(&frame);
    CHECK_INT(HUB_EMPTY, hub_receive(b->hub, &frame));
    CHECK_INT(PEER_QUIET, peer_next_event(peer));
    peer_free(&peer);
}

TEST(wire_lets_a_known_key_in_and_says_which_it_was)
{
    struct bench b;

    bench_open(&b, WINDOW);
    check_entry(&b, &b.police);
    check_entry(&b, &b.police_next);
    snprintf(b.police.address[0], sizeof b.police.address[0], "%s", b.ipc);
    check_entry(&b, &b.police);
    CHECK_INT(0, zap_rejected(b.zap));
    bench_close(&b);
}

TEST(wire_tells_a_client_that_its_key_is_unknown)
{
    char from[ZAP_ADDRESS];
    struct bench b;

    bench_open(&b, WINDOW);
    zap_rejected_from(b.zap, from);
    CHECK_STR("", from);
    CHECK_INT(PEER_REFUSED, knock(&b.nobody));
    CHECK_INT(1, zap_rejected(b.zap));
    zap_rejected_from(b.zap, from);
    CHECK_STR("127.0.0.1", from);
    snprintf(b.nobody.address[0], sizeof b.nobody.address[0], "%s", b.ipc);
    CHECK_INT(PEER_REFUSED, knock(&b.nobody));
    CHECK_INT(2, zap_rejected(b.zap));
    CHECK(!zap_client(b.zap, b.nobody.public));
    bench_close(&b);
}

TEST(wire_tells_a_client_that_this_is_not_its_broker)
{
    struct bench b;

    bench_open(&b, WINDOW);
    memcpy(b.police.server, b.nobody.public, CURVE_KEY);
    CHECK_INT(PEER_STRANGER, knock(&b.police));
    CHECK_INT(0, zap_rejected(b.zap));
    bench_close(&b);
}

TEST(wire_tells_a_client_that_this_speaks_something_else)
{
    struct bench b;

    bench_open(&b, WINDOW);
    zsock_t *plain = zsock_new(ZMQ_ROUTER);
    int port = zsock_bind(plain, "tcp://127.0.0.1:*");
    CHECK(port > 0);
    snprintf(b.police.address[0], sizeof b.police.address[0], "tcp://127.0.0.1:%d", port);
    CHECK_INT(PEER_STRANGER, knock(&b.police));
    zsock_destroy(&plain);
    bench_close(&b);
}

/* A port that nothing listens on: bound, and not listened on. */
static int
bind_deaf(char address[IDENTITY_ADDRESS + 1], int backlog)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    CHECK_INT(0, bind(fd, (struct sockaddr *)&at, len));
    CHECK_INT(0, getsockname(fd, (struct sockaddr *)&at, &len));
    if (backlog > 0)
        CHECK_INT(0, listen(fd, backlog));
    snprintf(address, IDENTITY_ADDRESS + 1, "tcp://127.0.0.1:%d", ntohs(at.sin_port));
    return fd;
}

TEST(wire_tells_a_client_that_no_broker_answers)
{
    struct bench b;
    struct peer *peer;

    bench_open(&b, WINDOW);
    int closed = bind_deaf(b.police.address[0], 0);
    CHECK_INT(PEER_UNREACHABLE, knock(&b.police));
    close(closed);

    /* Connected, and never a word: given up by the client's own patience. */
    int silent = bind_deaf(b.police.address[0], 1);
    CHECK_INT(0, peer_new(&peer, &b.police, 20));
    CHECK_INT(0, peer_dial(peer));
    CHECK_INT(PEER_UNREACHABLE, peer_wait(peer, PATIENCE));
    CHECK(peer_is_down(peer));
    CHECK_INT(PEER_QUIET, peer_wait(peer, PATIENCE));
    peer_free(&peer);
    close(silent);
    bench_close(&b);
}

TEST(wire_swaps_who_may_come_in_at_once)
{
    struct bench b;
    struct zap_table *table;

    bench_open(&b, WINDOW);
    struct peer *peer = enter(&b.police);
    struct hub_route route = say_hello(&b, peer);

    table = table_of(&b.nobody, NULL);
    zap_swap(b.zap, &table);
    CHECK(!table);
    CHECK_INT(PEER_REFUSED, knock(&b.police));
    CHECK_INT(PEER_OPENED, knock(&b.nobody));

    /* Who was in stays in, and is told apart by asking. */
    CHECK(!zap_client(b.zap, b.police.public));
    CHECK_STR("police/crm", zap_client(b.zap, b.nobody.public));
    check_answer(&b, peer, &route, "still here");
    peer_free(&peer);
    bench_close(&b);
}

/* Every swap frees a table that the handler may be reading. */
TEST(wire_swaps_while_clients_come_in)
{
    struct bench b;
    struct peer *peer[8];

    bench_open(&b, WINDOW);
    for (int i = 0; i < 8; i++)
        peer[i] = dial(i % 2 ? &b.police : &b.nobody);
    for (int i = 0; i < 300; i++) {
        struct zap_table *table = table_of(&b.police, i % 2 ? &b.police_next : NULL);
        zap_swap(b.zap, &table);
    }
    for (int i = 0; i < 8; i++) {
        CHECK_INT(i % 2 ? PEER_OPENED : PEER_REFUSED, peer_wait(peer[i], PATIENCE));
        peer_free(&peer[i]);
    }
    CHECK_INT(4, zap_rejected(b.zap));
    bench_close(&b);
}

TEST(wire_finds_each_key_of_a_table)
{
    enum { COUNT = 33 };
    struct zap_key keys[COUNT];
    struct zap_table *table;
    struct zap *zap;

    for (int i = 0; i < COUNT; i++) {
        memset(&keys[i], 0, sizeof keys[i]);
        keys[i].key[0] = (uint8_t)(2 * (COUNT - i)); /* even, and from the highest */
        snprintf(keys[i].client, sizeof keys[i].client, "agency/%d", i);
    }
    CHECK_INT(0, zap_table_new(&table, keys, COUNT));
    CHECK_INT(0, zap_start(&zap, &table));
    for (int i = 0; i < COUNT; i++) {
        uint8_t key[CURVE_KEY];
        memcpy(key, keys[i].key, CURVE_KEY);
        CHECK_STR(keys[i].client, zap_client(zap, key));
        key[CURVE_KEY - 1] = 1;
        CHECK(!zap_client(zap, key));
    }
    CHECK(!zap_client(zap, (const uint8_t[CURVE_KEY]){0}));
    zap_stop(&zap);

    memcpy(&keys[7], &keys[20], CURVE_KEY);
    CHECK_INT(-EEXIST, zap_table_new(&table, keys, COUNT));
    CHECK(!table);
}

/* The handler's answer to a request as libzmq makes it, or as nobody does. */
static void
check_verdict(const char *want, const struct identity *who, const char *version, const char *domain,
              const char *mechanism, size_t key_len)
{
    zsock_t *asker = zsock_new(ZMQ_REQ);
    char *text[6];

    CHECK_INT(0, zsock_connect(asker, "inproc://zeromq.zap.01"));
    zsock_set_rcvtimeo(asker, PATIENCE);
    CHECK_INT(0, zsock_send(asker, "ssssssb", version, "a request", domain, "127.0.0.1", "",
                            mechanism, who->public, key_len));
    CHECK_INT(
        0, zsock_recv(asker, "ssssss", &text[0], &text[1], &text[2], &text[3], &text[4], &text[5]));
    CHECK_STR("1.0", text[0]);
    CHECK_STR("a request", text[1]);
    CHECK_STR(want, text[2]);
    CHECK_INT(strcmp(want, "200") == 0 ? CURVE_TEXT : 0, strlen(text[4]));
    for (int i = 0; i < 6; i++)
        zstr_free(&text[i]);
    zsock_destroy(&asker);
}

TEST(wire_lets_in_by_curve_and_for_its_own_sockets_only)
{
    struct bench b;

    bench_open(&b, WINDOW);
    check_verdict("200", &b.police, "1.0", ZAP_DOMAIN, "CURVE", CURVE_KEY);
    check_verdict("400", &b.nobody, "1.0", ZAP_DOMAIN, "CURVE", CURVE_KEY);
    check_verdict("400", &b.police, "1.1", ZAP_DOMAIN, "CURVE", CURVE_KEY);
    check_verdict("400", &b.police, "1.0", "", "CURVE", CURVE_KEY);
    check_verdict("400", &b.police, "1.0", "other", "CURVE", CURVE_KEY);
    check_verdict("400", &b.police, "1.0", ZAP_DOMAIN, "PLAIN", CURVE_KEY);
    check_verdict("400", &b.police, "1.0", ZAP_DOMAIN, "CURVE", CURVE_KEY - 1);
    CHECK_INT(6, zap_rejected(b.zap));
    bench_close(&b);
}

/* As for a socket without CURVE: no credentials; or nothing at all. */
TEST(wire_answers_a_request_that_lacks_frames)
{
    static const char *const rows[] = {"", "1.0", "1.0 7", "1.0 7 maat 127.0.0.1 x NULL"};
    struct bench b;

    bench_open(&b, WINDOW);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        zsock_t *asker = zsock_new(ZMQ_REQ);
        zmsg_t *request = zmsg_new();
        char words[40];
        char *rest = words;
        snprintf(words, sizeof words, "%s", rows[i]);
        for (char *word; (word = strsep(&rest, " "));)
            zmsg_addstr(request, word);
        CHECK_INT(0, zsock_connect(asker, "inproc://zeromq.zap.01"));
        zsock_set_rcvtimeo(asker, PATIENCE);
        CHECK_INT(0, zmsg_send(&request, asker));
        zmsg_t *reply = zmsg_recv(asker);
        CHECK(reply);
        CHECK_INT(6, zmsg_size(reply));
        zmsg_first(reply);
        zmsg_next(reply);
        CHECK(zframe_streq(zmsg_next(reply), "400"));
        zmsg_destroy(&reply);
        zsock_destroy(&asker);
    }
    check_entry(&b, &b.police);
    bench_close(&b);
}

TEST(wire_has_one_handler_and_can_start_it_again)
{
    struct zap *zap;
    struct zap *second;

    zsys_handler_set(NULL);
    for (int i = 0; i < 20; i++) {
        struct zap_table *table = table_of(NULL, NULL);
        CHECK_INT(0, zap_start(&zap, &table));
        table = table_of(NULL, NULL);
        CHECK_INT(-EADDRINUSE, zap_start(&second, &table));
        CHECK(!table);
        CHECK(!second);
        zap_stop(&zap);
        CHECK(!zap);
    }
}

/* --- the self-test --------------------------------------------------------- */

/* A handler that gives everybody the same status, and does not say who it was:
   with 200, all are let in. */
static void
answer_all(zsock_t *pipe, void *status)
{
    zsock_t *socket = zsock_new(ZMQ_REP);
    zpoller_t *poller = zpoller_new(pipe, socket, NULL);

    CHECK_INT(0, zsock_bind(socket, "inproc://zeromq.zap.01"));
    zsock_signal(pipe, 0);
    while (zpoller_wait(poller, -1) == socket) {
        zmsg_t *request = zmsg_recv(socket);
        zsock_send(socket, "ssssss", "1.0", "1", status, "", "", "");
        zmsg_destroy(&request);
    }
    zpoller_destroy(&poller);
    zsock_unbind(socket, "inproc://zeromq.zap.01");
    zsock_destroy(&socket);
}

TEST(wire_serves_only_behind_a_handler_that_turns_strangers_away)
{
    struct bench b;
    uint8_t public[CURVE_KEY];

    bench_open(&b, WINDOW);
    CHECK_INT(0, hub_self_test(b.hub, PATIENCE));
    CHECK_INT(2, zap_rejected(b.zap)); /* at both endpoints */
    bench_close(&b);

    hub_new(&b, public, WINDOW);
    CHECK_INT(-EPROTO, hub_self_test(b.hub, PATIENCE));
    bench_close(&b);

    char status[] = "200";
    zactor_t *actor = zactor_new(answer_all, status);
    hub_new(&b, public, WINDOW);
    CHECK_INT(HUB_UNGUARDED, hub_self_test(b.hub, PATIENCE));
    bench_close(&b);
    zactor_destroy(&actor);
}

/* Only a handler's "no" is told as such, not its failing. */
TEST(wire_tells_a_client_nothing_of_its_key_when_the_handler_fails)
{
    struct bench b = {.zap = NULL};
    uint8_t public[CURVE_KEY];
    char status[] = "500";

    zactor_t *actor = zactor_new(answer_all, status);
    hub_new(&b, public, WINDOW);
    identity_new(&b.nobody, public, hub_endpoint(b.hub, 0));
    CHECK_INT(PEER_STRANGER, knock(&b.nobody));
    CHECK_INT(-EPROTO, hub_self_test(b.hub, PATIENCE));
    bench_close(&b);
    zactor_destroy(&actor);
}

TEST(wire_takes_no_message_without_a_key)
{
    struct bench b = {.zap = NULL};
    uint8_t public[CURVE_KEY];
    struct hub_frame frame;

    char status[] = "200";
    zactor_t *actor = zactor_new(answer_all, status);
    hub_new(&b, public, WINDOW);
    identity_new(&b.nobody, public, hub_endpoint(b.hub, 0));
    struct peer *peer = enter(&b.nobody);
    CHECK_INT(0, peer_send(peer, "hello", 5));
    CHECK_INT(-EACCES, await(b.hub, &frame));
    peer_free(&peer);
    bench_close(&b);
    zactor_destroy(&actor);
}

/* --- what may be sent ------------------------------------------------------ */

/* A client of somebody else's making, that does as it likes. */
static zsock_t *
stranger_new(const struct identity *who, const char *own_route)
{
    zsock_t *socket = zsock_new(ZMQ_DEALER);
    void *handle = zsock_resolve(socket);

    zsock_set_linger(socket, 0);
    zmq_setsockopt(handle, ZMQ_CURVE_PUBLICKEY, who->public, CURVE_KEY);
    zmq_setsockopt(handle, ZMQ_CURVE_SECRETKEY, who->secret, CURVE_KEY);
    zmq_setsockopt(handle, ZMQ_CURVE_SERVERKEY, who->server, CURVE_KEY);
    if (own_route)
        zmq_setsockopt(handle, ZMQ_ROUTING_ID, own_route, strlen(own_route));
    CHECK_INT(0, zmq_connect(handle, who->address[0]));
    return socket;
}

static void
send_parts(zsock_t *socket, int parts)
{
    for (int i = 1; i <= parts; i++)
        CHECK_INT(4, zmq_send(zsock_resolve(socket), "part", 4, i < parts ? ZMQ_SNDMORE : 0));
}

static void
check_strikes(struct bench *b, const struct hub_route *route, int strikes)
{
    struct hub_frame frame;

    for (int i = 0; i < strikes; i++) {
        CHECK_INT(HUB_STRIKE, await(b->hub, &frame));
        CHECK(hub_same_route(&frame.route, route));
        CHECK(memcmp(frame.key, b->police.public, CURVE_KEY) == 0);
        CHECK(!frame.data);
    }
}

TEST(wire_strikes_a_message_of_several_frames)
{
    struct bench b;
    struct hub_frame frame;
    static const struct {
        int parts;
        int strikes;
    } rows[] = {{2, 1},
                {HUB_PARTS + 1, 1},
                {HUB_PARTS + 2, 2},
                {2 * HUB_PARTS + 2, 2},
                {2 * HUB_PARTS + 3, 3}};

    bench_open(&b, WINDOW);
    zsock_t *stranger = stranger_new(&b.police, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        send_parts(stranger, 1);
        CHECK_INT(HUB_FRAME, await(b.hub, &frame));
        hub_release(&frame);
        send_parts(stranger, rows[i].parts);
        check_strikes(&b, &frame.route, rows[i].strikes);
    }
    CHECK_INT(HUB_EMPTY, hub_receive(b.hub, &frame));
    zsock_destroy(&stranger);
    bench_close(&b);
}

TEST(wire_cuts_off_who_sends_too_much_and_no_other)
{
    struct bench b;
    struct hub_frame frame;
    static char text[HUB_MESSAGE_MAX];

    bench_open(&b, WINDOW);
    struct peer *other = enter(&b.police_next);
    struct hub_route route = say_hello(&b, other);
    struct peer *peer = enter(&b.police);

    CHECK_INT(0, peer_send(peer, text, HUB_MESSAGE_MAX - SEALING));
    CHECK_INT(HUB_FRAME, await(b.hub, &frame));
    CHECK_INT(HUB_MESSAGE_MAX - SEALING, frame.len);
    hub_release(&frame);
    CHECK_INT(0, peer_send(peer, text, HUB_MESSAGE_MAX - SEALING + 1));
    CHECK_INT(PEER_LOST, peer_wait(peer, PATIENCE));
    CHECK(peer_is_down(peer));
    CHECK_INT(HUB_EMPTY, hub_receive(b.hub, &frame));

    check_answer(&b, other, &route, "welcome");
    peer_free(&other);
    peer_free(&peer);
    bench_close(&b);
}

/* A route is what a peer says it is; a second one can't take it over. */
TEST(wire_keeps_a_route_for_who_had_it_first)
{
    struct bench b;
    struct hub_frame frame;

    bench_open(&b, WINDOW);
    zsock_t *first = stranger_new(&b.police, "me");
    send_parts(first, 1);
    CHECK_INT(HUB_FRAME, await(b.hub, &frame));
    hub_release(&frame);
    CHECK_INT(2, frame.route.len);
    CHECK(memcmp(frame.route.bytes, "me", 2) == 0);

    zsock_t *second = stranger_new(&b.police_next, "me");
    send_parts(second, 1);
    struct peer *peer = enter(&b.police_next); /* comes in after it, and so does what it says */
    struct hub_route own = say_hello(&b, peer);
    CHECK(!hub_same_route(&own, &frame.route));
    CHECK_INT(HUB_SENT, hub_send(b.hub, &frame.route, "to the first", 12));
    char text[13] = "";
    zsock_set_rcvtimeo(first, PATIENCE);
    CHECK_INT(12, zmq_recv(zsock_resolve(first), text, 12, 0));
    CHECK_STR("to the first", text);

    peer_free(&peer);
    zsock_destroy(&first);
    zsock_destroy(&second);
    bench_close(&b);
}

TEST(wire_compares_routes)
{
    const struct hub_route a = {2, {1, 2}};
    const struct hub_route same = {2, {1, 2, 9}};
    const struct hub_route other = {2, {1, 3}};
    const struct hub_route longer = {3, {1, 2, 9}};

    CHECK(hub_same_route(&a, &same));
    CHECK(!hub_same_route(&a, &other));
    CHECK(!hub_same_route(&a, &longer));
}

/* --- sending --------------------------------------------------------------- */

TEST(wire_says_that_a_peer_is_gone)
{
    struct bench b;
    int rc = HUB_SENT;

    bench_open(&b, WINDOW);
    struct peer *peer = enter(&b.police);
    struct hub_route route = say_hello(&b, peer);
    peer_free(&peer);

    zmq_pollitem_t item = {zsock_resolve(hub_socket(b.hub)), 0, ZMQ_POLLIN, 0};
    for (int i = 0; i < PATIENCE && (rc = hub_send(b.hub, &route, "x", 1)) == HUB_SENT; i++)
        CHECK_INT(0, zmq_poll(&item, 1, 1));
    CHECK_INT(HUB_GONE, rc);

    const struct hub_route never = {5, {0, 1, 2, 3, 4}};
    CHECK_INT(HUB_GONE, hub_send(b.hub, &never, "x", 1));
    bench_close(&b);
}

static void
count_down(void *data, void *left)
{
    CHECK_STR("handed over", data);
    atomic_fetch_sub((_Atomic int *)left, 1);
}

TEST(wire_tells_when_it_has_done_with_what_was_handed_over)
{
    static char text[] = "handed over";
    const struct hub_route never = {5, {0, 1, 2, 3, 4}};
    _Atomic int left = 2;
    struct bench b;

    bench_open(&b, WINDOW);
    struct peer *peer = enter(&b.police);
    struct hub_route route = say_hello(&b, peer);
    CHECK_INT(HUB_GONE, hub_hand(b.hub, &never, text, strlen(text), count_down, &left));
    CHECK_INT(1, left);
    CHECK_INT(HUB_SENT, hub_hand(b.hub, &route, text, strlen(text), count_down, &left));
    check_received(peer, text);
    CHECK_INT(0, left);
    peer_free(&peer);
    bench_close(&b);
}

TEST(wire_says_that_a_peer_does_not_read)
{
    enum { MOST = 100000 };
    static char text[64 * 1024];
    struct bench b;
    int sent = 0;
    int rc = HUB_SENT;

    bench_open(&b, 4);
    struct peer *peer = enter(&b.police);
    struct peer *other = enter(&b.police_next);
    struct hub_route route = say_hello(&b, peer);
    struct hub_route other_route = say_hello(&b, other);
    while (sent < MOST && (rc = hub_send(b.hub, &route, text, sizeof text)) == HUB_SENT)
        sent++;
    CHECK_INT(HUB_FULL, rc);
    check_answer(&b, other, &other_route, "welcome");
    peer_free(&peer);
    peer_free(&other);
    bench_close(&b);
}

TEST(wire_refuses_what_it_can_not_listen_on)
{
    struct bench b;

    bench_open(&b, WINDOW);
    CHECK_INT(-EINVAL, hub_bind(b.hub, "board.example.org"));
    CHECK_INT(-EADDRINUSE, hub_bind(b.hub, hub_endpoint(b.hub, 0)));
    CHECK(strncmp(hub_endpoint(b.hub, 0), "tcp://127.0.0.1:", 16) == 0);
    CHECK(hub_endpoint(b.hub, 0)[16] != '*');
    CHECK_STR(b.ipc, hub_endpoint(b.hub, 1));
    CHECK(!hub_endpoint(b.hub, 2));
    for (int i = 2; i < HUB_ADDRESSES; i++)
        CHECK_INT(0, hub_bind(b.hub, "tcp://127.0.0.1:*"));
    CHECK_INT(-ENOSPC, hub_bind(b.hub, "tcp://127.0.0.1:*"));
    bench_close(&b);
}

/* --- the client's end ------------------------------------------------------ */

TEST(peer_takes_nothing_that_it_can_not_send)
{
    enum { MOST = 100000 };
    static char text[60 * 1024];
    struct bench b;
    struct peer *peer;
    int sent = 0;

    bench_open(&b, 4);
    CHECK_INT(0, peer_new(&peer, &b.police, PATIENCE));
    CHECK_INT(PEER_FULL, peer_send(peer, "x", 1));
    CHECK_INT(0, peer_dial(peer));
    CHECK_INT(PEER_FULL, peer_send(peer, "x", 1));
    CHECK_INT(PEER_OPENED, peer_wait(peer, PATIENCE));
    while (sent < MOST && peer_send(peer, text, sizeof text) == 0)
        sent++;
    CHECK(sent >= PEER_SEND_LIMIT);
    CHECK(sent < MOST);
    peer_hang_up(peer);
    CHECK_INT(PEER_FULL, peer_send(peer, "x", 1));
    peer_free(&peer);
    bench_close(&b);
}

TEST(peer_shows_what_came_before_the_connection_was_lost)
{
    enum { COUNT = 50 };
    struct bench b;
    zmq_msg_t message;

    bench_open(&b, WINDOW);
    struct peer *peer = enter(&b.police);
    struct hub_route route = say_hello(&b, peer);
    for (uint8_t i = 0; i < COUNT; i++)
        CHECK_INT(HUB_SENT, hub_send(b.hub, &route, &i, 1));

    zsock_set_linger(hub_socket(b.hub), PATIENCE); /* or it would take them along */
    hub_close(&b.hub);

    zmq_msg_init(&message);
    for (uint8_t i = 0; i < COUNT; i++) {
        CHECK_INT(PEER_MESSAGE, peer_wait(peer, PATIENCE));
        CHECK_INT(1, peer_receive(peer, &message));
        CHECK_INT(i, *(uint8_t *)zmq_msg_data(&message));
    }
    CHECK_INT(PEER_LOST, peer_wait(peer, PATIENCE));
    CHECK_INT(0, peer_receive(peer, &message));
    zmq_msg_close(&message);
    peer_free(&peer);
    bench_close(&b);
}

TEST(peer_drops_a_message_of_several_frames)
{
    struct bench b;
    zmq_msg_t message;

    bench_open(&b, WINDOW);
    struct peer *peer = enter(&b.police);
    struct hub_route route = say_hello(&b, peer);
    void *handle = zsock_resolve(hub_socket(b.hub));
    CHECK_INT(5, zmq_send(handle, route.bytes, route.len, ZMQ_SNDMORE));
    CHECK_INT(1, zmq_send(handle, "a", 1, ZMQ_SNDMORE));
    CHECK_INT(1, zmq_send(handle, "b", 1, 0));
    CHECK_INT(PEER_MESSAGE, peer_wait(peer, PATIENCE));
    zmq_msg_init(&message);
    CHECK_INT(-EBADMSG, peer_receive(peer, &message));
    CHECK_INT(0, peer_receive(peer, &message));
    zmq_msg_close(&message);
    check_answer(&b, peer, &route, "welcome");
    peer_free(&peer);
    bench_close(&b);
}

TEST(peer_takes_messages_up_to_its_limit)
{
    struct bench b;
    static char text[PEER_MESSAGE_MAX];
    zmq_msg_t message;

    bench_open(&b, WINDOW);
    struct peer *peer = enter(&b.police);
    struct hub_route route = say_hello(&b, peer);
    CHECK_INT(HUB_SENT, hub_send(b.hub, &route, text, sizeof text - SEALING));
    CHECK_INT(PEER_MESSAGE, peer_wait(peer, PATIENCE));
    zmq_msg_init(&message);
    CHECK_INT(1, peer_receive(peer, &message));
    CHECK_INT(sizeof text - SEALING, zmq_msg_size(&message));
    zmq_msg_close(&message);
    CHECK_INT(HUB_SENT, hub_send(b.hub, &route, text, sizeof text - SEALING + 1));
    CHECK_INT(PEER_LOST, peer_wait(peer, PATIENCE));
    peer_free(&peer);
    bench_close(&b);
}

TEST(peer_tries_its_addresses_in_turn)
{
    struct bench b;
    struct peer *peer;
    char real[IDENTITY_ADDRESS + 1];

    bench_open(&b, WINDOW);
    snprintf(real, sizeof real, "%s", b.police.address[0]);
    int closed = bind_deaf(b.police.address[0], 0);
    snprintf(b.police.address[1], sizeof b.police.address[1], "%s", real);
    b.police.address_count = 2;
    CHECK_INT(0, peer_new(&peer, &b.police, PATIENCE));
    CHECK_STR(b.police.address[0], peer_address(peer));
    for (int i = 0; i < 4; i++) {
        CHECK_INT(0, peer_dial(peer));
        CHECK_STR(b.police.address[i % 2], peer_address(peer));
        CHECK_INT(i % 2 ? PEER_OPENED : PEER_UNREACHABLE, peer_wait(peer, PATIENCE));
        CHECK_INT(i % 2, peer_is_open(peer));
    }
    peer_free(&peer);
    close(closed);
    bench_close(&b);
}

/* As a loop does that polls for other things too. */
TEST(peer_can_be_polled_for)
{
    struct bench b;
    struct peer *peer;
    zmq_pollitem_t items[PEER_POLL_ITEMS];
    enum peer_event event = PEER_QUIET;

    bench_open(&b, WINDOW);
    CHECK_INT(0, peer_new(&peer, &b.police, PATIENCE));
    CHECK_INT(0, peer_poll_items(peer, items));
    CHECK_INT(-1, peer_poll_timeout(peer));
    CHECK_INT(0, peer_dial(peer));
    while ((event = peer_next_event(peer)) == PEER_QUIET) {
        CHECK_INT(1, peer_poll_items(peer, items));
        CHECK(peer_poll_timeout(peer) > 0);
        CHECK(peer_poll_timeout(peer) <= PATIENCE);
        CHECK_INT(1, zmq_poll(items, 1, peer_poll_timeout(peer)));
    }
    CHECK_INT(PEER_OPENED, event);
    struct hub_route route = say_hello(&b, peer);
    CHECK_INT(PEER_QUIET, peer_next_event(peer));
    CHECK_INT(2, peer_poll_items(peer, items));
    CHECK_INT(-1, peer_poll_timeout(peer));
    CHECK_INT(HUB_SENT, hub_send(b.hub, &route, "x", 1));
    CHECK_INT(1, zmq_poll(items, 2, PATIENCE));
    CHECK_INT(ZMQ_POLLIN, items[0].revents);
    CHECK_INT(PEER_MESSAGE, peer_next_event(peer));
    peer_hang_up(peer);
    CHECK_INT(0, peer_poll_items(peer, items));
    peer_free(&peer);
    bench_close(&b);
}

TEST(peer_says_which_address_it_can_not_use)
{
    struct bench b;
    struct peer *peer;

    bench_open(&b, WINDOW);
    snprintf(b.police.address[0], sizeof b.police.address[0], "tcp://nowhere");
    CHECK_INT(0, peer_new(&peer, &b.police, PATIENCE));
    CHECK_INT(-EINVAL, peer_dial(peer));
    CHECK(peer_is_down(peer));
    CHECK_STR("tcp://nowhere", peer_address(peer));
    peer_free(&peer);
    bench_close(&b);
}

TEST(peer_backs_off_longer_and_never_too_long)
{
    static const struct {
        unsigned failed;
        uint32_t least;
        uint32_t most;
    } rows[] = {
        {0, 200, 400},     {1, 400, 800},     {2, 800, 1600},     {6, 12800, 25600},
        {7, 15000, 30000}, {8, 15000, 30000}, {31, 15000, 30000}, {4000000000, 15000, 30000}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t width = rows[i].most - rows[i].least;
        CHECK_INT(rows[i].least, peer_backoff(rows[i].failed, 0));
        CHECK_INT(rows[i].most, peer_backoff(rows[i].failed, width));
        CHECK_INT(rows[i].least, peer_backoff(rows[i].failed, width + 1));
        for (int k = 0; k < 100; k++) {
            uint32_t ms = peer_backoff(rows[i].failed, random_u64());
            CHECK(ms >= rows[i].least && ms <= rows[i].most);
        }
    }
}
