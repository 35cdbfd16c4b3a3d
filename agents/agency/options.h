/* What an operator may set of the agent: flags of `maat-agent run`, and lines of
   its configuration file. */
#ifndef AGENTS_AGENCY_OPTIONS_H
#define AGENTS_AGENCY_OPTIONS_H

#include "schema/options.h"
#include "schema/records_of.h"

#define AGENT_CONFIG "/etc/maat/maat-agent.zpl"

/* clang-format off */

enum { AGENT_PATH = 1000, AGENT_GROUP = 64 };

#define CONFIG_OPTION_FIELDS(F, S)                                                                 \
    F(S, config,       OPTIONAL, TEXT(1, AGENT_PATH), "the configuration file [" AGENT_CONFIG ", if it is there]")

#define AGENT_OPTION_FIELDS(F, S)                                                                  \
    F(S, key,          REQUIRED, TEXT(1, AGENT_PATH), "file with this agent's key and where the broker is, as the operator gave it") \
    F(S, outbox,       REQUIRED, TEXT(1, AGENT_PATH), "folder in which submissions wait until the broker has them; one agent's alone") \
    F(S, spool,        OPTIONAL, TEXT(1, AGENT_PATH), "folder from which files are taken: JSON Lines, or CSV if the name ends in .csv; without it none is") \
    F(S, spool_group,  OPTIONAL, TEXT(1, AGENT_GROUP), "the group that may put files into the spool: the folder is given to it, with mode 2770 [as the folder is; never one that everybody may write to]") \
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

#define ASK_OPTION_FIELDS(F, S)                                                                    \
    F(S, socket,       OPTIONAL, TEXT(1, 107),        "the agent's socket [the configuration file's]") \
    F(S, json,         OPTIONAL, FLAG,                "say it as JSON")

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
    X(ask_option, ASK_OPTION_FIELDS, CLOSED, "maat-agent status, maat-agent forget-head.")                                 \
    X(retry_option, RETRY_OPTION_FIELDS, CLOSED, "maat-agent retry.")                              \
    X(refused_option, REFUSED_OPTION_FIELDS, CLOSED, "maat-agent refused.")

/* clang-format on */

AGENT_OPTION_RECORDS(RECORD_STRUCT)
AGENT_OPTION_RECORDS(RECORD_EXTERN)

/* The settings of the configuration file and of the flags in `values`, which win.
   False with a fault. `out` lives in the arena. */
bool agent_settings(struct arena *arena, const struct option_values *common,
                    struct option_values *values, struct agent_option *out, struct fault *fault);

/* Where the agent's socket is: as `given`, or, where that is empty, as the
   configuration file says. NULL with a fault. */
const char *agent_socket(struct arena *arena, const struct option_values *common, struct text given,
                         struct fault *fault);

#endif
