/* What the agent's log may say, and what a person is to do about it: the list that
   `maat-agent explain` prints, and the manual. An id, once released, keeps its
   meaning.

       struct log_line line = agent_event(AGENT_CONNECTED); ... log_write(&line);   */
#ifndef AGENTS_AGENCY_EVENTS_H
#define AGENTS_AGENCY_EVENTS_H

#include "schema/wire/logging.h"

/* X(symbol, id, severity, meaning, remedy) */

/* clang-format off */
#define AGENT_EVENTS(X)                                                                                     \
    X(AGENT_STARTED, "started", EVENT_NOTICE,                                                               \
      "The agent takes updates, by `socket` and `spool` where they are said.", "")                          \
    X(AGENT_STOPPING, "stopping", EVENT_NOTICE,                                                             \
      "The agent was asked to stop. What was queued is on disk, and is sent when it is started again.", "") \
    X(AGENT_FAILED, "failed", EVENT_ERROR,                                                                  \
      "The agent can't begin, or can't go on, for `reason`, and ends. What was queued is on disk.",         \
      "Do what the reason says. `maat-agent doctor` looks at everything that it needs.")                    \
    X(AGENT_BOARD_STARTED, "board-started", EVENT_NOTICE,                                                   \
      "Of several boards: the agent of `board` runs, as `process`.", "")                                    \
    X(AGENT_BOARD_NOT_STARTED, "board-not-started", EVENT_ERROR,                                            \
      "Of several boards: no process could be made for the agent of `board`, for `reason`; it is tried "    \
      "again. The other boards go on.",                                                                     \
      "See what uses up the host's memory or processes.")                                                   \
    X(AGENT_BOARD_ENDED, "board-ended", EVENT_ERROR,                                                        \
      "Of several boards: the agent of `board` ended, with this `exit` code or by this `signal`, and is "   \
      "started again after so many `seconds`. The other boards go on; what is queued waits.",               \
      "What it said before tells why, often its key or its outbox: mend that.")                             \
    X(AGENT_PLANS_NOT_KEPT, "plans-not-kept", EVENT_WARNING,                                                \
      "The plans that the broker shows this agent could not be kept in `file`, for `reason`. After a "      \
      "restart without a connection it is not known what is for this board.",                               \
      "Make the agent's directory writable for it.")                                                        \
    X(AGENT_WATCHED, "watched", EVENT_NOTICE, "Metrics and health are told at `address`.", "") \
    X(AGENT_NOT_WATCHED, "not-watched", EVENT_WARNING, "Nobody can ask how it stands (`status`, metrics, health), for `reason`. All else goes on.", "Mend what the reason says, and start it again.") \
    X(AGENT_CONNECTED, "connected", EVENT_NOTICE,                                                           \
      "The broker of `board` let this agent in as `client`; what waits is sent.", "")                       \
    X(AGENT_WAITS_FOR_BOARD, "waits-for-board", EVENT_NOTICE,                                               \
      "The agent of `client` takes updates and keeps them; it does not know yet which broker is its own.",  \
      "Take the line that the board's operator sends back: maat-agent accept. It connects by itself then.") \
    X(AGENT_WAITS_FOR_ENROLMENT, "waits-for-enrolment", EVENT_WARNING,                                      \
      "The broker does not know the key of `client`. It is dialled again; updates are kept meanwhile.",     \
      "If it is new: have the board's operator let it in (maat client enrol), by the request that "         \
      "`maat-agent request` prints. If it was let in before, it was shut out: ask the operator why.")       \
    X(AGENT_WRONG_BROKER, "wrong-broker", EVENT_ERROR,                                                      \
      "What answers at the address is not the broker whose key `client` was given. Nothing was said to it.", \
      "See whether the address is right. If the board has a new key, its operator sends a new line: "       \
      "compare its words over the telephone, and take it with maat-agent accept --instead.")                          \
    X(AGENT_BROKER_NOT_REACHED, "broker-not-reached", EVENT_WARNING,                                        \
      "Nobody has answered since the agent was started. It is dialled again; updates are kept meanwhile.",  \
      "See whether the address is right, whether there is a host of that name, and whether the firewall "   \
      "lets its port out.")                                                                                 \
    X(AGENT_KEY_TAKEN, "key-taken", EVENT_NOTICE,                                                           \
      "The key file `file` has changed, and is used from now on.", "")                                      \
    X(AGENT_KEY_NOT_TAKEN, "key-not-taken", EVENT_ERROR,                                                    \
      "The key file `file` has changed and can't be used, for `reason`. What was there before is used on.", \
      "Mend what the reason says.")                                                                         \
    X(AGENT_CONNECTION_LOST, "connection-lost", EVENT_WARNING,                                              \
      "The broker is not reached, for `reason`. It is dialled again and again, at most 30 s apart; "        \
      "updates are kept meanwhile.",                                                                        \
      "None for an hour. If it stays: `maat-agent status` says why; ask the network's people whether the "  \
      "board's address and port may be reached from here.")                                                 \
    X(AGENT_LINK_STOPPED, "link-stopped", EVENT_ERROR,                                                      \
      "The broker is not dialled any more until a person has seen `reason`. Updates are still taken and "   \
      "kept.",                                                                                              \
      "Do what the reason says, together with the board's operator; then start the agent anew.")            \
    X(AGENT_PUT_OFF, "put-off", EVENT_WARNING,                                                              \
      "The broker takes nothing for now, for `reason`. It is asked again; updates are kept meanwhile.",     \
      "Too much refused, or too many: see what this agency's systems send (maat-agent refused). Else it "   \
      "is for the board's operator, who is told by the broker's log.")                                      \
    X(AGENT_TAKEN_AGAIN, "taken-again", EVENT_NOTICE, "The broker takes updates again.", "")                \
    X(AGENT_CLOCK_OFF, "clock-off", EVENT_WARNING,                                                          \
      "When the broker let this agent in, the host's clock was ahead of the broker's by so many `seconds`, " \
      "or behind where less than 0. Updates carry its day.",                                                \
      "See that the host is kept by NTP (timedatectl); if it is, tell the board's operator.")               \
    X(AGENT_CLOCK_RIGHT, "clock-right", EVENT_NOTICE, "The two clocks agree again.", "")                    \
    X(AGENT_BROKER_SAYS_ERROR, "broker-says-error", EVENT_WARNING,                                          \
      "The broker did not take what was sent, for `reason`.",                                               \
      "limit: the day's allowance is used up, it goes on tomorrow. Else ask the board's operator.")         \
    X(AGENT_OUTBOX_FORKED, "outbox-forked", EVENT_WARNING,                                                  \
      "The broker has something else under `n`: another agent uses this key and outbox, or the outbox was " \
      "restored from a copy. What was queued goes on in a new outbox; nothing is lost or twice.",           \
      "See that one agent only runs with this key.")                                                        \
    X(AGENT_KEY_SHARED, "key-shared", EVENT_WARNING,                                                        \
      "Another program works by this agent's key, with an outbox of its own: since `since`, from the "      \
      "network address `address`, as the broker sees it. Both go on; nothing is lost or twice.",            \
      "If you set it up (a copied machine), end it, or give it a key of its own. If you did not, somebody " \
      "has your key: call the board's operator, who shuts it out (maat client revoke), and make a new one " \
      "(A lost key, in OPERATING.md). If the other is this agent as it was before its outbox was lost, "    \
      "it is over in a minute.")                                                                            \
    X(AGENT_KEY_SHARED_NO_LONGER, "key-shared-no-longer", EVENT_NOTICE,                                     \
      "The other program that worked by this agent's key is not connected any more.", "")                   \
    X(AGENT_OUTBOX_FULL, "outbox-full", EVENT_ERROR,                                                        \
      "There is no room on the disk for more updates: callers are refused, files stay in the spool.",       \
      "Make room on the disk of the agent's directory; it goes on by itself.")                              \
    X(AGENT_OUTBOX_HAS_ROOM, "outbox-has-room", EVENT_NOTICE,                                               \
      "Updates are taken again.", "")                                                                       \
    X(AGENT_VERDICTS_NOT_WRITTEN, "verdicts-not-written", EVENT_ERROR,                                      \
      "What became of updates could not be written beside them, for `reason`. It is kept, and tried again.", \
      "Make the spool folder and refused/ writable for the agent, or make room there.")                     \
    X(AGENT_VERDICTS_WRITTEN, "verdicts-written", EVENT_NOTICE,                                             \
      "What became of updates is written beside them again, all of it.", "")                                \
    X(AGENT_MAILBOXES_NOT_KEPT, "mailboxes-not-kept", EVENT_WARNING,                                        \
      "The board's list of e-mail addresses of posts could not be kept in `file`, for `reason`. After a "   \
      "restart without a connection they would be refused as private ones.",                                \
      "Make the agent's directory writable for it.")                                                        \
    X(AGENT_HEAD_FORGOTTEN, "head-forgotten", EVENT_NOTICE,                                                 \
      "As asked by a person, the broker's journal is taken as it is now.", "")                              \
    X(AGENT_JOURNAL_RESTORED, "journal-restored", EVENT_WARNING,                                            \
      "The board was restored from a backup, and has its entries up to `last` alone; this agent had seen "  \
      "them up to `seen`. What it had sent since goes again: `again` submissions.",                         \
      "See whether all of it was accepted once the operator has opened intake (maat-agent status).")        \
    X(AGENT_CALLER_SENT_AWAY, "caller-sent-away", EVENT_WARNING,                                            \
      "So many programs are connected to the socket that the one silent for longest was sent away.",        \
      "Look for a program that opens connections and does not close them.")                                 \
    X(AGENT_SPOOL_FILE, "spool-file", EVENT_INFO,                                                           \
      "`file` of the spool is taken.", "")                                                                  \
    X(AGENT_SPOOL_FILE_LEFT, "spool-file-left", EVENT_WARNING,                                              \
      "`file` stays in the spool, for `reason`.",                                                           \
      "Mend what the reason says, or take the file away.")                                                  \
    X(AGENT_SPOOL_STANDS, "spool-stands", EVENT_ERROR,                                                      \
      "Nothing is taken from `folder`, for `reason`: its disk is full, read-only or fails. Files stay; "    \
      "callers are served.",                                                                                \
      "Make room on the spool's disk, or mend its mount; it goes on by itself.")                            \
    X(AGENT_SPOOL_GOES_ON, "spool-goes-on", EVENT_NOTICE, "Files are taken from `folder` again.", "")       \
    X(AGENT_SPOOL_BOARD_LEFT, "spool-board-left", EVENT_WARNING,                                            \
      "Of several boards: rows of so many `files` wait in the spool for `board`, which the configuration "  \
      "does not name any more. Nobody takes them.",                                                         \
      "Name the board again under boards; or, if it is not to have them, remove its folder.")               \
    X(AGENT_SPOOL_NOT_STICKY, "spool-not-sticky", EVENT_WARNING,                                            \
      "Who is of the spool's group may move or remove what others put into `folder`, and the results.",     \
      "As root: chown the folder to the agent's user, then chmod g+s,+t it; and start the agent anew.")
/* clang-format on */

enum agent_event { AGENT_EVENTS(EVENT_SYMBOL) AGENT_EVENT_COUNT };

extern const struct log_event agent_events[AGENT_EVENT_COUNT];

struct log_line agent_event(enum agent_event event);

/* From now on each line says `at` which of an agency's several boards this is; to be said
   before there are threads. The name is borrowed. */
void agent_events_at(const char *name);

#endif
