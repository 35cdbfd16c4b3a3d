/* How an agent comes to its board: it makes its key where it is used, asks to be let in,
   and takes the board's answer.

       maat-agent init      key and configuration; prints the request, for the operator
       maat client enrol    (the operator) lets it in; prints the board's line
       maat-agent accept    takes that line

   The agent may run from the first of these on; it connects after the last.          */
#ifndef AGENTS_AGENCY_COMMANDS_ENROL_H
#define AGENTS_AGENCY_COMMANDS_ENROL_H

#include "agents/agency/options.h"
#include "agents/files/confirm.h"
#include "schema/commands.h"

/* clang-format off */

#define AGENT_INIT_OPTION_FIELDS(F, S)                                                                   \
    F(S, agency,  REQUIRED, ID,                  "the agency's id, as the board's operator has it") \
    F(S, client,  OPTIONAL, PATH,                "what this agent is called at the board: AGENCY/NAME [AGENCY/agent]") \
    F(S, board,   OPTIONAL, TEXTS(8),            "the broker's address, tcp://HOST:PORT; may be given several times [as the board's line says]") \
    F(S, folder,  OPTIONAL, TEXT(1, AGENT_PATH), "keep everything in this folder, which is made: configuration, key, outbox, spool, socket [the system's folders]") \
    F(S, json,    OPTIONAL, FLAG,                "say it as JSON")

#define REQUEST_OPTION_FIELDS(F, S)                                                                \
    F(S, json,    OPTIONAL, FLAG,                "say it as JSON")

#define ACCEPT_OPTION_FIELDS(F, S)                                                                 \
    F(S, instead, OPTIONAL, FLAG,                "of another board than the one that was accepted before, whose keys and addresses are forgotten") \
    CONFIRM_FIELDS(F, S)

/* What is printed as JSON. */
#define ASKED_FIELDS(F, S)                                                                         \
    F(S, client,  REQUIRED, PATH,                "who asks to be let in")                          \
    F(S, key,     REQUIRED, TEXT(1, AGENT_PATH), "the file of its key")                            \
    F(S, request, REQUIRED, TEXT(1, 4000),       "the line for the board's operator")              \
    F(S, phrase,  REQUIRED, TEXT(1, 100),        "the words that are read out to them")

#define ENROL_OPTION_RECORDS(X)                                                                    \
    X(agent_init_option, AGENT_INIT_OPTION_FIELDS, CLOSED, "maat-agent init.")                                 \
    X(request_option, REQUEST_OPTION_FIELDS, CLOSED, "maat-agent request.")                        \
    X(accept_option, ACCEPT_OPTION_FIELDS, CLOSED, "maat-agent accept.")

/* clang-format on */

ENROL_OPTION_RECORDS(RECORD_STRUCT)
ENROL_OPTION_RECORDS(RECORD_EXTERN)

int enrol_init(const struct invocation *in, struct arena *arena);
int enrol_request(const struct invocation *in, struct arena *arena);
int enrol_accept(const struct invocation *in, struct arena *arena);

#endif
