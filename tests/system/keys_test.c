/* Keys at the real broker: wrong, unknown, revoked and renewed ones, told apart. */
#include "tests/raw.h"
#include "tests/stage.h"
#include "tests/t.h"

#define PROGRESS "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', 'percent': 7}"

/* A key file beside police.zpl with something else in it. */
static void
write_key(struct stage *s, const char *name, bool other_key, bool other_server)
{
    struct identity id;
    struct fault fault;
    uint8_t secret[CURVE_KEY];

    caller_identity(s->rig, "police.zpl", &id);
    if (other_key)
        CHECK_INT(0, curve_generate(id.public, id.secret));
    if (other_server)
        CHECK_INT(0, curve_generate(id.server, secret));
    CHECK(identity_save(&id, rig_path(s->rig, name), &fault));
}

/* What a command is told at once, and a program in a loop too. */
static enum client_outcome
connecting(struct stage *s, const char *key_file)
{
    struct caller *c = caller_begin(s->rig, key_file);
    enum client_outcome outcome = client_connect(c->session, RIG_PATIENCE);

    caller_close(&c);
    return outcome;
}

static void
revoke_client(struct stage *s, const char *id, const char *role)
{
    caller_must(s->operator, "{'kind': 'client', 'id': '%s', 'role': '%s', 'revoked': true, "
                             "'reason': 'the host was given away', 'seen': SEEN}",
                id, role);
}

TEST(keys_that_are_wrong_unknown_or_revoked_are_told_apart_from_a_broker_that_is_away)
{
    struct stage s = stage_open(NULL);

    write_key(&s, "unknown.zpl", true, false);
    write_key(&s, "stranger.zpl", false, true);
    CHECK_INT(CLIENT_DONE, connecting(&s, "health.zpl"));
    CHECK_INT(CLIENT_UNKNOWN_KEY, connecting(&s, "unknown.zpl"));
    CHECK_INT(CLIENT_STRANGER, connecting(&s, "stranger.zpl"));
    revoke_client(&s, "health/ehr", "agency");
    CHECK_INT(CLIENT_UNKNOWN_KEY, connecting(&s, "health.zpl"));
    stage_leave(&s);
    stage_stop(&s);
    struct caller *c = caller_begin(s.rig, "police.zpl");
    CHECK_INT(CLIENT_UNREACHABLE, client_connect(c->session, 1000));
    CHECK_INT(3, client_exit_code(CLIENT_UNREACHABLE));
    CHECK(strstr(client_state(c->session), s.rig->address));
    caller_close(&c);
    stage_verify(&s);
    stage_close(&s);
}

TEST(keys_a_revocation_bites_at_the_next_frame)
{
    struct stage s = stage_open(NULL);
    struct raw *c = raw_open(s.rig, "health.zpl", 'a');

    raw_hello(c);
    CHECK_STR("WELCOME 0", raw_hear(c));
    raw_submit(c, 1, PROGRESS);
    CHECK_STR("ACK 1", raw_hear(c));
    revoke_client(&s, "health/ehr", "agency");
    raw_submit(c, 2, PROGRESS);
    CHECK_STR("ERROR revoked", raw_hear(c));
    raw_ask(c, 1); /* nothing more is said to it, whatever it says */
    raw_hello(c);
    raw_submit(c, 2, PROGRESS);
    int64_t seen = s.operator->seen;
    caller_must(s.police, PROGRESS);
    CHECK_INT(seen + 1, s.police->seen);
    CHECK_INT(PEER_QUIET, peer_next_event(c->peer));
    CHECK_INT(PEER_REFUSED, raw_knock(s.rig, "health.zpl"));
    raw_close(&c);
    stage_end(&s);
}

/* The same where the key was revoked while the broker was away. */
TEST(keys_a_revoked_client_stops_by_itself)
{
    struct stage s = stage_open(NULL);
    struct caller *health = caller_open(s.rig, "health.zpl");

    revoke_client(&s, "health/ehr", "agency");
    caller_queue(health, PROGRESS);
    CHECK_INT(CLIENT_STOPPED, client_settle(health->session, RIG_PATIENCE));
    CHECK(strstr(client_state(health->session), "revoked"));
    caller_close(&health);
    stage_end(&s);
}

/* Both keys of a client are valid until the new one is used. */
TEST(keys_a_renewed_key_is_valid_beside_the_old_one_until_its_first_use)
{
    struct stage s = stage_open(NULL);
    char hex[2 * CURVE_KEY + 1];
    struct identity next;

    write_key(&s, "next.zpl", true, false);
    caller_identity(s.rig, "next.zpl", &next);
    for (int i = 0; i < CURVE_KEY; i++)
        (void)snprintf(hex + 2 * (size_t)i, 3, "%02x", next.public[i]);
    s.police->seen = s.operator->seen;
    caller_must(s.police, "{'kind': 'client', 'id': 'police/crm', 'key': '%s', 'seen': SEEN}", hex);
    CHECK_INT(PEER_OPENED, raw_knock(s.rig, "police.zpl"));
    caller_must(s.police, PROGRESS);

    struct raw *old = raw_open(s.rig, "police.zpl", 'a');
    raw_hello(old);
    CHECK_STR("WELCOME 0", raw_hear(old));
    CHECK_INT(CLIENT_DONE, connecting(&s, "next.zpl"));
    raw_submit(old, 1, PROGRESS);
    CHECK_STR("ERROR revoked", raw_hear(old));
    rig_until(s.rig, "grep event=client-key-changed *.log");
    raw_close(&old);
    CHECK_INT(PEER_REFUSED, raw_knock(s.rig, "police.zpl"));
    CHECK_INT(PEER_OPENED, raw_knock(s.rig, "next.zpl"));
    stage_end(&s);
}
