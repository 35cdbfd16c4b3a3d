/* A board's data directory, and the keys in it.

       DIR/board.zpl       the board's id, its CURVE pair and signing key; 0600
       DIR/broker.zpl      settings (broker/options.h), where they are not in /etc
       DIR/operator.zpl    the first operator's key and where the broker is; 0600
       DIR/lead.zpl        the first lead's; 0600
       DIR/journal/        the truth
       DIR/state/          a cache of it                                       */
#ifndef BROKER_BOARD_H
#define BROKER_BOARD_H

#include <errno.h>

#include "broker/options.h"
#include "schema/arena.h"
#include "schema/checkpoint.h"
#include "schema/fault.h"
#include "schema/why.h"
#include "schema/wire/curve.h"
#include "store/journal.h"

enum { BOARD_PATH = 4096 };

struct board_keys {
    char name[ID_MAX + 1]; /* its id, which is the log's origin */
    uint8_t public[CURVE_KEY], secret[CURVE_KEY];
    uint8_t signing[CHECKPOINT_KEY];   /* seed of the Ed25519 key */
    uint8_t signed_by[CHECKPOINT_KEY]; /* its public key, which the journal names */
};

/* DIR/name into `path`. */
void board_path(const char *dir, const char *name, char path[BOARD_PATH]);

/* Makes the directory; one that is there must be empty: -ENOTEMPTY. */
int board_make_directory(const char *dir, struct why *why);

/* New keys, to a new file; -EEXIST where there is one. */
int board_keys_create(const char *dir, const char *name, struct board_keys *out, struct why *why);

/* Where they are: in the keeping of the service manager, $CREDENTIALS_DIRECTORY/board.zpl, or
   where there is none, DIR/board.zpl. */
void board_keys_path(const char *dir, char path[BOARD_PATH]);

/* From $CREDENTIALS_DIRECTORY/board.zpl, or where there is none from DIR/board.zpl.
   BOARD_NO_KEYS: there is no such file, so no board, or it may not be used as it is. */
enum { BOARD_NO_KEYS = -ENOKEY };
int board_keys_load(const char *dir, struct board_keys *out, struct why *why);

/* Takes the secrets out of memory. */
void board_keys_wipe(struct board_keys *keys);

/* Opens DIR/journal, which must be this board's; `map_bytes` is the most that it may
   grow to. 0 or a negative error of the journal. */
int board_open_journal(const char *dir, const struct board_keys *keys, size_t map_bytes,
                       struct journal **out, struct why *why);

/* The same, only to be read, whether its broker runs or not. */
int board_read_journal(const char *dir, const struct board_keys *keys, size_t map_bytes,
                       struct journal **out, struct why *why);

/* Where a board's settings are: DIR/broker.zpl or, without one, BROKER_CONFIG. */
void board_settings_path(const char *dir, char path[BOARD_PATH]);

/* The settings of that file (which need not be there) and of the flags that `values`
   holds already. `out` lives as long as the arena. False with a fault that names the
   setting and where it stands. */
struct option_values;
bool board_settings(const char *dir, struct arena *arena, struct option_values *values,
                    struct run_option *out, struct fault *fault);

/* A new client's file: its key, and where the broker is, as the first clients' files say
   while they are here, else the settings: `found`, or not at all. */
bool board_write_client(const char *dir, const char *path, const char *client,
                        const uint8_t public[CURVE_KEY], const uint8_t secret[CURVE_KEY],
                        const struct board_keys *keys, bool *found, struct fault *fault);

/* Writes the broker's addresses into the two files above, so that they find it. */
void board_announce(const char *dir, const struct texts *addresses);

#endif
