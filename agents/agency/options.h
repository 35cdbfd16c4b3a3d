/* What an operator may set of the agent: flags of `maat-agent run`, and lines of
   its configuration file. */
#ifndef AGENTS_AGENCY_OPTIONS_H
#define AGENTS_AGENCY_OPTIONS_H

#include "schema/options.h"
#include "schema/records.h"
#include "schema/records_of.h"
#include "schema/wire/settings.h"

#define AGENT_CONFIG "/etc/maat/maat-agent.zpl"

/* clang-format off */

enum { AGENT_PATH = 1000, AGENT_GROUP = 64 };

#define CONFIG_OPTION_FIELDS(F, S)                                                                 \
    F(S, config,       OPTIONAL, TEXT(1, AGENT_PATH), "the configuration file [" AGENT_CONFIG ", if it is there]") \
    F(S, at,           OPTIONAL, ID,                  "at which board, by its name in the configuration, where that has several; without it status, doctor, waiting, refused and template tell of each")

#define AGENT_OPTION_FIELDS(F, S)                                                                  \
    F(S, key,          REQUIRED, TEXT(1, AGENT_PATH), "file with this agent's key and where the broker is, as maat-agent init and accept make it") \
    F(S, keys,         OPTIONAL, TEXT(1, AGENT_PATH), "of several boards: folder with a key for each, NAME.zpl, in place of what each says; for systemd's credentials") \
    F(S, outbox,       REQUIRED, TEXT(1, AGENT_PATH), "folder in which submissions wait until the broker has them; one agent's alone") \
    F(S, spool,        OPTIONAL, TEXT(1, AGENT_PATH), "folder from which files are taken: JSON Lines, or CSV if the name ends in .csv; without it none is") \
    F(S, spool_group,  OPTIONAL, TEXT(1, AGENT_GROUP), "the group that may put files into the spool: the folder is given to it, with mode 3770 [as the folder is; never one that everybody may write to]") \
    F(S, refused,      OPTIONAL, TEXT(1, AGENT_PATH), "folder for what the broker refused, a file each [OUTBOX/refused]") \
    F(S, socket,       OPTIONAL, TEXT(1, 107),        "UNIX socket for callers of this host; without it there is none") \
    F(S, socket_mode,  OPTIONAL, TEXT(3, 4),          "who may use the socket, in octal [0660]") \
    F(S, socket_group, OPTIONAL, TEXT(1, AGENT_GROUP), "the group that the socket is given to [the agent's own]") \
    F(S, broker,       OPTIONAL, TEXTS(8),            "the broker's addresses, tried in turn: tcp://HOST:PORT or ipc://PATH; may be given several times [the key file's]") \
    F(S, metrics,      OPTIONAL, TEXT(1, 255),        "a port at which Prometheus reads /metrics, and anyone of this host /health: tcp://127.0.0.1:PORT (* as port: any that is free); in any case OUTBOX/status.sock answers [none]") \
    F(S, metrics_open, OPTIONAL, FLAG,                "its address may be one that other hosts reach, though it asks for no key") \
    F(S, callers,      OPTIONAL, INT(1, 4096),        "callers at once; one more, and the one that was silent longest is sent away [256]") \
    F(S, outbox_mib,   OPTIONAL, INT(1, 16777216),    "the most that the outbox may grow to, in MiB [16384]") \
    F(S, taken_days,   OPTIONAL, INT(0, 36500),       "for how many days files of the spool are kept in SPOOL/taken; 0: not at all [30]") \
    F(S, settle_ms,    OPTIONAL, INT(0, 3600000),     "how long a file of the spool whose last line has no end must be unchanged before it is taken, in milliseconds [2000]")

/* Where an agency has several boards, each is a group of lines with its name under `boards`,
   and these are its own; the other lines are for all. */
#define BOARD_OPTION_FIELDS(F, S)                                                                  \
    F(S, key,          REQUIRED, TEXT(1, AGENT_PATH), "as above, of this board")                   \
    F(S, outbox,       REQUIRED, TEXT(1, AGENT_PATH), "as above; no other board's")                \
    F(S, refused,      OPTIONAL, TEXT(1, AGENT_PATH), "as above [OUTBOX/refused]")                 \
    F(S, broker,       OPTIONAL, TEXTS(8),            "as above")                                  \
    F(S, metrics,      OPTIONAL, TEXT(1, 255),        "as above")                                  \
    F(S, metrics_open, OPTIONAL, FLAG,                "as above")                                  \
    F(S, plans,        OPTIONAL, TEXTS(LIST_MAX),     "its plans, or what their ids begin with and a * after it; may be given several times [those that its broker shows this agent]")

