/* A peer's server as it runs: an ordinary user's process, in a folder of its own on a real
   disk, on ports of loopback that the system chose. Ends at the latest with us.

       server_open -> (the peer's start: server_write, server_do, server_run, server_until)
       -> ... -> server_close                                                            */
#ifndef TESTS_BENCH_PEERS_SERVER_H
#define TESTS_BENCH_PEERS_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "tests/scratch.h"

enum { SERVER_PATH = 512, SERVER_TEXT = 512, SERVER_COMMAND = 4096 };

struct peer;
struct peer_setting;

struct server {
    const struct peer *peer;
    const struct peer_setting *setting; /* of those that come now; its first at the start */
    struct scratch folder;              /* its current directory; the user's own */
    int port, tls_port;                 /* 127.0.0.1 */
    pid_t id;                           /* 0: does not run */
    char trouble[SERVER_TEXT];
    const volatile bool *interrupted; /* nothing goes on once that is true */
};

/* A folder, two ports; and if it has a setting with TLS, the files ca.crt, server.crt, server.key
   and server.pem (both) in the folder, of 127.0.0.1 and localhost. Starts the peer. False:
   `trouble` says why not. */
bool server_open(struct server *s, const struct peer *peer, const volatile bool *interrupted);

/* Ends it, with a hard hand if it takes too long, and removes the folder. */
void server_close(struct server *s);

/* One of loopback that is free now: servers can't be given a socket. */
int server_free_port(void);

/* Keeps what went wrong, the first time; false. */
bool server_trouble(struct server *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "FOLDER/name" in a buffer that four more calls leave alone. */
const char *server_path(const struct server *s, const char *name);

/* A file of the folder, readable by its user alone. */
bool server_write(struct server *s, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Runs a command of /bin/sh in the folder as the server's user, and waits for its end; or
   starts one that stays (begin it with "exec"). What they print is in FOLDER/log. */
bool server_do(struct server *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool server_run(struct server *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Tries again and again until it is true, or the server has ended, or patience has. */
bool server_until(struct server *s, bool (*is_ready)(struct server *s));

/* Is there somebody at `port`? For server_until. */
bool server_listens(struct server *s);

#endif
