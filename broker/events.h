/* What the broker's log may say, and what a person is to do about it: the list that
   `maat-broker explain` prints, and the manual. An id, once released, keeps its
   meaning.

       struct log_line line = broker_event(BROKER_WRITE_FAILED); ... log_write(&line);   */
#ifndef BROKER_EVENTS_H
#define BROKER_EVENTS_H

#include "schema/wire/logging.h"

/* X(symbol, id, severity, meaning, remedy) */

/* clang-format off */
#define BROKER_EVENTS(X)                                                                                    \
    X(BROKER_SERVING, "serving", EVENT_NOTICE,                                                               \
      "The board is open to its clients; `number` is the newest entry of its journal.", "")                 \
    X(BROKER_WATCHED, "watched", EVENT_NOTICE, "Metrics and health are told at `address`.", "") \
    X(BROKER_NOT_WATCHED, "not-watched", EVENT_WARNING, "Nobody can ask how it stands (`status`, metrics, health), for `reason`. All else goes on.", "Mend what the reason says, and start it again.") \
    X(BROKER_ADDRESS_NOT_WRITTEN, "address-not-written", EVENT_WARNING, "The broker's address could not be written into `file`, for `reason`: who gets that key file has no address, or an old one.", "Mend what the reason says and start the broker again, or put the address into the file by hand.") \
    X(BROKER_STOPPING, "stopping", EVENT_NOTICE,                                                             \
      "The broker was asked to stop. What was acknowledged is on disk; what was not is sent again.", "")    \
    X(BROKER_FAILED, "failed", EVENT_ERROR,                                                                  \
      "The broker can't begin, or can't go on, for `reason`, and ends. What was acknowledged is on disk.",  \
      "Do what the reason says. `maat-broker doctor` looks at everything that it needs.")                   \
    X(BROKER_STATE_CATCHES_UP, "state-catches-up", EVENT_NOTICE,                                             \
      "Entries that the state had not on disk yet are folded into it: `done` of `of`. Usual after a power " \
      "cut or a kill, in less than a second; the whole journal after an upgrade or a restore.",             \
      "Wait: clients are served once it is done.")                                                          \
    X(BROKER_STATE_REBUILT, "state-rebuilt", EVENT_WARNING,                                                  \
      "The state on disk did not fit the journal or this program, for `reason`, and is made anew of the "   \
      "journal. Nothing is lost.",                                                                          \
      "After an upgrade: nothing. Else look for what wrote to the directory, and run `maat-broker verify` " \
      "on it with the broker stopped.")                                                                     \
    X(BROKER_WRITE_FAILED, "write-failed", EVENT_ERROR,                                                      \
      "The journal could not be written, for `reason`. Entries up to `durable` are safe; `dropped` more "   \
      "were neither acknowledged nor told to anyone, and are judged again. Said once, until one can be.",   \
      "No room: make some; it goes on by itself. An I/O error: look at the kernel's log for the disk, "     \
      "back the board up elsewhere, and restore it on a sound disk.")                                       \
    X(BROKER_STATE_WRITE_FAILED, "state-write-failed", EVENT_ERROR,                                          \
      "The state could not be written, for `reason`. The journal is whole; nothing more is taken until "    \
      "the state can be written, which is tried every second.",                                             \
      "As for write-failed. If it stays with room on the disk: stop the broker, move DIR/state away, and "  \
      "start it; the state is made anew.")                                                                  \
    X(BROKER_INTAKE_CLOSED, "intake-closed", EVENT_ERROR,                                                    \
      "Nothing is taken from clients; who may read goes on reading. `why` is disk-full, journal, clock or " \
      "restored. Agents keep what they have and try again.",                                                \
      "disk-full: make room above the reserve (reserve-mib). journal: see the write-failed before it. "     \
      "clock: the host's clock has jumped by more than a week; set it right, or, if it is right, "          \
      "`maat board confirm-clock`. restored: leads and operators are let in; once all is in that they "     \
      "have, `maat board open`.")                                                                           \
    X(BROKER_INTAKE_OPENED, "intake-opened", EVENT_NOTICE,                                                   \
      "What had closed the intake, `why`, is over.", "")                                                    \
    X(BROKER_JOURNAL_HANGS, "journal-hangs", EVENT_ERROR,                                                    \
      "The disk has not taken a batch of the journal for 5 seconds and more, nor refused it. Entries after " \
      "`durable` wait for it, and so does who sent them.",                                                  \
      "Look at the kernel's log for the disk, and at what else writes to it.")                              \
    X(BROKER_JOURNAL_GOES_ON, "journal-goes-on", EVENT_NOTICE,                                               \
      "The disk has taken what it had not; entries up to `durable` are safe.", "")                          \
    X(BROKER_DAY_RATED, "day-rated", EVENT_INFO,                                                             \
      "`day` began, and what it changed in the ratings is in the journal.", "")                             \
    X(BROKER_SESSION_OPENED, "session-opened", EVENT_INFO,                                                   \
      "`client`, in `role`, has come in.", "")                                                              \
    X(BROKER_SESSIONS_EXPIRED, "sessions-expired", EVENT_INFO,                                               \
      "`count` clients were not heard for three times ping-ms, and are taken as gone.",                     \
      "If it is the same agency each day: its firewall drops silent connections sooner; lower ping-ms.")    \
    X(BROKER_SESSION_GONE, "session-gone", EVENT_INFO,                                                       \
      "What was to be sent to `client` found no connection any more.", "")                                  \
    X(BROKER_SESSION_READS_NOTHING, "session-reads-nothing", EVENT_WARNING,                                  \
      "`client` asked and does not read the answers; it has to begin anew.",                                \
      "Ask its operator whether the program hangs.")                                                        \
    X(BROKER_SUBSCRIBED, "subscribed", EVENT_INFO,                                                           \
      "`client` follows what it may see, from entry `from` on where that is said.", "")                     \
    X(BROKER_HELLO_REFUSED, "hello-refused", EVENT_WARNING,                                                  \
      "`client` was not let in, for `reason`.",                                                             \
      "code other-journal: was the board restored from a backup? If it was, tell the client's operator; "   \
      "if it was not, that client has seen entries that are missing here: run `maat-broker verify`.")       \
    X(BROKER_KEY_NOT_VALID, "key-not-valid", EVENT_WARNING,                                                  \
      "`client` used a key that was revoked or renewed.",                                                   \
      "Where it should still come in: `maat client list`, and enrol the key that it has now.")              \
    X(BROKER_KEY_UNKNOWN, "key-unknown", EVENT_NOTICE,                                                       \
      "Since this was last said, at most every ten minutes, `count` connections came with a key that no "   \
      "client has, the newest from `address`. None was let in.",                                            \
      "An agent that waits to be enrolled dials like this: `maat client enrol`, by its request. Else see "  \
      "whose address that is.")                                                                             \
    X(BROKER_CLIENT_KEY_CHANGED, "client-key-changed", EVENT_NOTICE,                                         \
      "`client` came with its new key; the old one is no longer valid.", "")                                \
    X(BROKER_CLIENT_KEY_NOT_CHANGED, "client-key-not-changed", EVENT_WARNING,                                \
      "`client` came with its new key, which could not be recorded, for `code`; both stay valid.",          \
      "None, if intake is closed: it is tried at the next connection. Else renew the key once more.")       \
    X(BROKER_CLIENT_REFUSED, "client-refused", EVENT_INFO,                                                   \
      "A submission of `client` was judged and refused, as entry `number`. Its agent keeps it and says why.", \
      "If they are many: ask the agency; its export may have changed.")                                     \
    X(BROKER_CLIENT_PUT_OFF, "client-put-off", EVENT_WARNING,                                                \
      "Nothing more is judged of `client` for a while, for `reason`; its agent keeps what it has.",         \
      "Ask the agency what its system sends: an export in a loop, or a file of which no line is right. "    \
      "What a client may send in a day is set by entries-a-day and outboxes-a-day.")                        \
    X(BROKER_CLIENT_TAKEN_AGAIN, "client-taken-again", EVENT_NOTICE,                                         \
      "What `client` sends is judged again, and accepted.", "")                                             \
    X(BROKER_OUTBOX_FORKED, "outbox-forked", EVENT_WARNING,                                                  \
      "`client` sent something else under a number that is in the journal: two agents hold one outbox, or " \
      "an outbox was restored from a copy. Its agent goes on in a new outbox; nothing is lost or twice.",   \
      "Ask the agency whether two agents run with one key, and end one of them.")                           \
    X(BROKER_KEY_SHARED, "key-shared", EVENT_WARNING,                                                        \
      "`client` has come in from `address` while another program, from `other`, works by its key with an "   \
      "outbox of its own. Both go on, and their agents are told; nothing is lost or twice.",                 \
      "Ask the agency whether it runs both (a copied machine, one set up anew while the old one was "        \
      "still there), and let the second have a key of its own. If it does not know of the second: `maat "    \
      "client revoke` at once, and read what was said by that client (`maat log`).")                         \
    X(BROKER_FRAME_UNREADABLE, "frame-unreadable", EVENT_WARNING,                                            \
      "`client` sent what is no message of the protocol, for `reason`. Who goes on is not read for a while.", \
      "Ask its operator which software it is. Revoke the key if it does not end.")
/* clang-format on */

enum broker_event { BROKER_EVENTS(EVENT_SYMBOL) BROKER_EVENT_COUNT };

extern const struct log_event broker_events[BROKER_EVENT_COUNT];

struct log_line broker_event(enum broker_event event);

#endif