#define ASK_OPTION_FIELDS(F, S)                                                                    \
    F(S, socket,       OPTIONAL, TEXT(1, 107),        "the agent's socket [the configuration file's]") \
    F(S, json,         OPTIONAL, FLAG,                "say it as JSON")

/* Each is the setting of its name. */
#define WAITING_OPTION_FIELDS(F, S)                                                                \
    F(S, outbox,       OPTIONAL, TEXT(1, AGENT_PATH), "the outbox's folder [the configuration file's]") \
    F(S, key,          OPTIONAL, TEXT(1, AGENT_PATH), "as for run; it need not be there")

#define RETRY_OPTION_FIELDS(F, S)                                                                  \
    ASK_OPTION_FIELDS(F, S)                                                                        \
    F(S, all,          OPTIONAL, FLAG,                "all of them, none named")

#define REFUSED_OPTION_FIELDS(F, S)                                                                \
    ASK_OPTION_FIELDS(F, S)                                                                        \
    F(S, seen,         OPTIONAL, FLAG,                "a person has seen the named ones: they are listed no more, and not sent again") \
    F(S, all,          OPTIONAL, FLAG,                "with --seen: all of them, none named")

#define AGENT_OPTION_RECORDS(X)                                                                    \
    X(config_option, CONFIG_OPTION_FIELDS, CLOSED, "Options of every command of maat-agent.")      \
    X(agent_option, AGENT_OPTION_FIELDS, CLOSED, "maat-agent run, and its configuration file.")    \
    X(board_option, BOARD_OPTION_FIELDS, CLOSED, "One of several boards in that file.")            \
    X(ask_option, ASK_OPTION_FIELDS, CLOSED, "maat-agent status, maat-agent forget-head.")                                 \
    X(waiting_option, WAITING_OPTION_FIELDS, CLOSED, "maat-agent waiting.")                        \
    X(retry_option, RETRY_OPTION_FIELDS, CLOSED, "maat-agent retry.")                              \
    X(refused_option, REFUSED_OPTION_FIELDS, CLOSED, "maat-agent refused.")

/* clang-format on */

AGENT_OPTION_RECORDS(RECORD_STRUCT)
AGENT_OPTION_RECORDS(RECORD_EXTERN)

/* Several boards. An update goes to each whose plans it names: those under `plans`, or, where
   that is not said, those that its broker has shown this agent, which the outbox remembers.
   What no board's plan is named by is refused. But as long as a board has never shown its
   plans (its broker was not reached yet, or this key is not enrolled), what no other board's
   plan is named by is not taken, and not refused: callers are told to say it again later,
   and such rows of a file wait in the spool. Nothing is sent to a board on suspicion: one board's
   plans are no other's affair. */
struct agent_board {
    const char *name;
    struct board_option option;
};

struct agent_boards {
    unsigned count; /* 0: the one board of the lines and flags */
    struct agent_board at[SETTINGS_GROUPS];
    const char *config; /* the file's path */
};

/* The settings of the configuration file and of the flags in `values`, which win. Where the
   file has several boards, those of the one that --at names, which then has no spool, and
   a socket in its outbox's folder, for agents/agency/front.h. False with a fault. `out` lives
   in the arena. */
bool agent_settings(struct arena *arena, const struct option_values *common,
                    struct option_values *values, struct agent_option *out, struct fault *fault);

/* The boards of the file, and what is for all of them in `out`, whose key and outbox are
   empty; none (`boards->count` is 0, and `out` is of no use) where it has but one, or --at
   names one. */
bool agent_boards(struct arena *arena, const struct option_values *common,
                  struct option_values *values, struct agent_option *out,
                  struct agent_boards *boards, struct fault *fault);

/* What --at names; NULL where it is not said. */
const char *agent_at(struct arena *arena, const struct option_values *common);

/* Where the agent's socket is: as `given`, or, where that is empty, as the
   configuration file says. NULL with a fault. */
const char *agent_socket(struct arena *arena, const struct option_values *common, struct text given,
                         struct fault *fault);

#endif
