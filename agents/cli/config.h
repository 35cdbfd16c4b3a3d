/* Which board, and with which key: what `-c FILE` or MAAT_CONFIG names is either a
   key file (as maat key new makes one) or a configuration with named boards:

       board = "riverside"                    the one meant where --board says none
       boards
           riverside
               key = "riverside-lead.zpl"     beside this file, if not from the root
           northshire
               key = "/etc/maat/northshire.zpl"
               agent = "/run/maat/police.sock"                                    */
#ifndef AGENTS_CLI_CONFIG_H
#define AGENTS_CLI_CONFIG_H

#include "schema/fault.h"
#include "schema/records.h"

enum { CONFIG_PATH = 4096 };

/* clang-format off */
#define COMMON_OPTION_FIELDS(F, S)                                                                 \
    F(S, config,    OPTIONAL, TEXT(1, CONFIG_PATH - 1), "-c: a key file, or a configuration with named boards [$MAAT_CONFIG, else ~/.config/maat/maat.zpl]") \
    F(S, board,     OPTIONAL, ID,                 "which of the configuration's boards")           \
    F(S, agent,     OPTIONAL, TEXT(1, CONFIG_PATH - 1), "submit through the local agent that listens at this socket: \"queued\" is then enough, unless --wait") \
    F(S, wait,      OPTIONAL, FLAG,               "through an agent: wait for the broker's verdict") \
    F(S, timeout,   OPTIONAL, INT(1, 86400),      "seconds to wait for the broker [30]")           \
    F(S, dry_run,   OPTIONAL, FLAG,               "say what would be sent, and send nothing")      \
    F(S, json,      OPTIONAL, FLAG,               "print JSON, an object a line")                  \
    F(S, csv,       OPTIONAL, FLAG,               "print CSV where there is a table")
#define COMMON_OPTIONS(X) X(common_option, COMMON_OPTION_FIELDS, CLOSED, "Options of every command of maat.")
/* clang-format on */

COMMON_OPTIONS(RECORD_STRUCT)
COMMON_OPTIONS(RECORD_EXTERN)

struct config {
    char key[CONFIG_PATH];   /* the key file; empty where only an agent is named */
    char agent[CONFIG_PATH]; /* the agent's socket; empty: none */
};

/* False with a fault that names the file and, in it, the line or the board. Where
   --agent is given no file must be there, unless one is named. */
bool config_find(struct config *out, const struct common_option *options, struct fault *fault);

/* The folder for what a program keeps between its runs, XDG_STATE_HOME/maat or
   ~/.local/state/maat, made if it is not there; false with a fault. */
bool config_state_folder(char out[CONFIG_PATH], struct fault *fault);

#endif
