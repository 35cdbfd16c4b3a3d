/* PostgreSQL: each update is a row of a history, and the row of what is so now is put in
   its place, by one statement; in libpq's pipelines, where all that is sent up to a
   synchronisation is one transaction. */
#include <endian.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/peers/peer.h"
#include "tests/t.h"

/* What a transaction holds. */
enum { WHAT_IS_TO_SEND, ONE_UPDATE };

enum { BINARY = 1 };

/* Where a follower is: a transaction's number may be seen after a later one's. */
struct place {
    uint64_t transaction, number; /* as they are on the wire */
};

struct peer_lane {
    struct server *server;
    PGconn *connection;
    struct peer_ear ear;
    bool open;                  /* there is a transaction, not yet to be committed */
    int64_t done, acknowledged; /* n: in a transaction; in one that is committed */
    struct place place;
};

/* --- the server ------------------------------------------------------------------------- */

/* A follower reads by transaction what is older than all that still run, so that nothing
   comes into its past. */
static const char tables[] =
    "create table history (transaction xid8 not null default pg_current_xact_id(),"
    "  number bigint not null generated always as identity, action text not null,"
    "  body bytea not null, primary key (transaction, number));"
    "create table state (action text primary key, body bytea not null);";

static PGconn *
connect_to(struct server *s)
{
    char where[2 * SERVER_PATH];

    (void)snprintf(where, sizeof where,
                   "host=127.0.0.1 port=%d user=benchmark dbname=postgres sslmode=%s "
                   "sslrootcert='%s'",
                   s->port, s->setting->tls ? "verify-full" : "disable", server_path(s, "ca.crt"));
    PGconn *connection = PQconnectdb(where);
    if (PQstatus(connection) == CONNECTION_OK)
        return connection;
    (void)server_trouble(s, "%s", PQerrorMessage(connection));
    PQfinish(connection);
    return NULL;
}

static bool
execute(struct server *s, const char *statements)
{
    PGconn *connection = connect_to(s);

    if (!connection)
        return false;
    PGresult *result = PQexec(connection, statements);
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!done)
        (void)server_trouble(s, "%s", PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
    return done;
}

static bool
is_ready(struct server *s)
{
    char where[64];

    (void)snprintf(where, sizeof where, "host=127.0.0.1 port=%d", s->port);
    return PQping(where) == PQPING_OK;
}

/* fsync and synchronous_commit are on unless one says otherwise; they are named for who
   reads this. Memory as its documents advise, checkpoints seldom. */
static bool
start(struct server *s)
{
#define PROGRAMS "PATH=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1):$PATH; "
    return server_do(s, PROGRAMS "initdb -D data -U benchmark -A trust --no-locale -E UTF8")
           && server_write(s, "data/postgresql.conf",
                           "listen_addresses = '127.0.0.1'\nport = %d\n"
                           "unix_socket_directories = ''\nmax_connections = 200\n"
                           "fsync = on\nsynchronous_commit = on\nfull_page_writes = on\n"
                           "shared_buffers = 1GB\nmax_wal_size = 8GB\nmin_wal_size = 1GB\n"
                           "ssl = on\nssl_cert_file = '../server.crt'\n"
                           "ssl_key_file = '../server.key'\n",
                           s->port)
           && server_run(s, PROGRAMS "exec postgres -D data") && server_until(s, is_ready)
           && execute(s, tables);
}

static bool
forget(struct server *s)
{
    return execute(s, "truncate history") && execute(s, "vacuum state");
}

/* --- lanes --------------------------------------------------------------------------------- */

static const char take_update[] =
    "with past as (insert into history (action, body) values ($1, $2)) "
    "insert into state values ($1, $2) on conflict (action) do update set body = excluded.body";

static const char follow[] =
    "select transaction, number, body from history where (transaction, number) > ($1, $2)"
    " and transaction < pg_snapshot_xmin(pg_current_snapshot())"
    " order by transaction, number limit 1000";

static bool
failed(const struct peer_lane *lane)
{
    return server_trouble(lane->server, "%s", PQerrorMessage(lane->connection));
}

static bool
prepare(struct peer_lane *lane, bool follows)
{
    PGresult *prepared = PQprepare(lane->connection, "it", follows ? follow : take_update, 2, NULL);
    bool done = PQresultStatus(prepared) == PGRES_COMMAND_OK;

    PQclear(prepared);
    return done;
}

/* Nobody writes now. */
static bool
find_place(struct peer_lane *lane)
{
    PGresult *now = PQexecParams(lane->connection, "select pg_snapshot_xmax(pg_current_snapshot())",
                                 0, NULL, NULL, NULL, NULL, BINARY);
    bool found = PQresultStatus(now) == PGRES_TUPLES_OK;

    if (found)
        memcpy(&lane->place.transaction, PQgetvalue(now, 0, 0), sizeof lane->place.transaction);
    PQclear(now);
    return found;
}

/* What is new; if nothing was, a millisecond from now. */
static bool
ask(struct peer_lane *lane, bool wait)
{
    const char *const values[] = {(const char *)&lane->place.transaction,
                                  (const char *)&lane->place.number};
    static const int lens[] = {sizeof lane->place.transaction, sizeof lane->place.number};
    static const int formats[] = {BINARY, BINARY};

    return (!wait
            || PQsendQueryParams(lane->connection, "select pg_sleep(0.001)", 0, NULL, NULL, NULL,
                                 NULL, BINARY))
           && PQsendQueryPrepared(lane->connection, "it", 2, values, lens, formats, BINARY)
           && PQpipelineSync(lane->connection) && PQflush(lane->connection) >= 0;
}

static void
close_lane(struct peer_lane **lane)
{
    PQfinish((*lane)->connection);
    free(*lane);
    *lane = NULL;
}

static struct peer_lane *
open(struct server *s, bool follows, const struct peer_ear *ear)
{
    struct peer_lane *lane = calloc(1, sizeof *lane);

    CHECK(lane != NULL);
    *lane = (struct peer_lane){.server = s, .connection = connect_to(s), .ear = *ear};
    if (lane->connection && prepare(lane, follows) && (!follows || find_place(lane))
        && PQsetnonblocking(lane->connection, 1) == 0 && PQenterPipelineMode(lane->connection)
        && (!follows || ask(lane, false)))
        return lane;
    if (lane->connection)
        (void)failed(lane);
    close_lane(&lane);
    return NULL;
}

static int
socket_of(const struct peer_lane *lane)
{
    return PQsocket(lane->connection);
}

/* --- updates -------------------------------------------------------------------------------- */

static bool
update(struct peer_lane *lane, const struct peer_update *u)
{
    char key[PEER_KEY];
    const char *const values[] = {key, (const char *)u->body};
    static const int lens[] = {0, PEER_UPDATE};
    static const int formats[] = {0, BINARY};

    peer_key(u->key, key);
    if (!PQsendQueryPrepared(lane->connection, "it", 2, values, lens, formats, BINARY))
        return failed(lane);
    lane->open = true;
    if (lane->server->setting->variant != ONE_UPDATE)
        return true;
    lane->open = false;
    return PQpipelineSync(lane->connection) || failed(lane);
}

static bool
send_all(struct peer_lane *lane, bool *more)
{
    if (lane->open && !PQpipelineSync(lane->connection))
        return failed(lane);
    lane->open = false;
    int left = PQflush(lane->connection);
    *more = left > 0;
    return left >= 0 || failed(lane);
}

/* --- hearing ---------------------------------------------------------------------------------- */

static void
commit(struct peer_lane *lane)
{
    while (lane->acknowledged < lane->done)
        lane->ear.acknowledged(lane->ear.context, ++lane->acknowledged);
}

/* Rows of the history, and not of a sleep. */
static bool
hear_rows(struct peer_lane *lane, const PGresult *rows)
{
    int count = PQntuples(rows);

    if (PQnfields(rows) != 3)
        return true;
    for (int i = 0; i < count; i++) {
        if (PQgetlength(rows, i, 2) != PEER_UPDATE)
            return server_trouble(lane->server, "a row of the history is not as it was sent");
        lane->ear.followed(lane->ear.context, (const uint8_t *)PQgetvalue(rows, i, 2));
    }
    if (count) {
        memcpy(&lane->place.transaction, PQgetvalue(rows, count - 1, 0), sizeof(uint64_t));
        memcpy(&lane->place.number, PQgetvalue(rows, count - 1, 1), sizeof(uint64_t));
    }
    return ask(lane, count == 0) || failed(lane);
}

static bool
hear_result(struct peer_lane *lane, const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    if (status == PGRES_TUPLES_OK)
        return hear_rows(lane, result);
    if (status == PGRES_PIPELINE_SYNC)
        commit(lane);
    else if (status == PGRES_COMMAND_OK)
        lane->done++;
    else
        return failed(lane);
    return true;
}

/* Of a pipeline, each statement's result is followed by none. */
static bool
hear(struct peer_lane *lane)
{
    bool good = true;
    bool none_before = false;

    if (!PQconsumeInput(lane->connection))
        return failed(lane);
    while (good && !PQisBusy(lane->connection)) {
        PGresult *result = PQgetResult(lane->connection);
        if (!result && none_before)
            break;
        none_before = !result;
        good = !result || hear_result(lane, result);
        PQclear(result);
    }
    return good;
}

/* --- all last values ----------------------------------------------------------------------------
 */

static bool
take_by_select(struct server *s, int64_t *rows)
{
    PGconn *connection = connect_to(s);

    if (!connection)
        return false;
    PGresult *all = PQexecParams(connection, "select action, body from state", 0, NULL, NULL, NULL,
                                 NULL, BINARY);
    *rows = PQntuples(all);
    if (PQresultStatus(all) != PGRES_TUPLES_OK)
        (void)server_trouble(s, "%s", PQerrorMessage(connection));
    PQclear(all);
    PQfinish(connection);
    return !*s->trouble;
}

/* A message a row, and one more that is the end. */
static bool
take_by_copy(struct server *s, int64_t *rows)
{
    PGconn *connection = connect_to(s);
    char *row;
    int len;

    if (!connection)
        return false;
    PQclear(PQexec(connection, "copy state to stdout (format binary)"));
    for (*rows = -1; (len = PQgetCopyData(connection, &row, 0)) > 0; (*rows)++)
        PQfreemem(row);
    if (len != -1)
        (void)server_trouble(s, "%s", PQerrorMessage(connection));
    PQfinish(connection);
    return !*s->trouble;
}

#define MEANS "the transaction is in the write-ahead log, synced"

const struct peer postgres = {
    .name = "postgresql",
    .package = "postgresql-15",
    .ends_by = SIGQUIT, /* at once: what it would still write is thrown away */
    .settings = {{"postgresql", "a producer's free window a transaction", MEANS, false,
                  WHAT_IS_TO_SEND},
                 {"postgresql-tls", "the same, TLS", MEANS, true, WHAT_IS_TO_SEND},
                 {"postgresql-each", "an update a transaction", MEANS, false, ONE_UPDATE},
                 {"postgresql-each-tls", "the same, TLS", MEANS, true, ONE_UPDATE}},
    .snapshots = {{"SELECT", take_by_select}, {"COPY", take_by_copy}},
    .start = start,
    .open = open,
    .close = close_lane,
    .socket = socket_of,
    .update = update,
    .send = send_all,
    .hear = hear,
    .forget = forget,
};
