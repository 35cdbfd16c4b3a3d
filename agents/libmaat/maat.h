/* libmaat: a client of a safeguarding board's broker, for an agency's systems and a
   lead's tools. It submits, through an outbox of its own or the agent of this host,
   hears what became of it, asks, and follows what happens. `maat` and `maat-agent` are
   made of it.

   What is said are records: maps with the field names of FIELDS.md. In: JSON, or one
   MessagePack map, told apart by the first byte. Out: one MessagePack map, which
   maat_json makes JSON of.

   A command connects, asks or submits, waits, and ends:

       struct maat_key *key = maat_key_load("police.zpl", MAAT_KEY_ALL, &why);
       struct maat_settings s = {.key = key, .software = "report 1.0"};
       struct maat *m;
       if (maat_open(&m, &s, &why) == MAAT_DONE && maat_connect(m, 30000) == MAAT_DONE)
           maat_query(m, "{\"what\": \"status\"}", 18, 30000, print_page, NULL, &why);
       maat_close(&m);

   A program with a loop of its own waits for a descriptor, of whatever connection
   there is, and never for the network:

       maat_open -> { poll maat_fd until it is readable -> maat_step } ... -> maat_close

   What is submitted is on disk before maat_submit returns, and stays there until the
   broker has judged it, however often either end, or what is between them, ends. Its
   verdict comes by an event, in maat_step or any function that waits:

       maat_outbox_open -> maat_open with it -> maat_submit ... -> maat_outbox_close
                                                          after maat_close

   Three ways to fail. An outcome says how a connection or a question came out. A fault
   says what is wrong with what was given: code, field and a sentence. A negative int is
   an outbox's: a full disk, a damaged file; see maat_error_text. `why` may be NULL.

   Strings are UTF-8 and end with NUL; times are microseconds since 1970, UTC. A handle,
   and what is opened with it, belongs to one thread at a time; two handles know nothing
   of each other. After fork only the parent goes on with them. Where memory ends the
   process ends. Signals are the program's own: no handler is set, and who goes away at
   the other end raises none.                                                         */
#ifndef MAAT_H
#define MAAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined __GNUC__
#define MAAT_API __attribute__((visibility("default")))
#else
#define MAAT_API
#endif

/* What was compiled against; maat_version is of the library that runs, and of which
   source it was made: "1.0 (...)". Where the first number is another, programs have to
   be compiled again. */
#define MAAT_VERSION "1.0"

MAAT_API const char *maat_version(void);

/* --- how it came out ---------------------------------------------------------------- */

/* Beside each, what a program of ours exits with. */
enum maat_outcome {
    MAAT_DONE,        /* 0 */
    MAAT_ABSENT,      /* 1: there is none such, or this client may not see it */
    MAAT_REFUSED,     /* 1: by the broker or the agent, and sending it again will not help */
    MAAT_WRONG,       /* 2: what was given is wrong; nothing was sent */
    MAAT_UNREACHABLE, /* 3: nobody answers, or not in time; trying again may help */
    MAAT_UNKNOWN_KEY, /* 3: the broker does not know the key, or it was revoked */
    MAAT_STRANGER,    /* 3: what answers there is not the broker of the key file */
    MAAT_STOPPED,     /* 3: the broker will not speak with this client: a person must look */
    MAAT_MACHINE      /* 4: no memory, no descriptor, or the outbox can't be used */
};

MAAT_API const char *maat_outcome_text(enum maat_outcome outcome);
MAAT_API int maat_exit_code(enum maat_outcome outcome);

enum { MAAT_CODE = 32, MAAT_FIELD = 64, MAAT_REASON = 1024 };

struct maat_fault {
    char code[MAAT_CODE];     /* a word of FIELDS.md, as "missing-field"; "" where it is none */
    char field[MAAT_FIELD];   /* as "evidence.title"; "" where it is about the whole */
    char reason[MAAT_REASON]; /* a sentence a person can act on */
};

/* Of a negative int. */
MAAT_API const char *maat_error_text(int error);

/* It goes away by itself when there is room on the disk: nothing was written. */
MAAT_API bool maat_error_is_full(int error);

/* It stays until a person does what its text says: the outbox is damaged, or was written
   by a later version. A supervisor need not start the program again before. */
MAAT_API bool maat_error_is_lasting(int error);

/* --- keys ------------------------------------------------------------------------------- */

/* Who a client is, and where its board: a key file, as an operator hands it over. */
struct maat_key;

enum { MAAT_KEY_SIZE = 32, MAAT_KEY_TEXT = 40 };

/* What a file must say. */
enum {
    MAAT_KEY_PUBLIC = 1, /* the public half of the key */
    MAAT_KEY_BROKER = 2, /* the broker's public key, and its address */
    MAAT_KEY_PAIR = 4,   /* public and secret half, and the broker's public key */
    MAAT_KEY_ALL = 8,    /* everything, the client's name too */
    MAAT_KEY_OWN = 16    /* public and secret half; its board may not be known yet */
};

/* NULL with a fault: "not-found" where there is no file. One with a secret key that
   others than its owner may read is refused. */
MAAT_API struct maat_key *maat_key_load(const char *path, int must_say, struct maat_fault *why);

/* A new pair of keys, for this client ("police/crm"; NULL: not said) of the board that
   `board` names (NULL: not said). */
MAAT_API struct maat_key *maat_key_new(const char *client, const struct maat_key *board,
                                       struct maat_fault *why);

/* Into a new file of mode 0600, durable when this returns; nothing is ever overwritten. */
MAAT_API bool maat_key_save(const struct maat_key *key, const char *path, struct maat_fault *why);

/* The same over the file that is there, whole or not at all; its owner stays. */
MAAT_API bool maat_key_replace(const struct maat_key *key, const char *path,
                               struct maat_fault *why);

/* Wipes it; NULL is left alone. */
MAAT_API void maat_key_free(struct maat_key **key);

/* The client's name, "" where the file does not say it; the public half. Both live as
   long as the key. */
MAAT_API const char *maat_key_client(const struct maat_key *key);
MAAT_API const uint8_t *maat_key_public(const struct maat_key *key);

/* The addresses at which it says that the broker is, from 0 on; NULL past the last. */
MAAT_API const char *maat_key_address(const struct maat_key *key, size_t i);

/* A public key as people hand it on: 40 characters. False if that is none. */
MAAT_API void maat_key_print(const uint8_t key[MAAT_KEY_SIZE], char text[MAAT_KEY_TEXT + 1]);
MAAT_API bool maat_key_parse(const char *text, uint8_t key[MAAT_KEY_SIZE]);

/* --- enrolling -------------------------------------------------------------------------- */

/* An agency asks to be let in, and a board answers, each by one line that may go by e-mail
   or be read out, and each with words that two people compare over the telephone: only
   these tell that nobody between them has put another key in its place. No line holds a
   secret. */
enum { MAAT_LINE = 2304, MAAT_PHRASE = 96 };

/* The public half alone of a client's key, as others know it. */
MAAT_API struct maat_key *maat_key_of(const char *client, const uint8_t key[MAAT_KEY_SIZE]);

/* The request of a client, whose key says its name. */
MAAT_API void maat_key_request(const struct maat_key *key, char line[MAAT_LINE],
                               char phrase[MAAT_PHRASE]);

/* Name and public half of who asks; NULL with a fault, as where it was mistyped. */
MAAT_API struct maat_key *maat_key_from_request(const char *line, struct maat_fault *why);

/* The line of the board that a key knows, and its words, which are always the same. False
   with a fault where one of its addresses can't be said so. */
MAAT_API bool maat_key_board(const struct maat_key *key, char line[MAAT_LINE],
                             char phrase[MAAT_PHRASE], struct maat_fault *why);

/* From now on the key is of the board that the line tells of. */
MAAT_API bool maat_key_take_board(struct maat_key *key, const char *line, struct maat_fault *why);

/* Where the broker is: instead of all addresses that the key has, up to 8, NULL at the
   end. */
MAAT_API bool maat_key_set_addresses(struct maat_key *key, const char *const *list,
                                     struct maat_fault *why);

/* It has a board's public key; else no broker can be spoken with yet. */
MAAT_API bool maat_key_knows_board(const struct maat_key *key);

/* 0 where what a person typed is the phrase, however it is spaced and written; else the
   place of the first word that is not. */
MAAT_API unsigned maat_phrase_differs(const char *phrase, const char *typed);

/* --- records ------------------------------------------------------------------------------ */

/* Something that was said. Lives for the call that it is handed to. */
struct maat_record {
    const char *name; /* as its section in FIELDS.md: "RESULT", "WELCOME"; "entry", "listed" */
    const void *map;  /* its fields: one MessagePack map */
    size_t len;
};

/* It as one JSON object, to be given back by free(). A bin is hexadecimal in it: for the
   `body` of an entry see maat_json_body. NULL where it can't be read. */
MAAT_API char *maat_json(const struct maat_record *record);

/* The body of a submission of this kind, as an entry holds it, likewise. */
MAAT_API char *maat_json_body(const char *kind, const void *body, size_t len);

/* --- the outbox --------------------------------------------------------------------------- */

/* A folder in which submissions wait. It may hold several outboxes; each has the name
   that the broker knows it by, and in it submissions are numbered n = 1, 2, 3 ... Several
   processes may open the folder, each once, and each for an outbox of its own. Functions
   return 0 or more, or a negative error. */
struct maat_outbox;

struct maat_outbox_id {
    uint8_t at[16];
};

enum maat_kept_state {
    MAAT_QUEUED,       /* no verdict yet: the broker may have it or not */
    MAAT_ACCEPTED,     /* and durable at the broker */
    MAAT_NOT_ACCEPTED, /* refused by the broker, for good; a person must look */
    MAAT_MOVED         /* given to another outbox, since two programs had used this one */
};

/* A submission in an outbox. Strings and body live until the next call with this folder;
   what is not there is "", NULL or 0. */
struct maat_kept {
    int64_t n;
    enum maat_kept_state state;
    const char *kind; /* "progress" */
    const void *body; /* one MessagePack map */
    size_t body_len;
    int64_t taken, settled;            /* when it was queued, and had its verdict */
    const char *source;                /* where it came from, as was said when it was queued */
    int64_t number;                    /* its journal number */
    const char *code, *field, *reason; /* refused: why */
    bool seen;                         /* refused: a person has seen it */
};

/* Opens the folder, made with mode 0700 if it is not there, which may grow to `most`
   bytes (0: 16 GiB; a file has holes until it is filled). -EWOULDBLOCK where `alone` is
   asked for and another process that asked has it. */
MAAT_API int maat_outbox_open(struct maat_outbox **out, const char *folder, size_t most, bool alone,
                              struct maat_fault *why);
MAAT_API void maat_outbox_close(struct maat_outbox **o);

/* The outbox in use; a new one where there is none yet, or `fresh` is asked for. What
   maat_open begins with. */
MAAT_API int maat_outbox_current(struct maat_outbox *o, bool fresh, struct maat_outbox_id *id);

/* The outboxes of the folder: 1 and the next after *id (all zero to begin), or 0. */
MAAT_API int maat_outbox_each(struct maat_outbox *o, struct maat_outbox_id *id);

/* Several at once, with one sync; durable when this returns 0, *first being the n of the
   first. They are not checked: see maat_submit. With notes, that a source was taken up
   to a place, in the same transaction: so that nothing is taken twice. */
struct maat_submission {
    const char *kind;
    const void *body; /* one MessagePack map; for maat_submit_all, without a kind, JSON */
    size_t len;
    const char *source; /* 1 to 400 bytes of UTF-8; NULL: not said */
    int64_t taken;      /* when; 0: now */
    bool awaited;       /* somebody waits for its verdict, which is told as soon as it is
                           there; that of others, within moments and many at a time */
};
struct maat_note {
    const char *source;
    int64_t place;
};
MAAT_API int maat_outbox_queue(struct maat_outbox *o, const struct maat_outbox_id *id,
                               const struct maat_submission *list, size_t count,
                               const struct maat_note *notes, size_t note_count, int64_t *first);

/* The place that was noted for a source, 0 where none was. Forgetting is for sources
   that are done with: all with one sync. */
MAAT_API int maat_outbox_noted(struct maat_outbox *o, const char *source, int64_t *place);
MAAT_API int maat_outbox_forget(struct maat_outbox *o, const char *const *sources, size_t count);

/* The submission n; the next one after n in a state: 1, or 0 if there is none. What has
   its verdict is kept for 30 days, what was refused until a person has dealt with it. */
MAAT_API int maat_outbox_get(struct maat_outbox *o, const struct maat_outbox_id *id, int64_t n,
                             struct maat_kept *out);
MAAT_API int maat_outbox_next(struct maat_outbox *o, const struct maat_outbox_id *id,
                              enum maat_kept_state state, int64_t n, struct maat_kept *out);

/* The next one refused, after (*id, *n), that no person has dealt with, over all
   outboxes of the folder: 1 with its place, or 0. All zero to begin. */
MAAT_API int maat_outbox_next_refusal(struct maat_outbox *o, struct maat_outbox_id *id, int64_t *n,
                                      struct maat_kept *out);

/* A person has dealt with it: has seen it; or wants it queued again, as n *again of the
   outbox `to`. -ENOENT if there is no such refusal, or it was dealt with. */
MAAT_API int maat_outbox_mark_seen(struct maat_outbox *o, const struct maat_outbox_id *id,
                                   int64_t n);
MAAT_API int maat_outbox_retry(struct maat_outbox *o, const struct maat_outbox_id *id, int64_t n,
                               const struct maat_outbox_id *to, int64_t *again);

struct maat_counts {
    int64_t last;         /* the last n given out */
    int64_t kept_from;    /* the first n that is still kept */
    int64_t first_queued; /* the first n that has no verdict; last + 1 where all have */
    int64_t queued;       /* how many have none */
    int64_t oldest;       /* when the first of these was queued; 0 where none is */
    int64_t refused;      /* refused, and no person has seen it */
};
MAAT_API int maat_outbox_count(struct maat_outbox *o, const struct maat_outbox_id *id,
                               struct maat_counts *out);

/* Drops what had its verdict more than 30 days ago, `most` at a time. To be called now
   and then by who submits for long. */
MAAT_API int maat_outbox_prune(struct maat_outbox *o, size_t most);

/* --- a connection ------------------------------------------------------------------------- */

struct maat;

/* A restore, to be told. */
struct maat_restored {
    char journal[129]; /* what was seen: the board's id and how often it had been restored, */
    int64_t seen;      /* up to this entry, */
    int64_t last;      /* of which the entries up to this one are left */
    int64_t again;     /* so many submissions that had their verdicts go again */
};

/* Another program works by the same key. */
struct maat_shared {
    bool is;          /* false: it does no longer */
    int64_t since;    /* when the broker let it in, by the broker's clock, */
    char address[65]; /* and from which network address; "" where it does not say */
};

/* Each may be NULL. */
struct maat_events {
    /* The broker let it in: who this is, which board, what is newest. Again after each
       reconnection. */
    void (*welcome)(void *context, const struct maat_record *welcome);
    /* A verdict has come, and is in the outbox: n and what became of it. What it said
       maat_outbox_get knows. The texts live until the event returns. */
    void (*settled)(void *context, const struct maat_kept *kept);
    /* The broker said ERROR of something other than a query. */
    void (*error)(void *context, const struct maat_record *error);
    /* Two programs have used one outbox, or it was restored from a copy: what had no
       verdict, from n on, goes on in another, and a person should be told. */
    void (*forked)(void *context, int64_t n, const struct maat_outbox_id *to);
    /* The board's journal was restored from a backup since it was seen, and says so: a
       person should be told. It is taken as it is now, and what the broker lacks of the
       outbox goes again. Before `welcome`. */
    void (*restored)(void *context, const struct maat_restored *restored);
    /* Where the settings say `alone`: another program works by this key, with an outbox of
       its own: this one was copied, or its key was, and a person should be told. Both go on,
       and nothing is lost or twice. Again whenever that changes. */
    void (*shared)(void *context, const struct maat_shared *shared);
};

struct maat_settings {
    /* Copied. One that does not know its board yet is only taken where `waits`: then nobody
       is dialled before maat_use_key. */
    const struct maat_key *key;
    bool waits;
    const char *const *addresses; /* up to 8, NULL at the end: instead of the key file's; copied */
    const char *software;         /* "report 1.0"; kept until maat_close */
    struct maat_outbox *outbox;   /* kept until maat_close; NULL: nothing is submitted */
    /* It means to be the only program that works by its key, as an agent does, and is told of
       another (`shared`). Several that know of each other, each with an outbox of its own,
       leave it out. */
    bool alone;
    const struct maat_events *events; /* copied; NULL: none */
    void *context;                    /* of the events */
    /* A folder, which is there, in which the newest tree head that the board's journal
       has shown is kept, for each broker: a journal that does not go on from it is
       noticed, and the link stops. NULL: the outbox's; without either none is kept. */
    const char *heads;
    /* By what a person forgets it, as is said then: a command, kept until maat_close.
       NULL: "maat_forget_head". */
    const char *forget;
};

/* Connects to nothing yet. MAAT_DONE, MAAT_WRONG or MAAT_MACHINE. */
MAAT_API enum maat_outcome maat_open(struct maat **out, const struct maat_settings *settings,
                                     struct maat_fault *why);
MAAT_API void maat_close(struct maat **m);

/* From now on with this key: a renewed one, or the one that knows its board at last; what
   connection there is ends, and the next begins at once. Addresses as in the settings.
   MAAT_DONE, MAAT_WRONG or MAAT_MACHINE, and then all is as it was. */
MAAT_API enum maat_outcome maat_use_key(struct maat *m, const struct maat_key *key,
                                        const char *const *addresses, struct maat_fault *why);

/* Where it stands: */
enum maat_link {
    MAAT_LINK_DOWN,     /* not connected: it dials again by itself, after a while */
    MAAT_LINK_GREETING, /* connected, and not let in yet */
    MAAT_LINK_PROVING,  /* let in; the board's journal is yet to be proven what it was */
    MAAT_LINK_OPEN,     /* submissions are sent */
    MAAT_LINK_WAITING,  /* the broker takes nothing for a while */
    MAAT_LINK_STOPPED   /* a person must look: it does not dial again */
};
MAAT_API enum maat_link maat_link(const struct maat *m);

/* Why it is of no use to dial again (a key that is not known any more, a link that has
   stopped), else MAAT_DONE. */
MAAT_API enum maat_outcome maat_hopeless(const struct maat *m);

/* The same as a sentence; and why it waits or has stopped, "" where it does not. Both
   live until the next step. */
MAAT_API const char *maat_link_text(const struct maat *m);
MAAT_API const char *maat_link_reason(const struct maat *m);

/* What is kept of the board's journal; false where nothing is. */
struct maat_head {
    char journal[129]; /* the board's id and how often it was restored: "northshire.0" */
    int64_t number;    /* its newest entry then */
    uint8_t root[32];  /* of its tree; */
    char printed[45];  /* and that in base64, as people compare it */
};
MAAT_API bool maat_head(const struct maat *m, struct maat_head *out);

/* A person takes the journal as it is now: what is kept is put aside, and the link, which
   had stopped for that, dials again. Where it had not, only if it is `anyway`. 1, 0 where
   nothing was forgotten, or a negative error. */
MAAT_API int maat_forget_head(struct maat *m, bool anyway);

/* --- in a loop of one's own --- */

/* To be polled for reading, with poll, epoll, select or any loop made of them; it stays
   the same until maat_close. Readable as long as maat_step has something to do: also
   where nothing comes in, when it is time to dial again or to say that it is there. */
MAAT_API int maat_fd(const struct maat *m);

/* Does what can be done without waiting; events are called from here. 0 or a negative
   error of the outbox; after one that is full it may go on when there is room:
   maat_begin_again, so that the broker says once more what could not be noted. */
MAAT_API int maat_step(struct maat *m);
MAAT_API void maat_begin_again(struct maat *m);

/* --- in a command --- */

/* Waits up to `ms` to be let in. */
MAAT_API enum maat_outcome maat_connect(struct maat *m, int ms);

/* Waits up to `ms` until everything queued in the outbox has its verdict. */
MAAT_API enum maat_outcome maat_settle(struct maat *m, int ms);

/* Stays connected for `ms`. */
MAAT_API enum maat_outcome maat_rest(struct maat *m, int ms);

/* --- submitting --- */

/* Queues a submission and, while connected, sends it: JSON as in a spool file, with its
   kind (then `kind` is NULL), or the body of this kind. It is checked as the broker will
   check it, but for what only the board knows. A progress that does not say `on`
   describes today. MAAT_DONE, its n in *n; MAAT_WRONG, and nothing was queued; or
   MAAT_MACHINE. E-mail addresses of the board's posts pass once the broker has said
   which these are. */
MAAT_API enum maat_outcome maat_submit(struct maat *m, const char *kind, const void *body,
                                       size_t len, int64_t *n, struct maat_fault *why);

/* The same of several, with one sync for all: each submission costs microseconds, each
   sync milliseconds. All are queued, *first being the n of the first and the others'
   following it; or none is, and where it is MAAT_WRONG `why` is of list[*wrong]. */
MAAT_API enum maat_outcome maat_submit_all(struct maat *m, const struct maat_submission *list,
                                           size_t count, int64_t *first, size_t *wrong,
                                           struct maat_fault *why);

/* The outbox that is submitted to: another after a fork. What is queued in it otherwise
   (maat_outbox_queue) is sent from the next maat_step on. */
MAAT_API const struct maat_outbox_id *maat_outbox_in_use(const struct maat *m);

/* Goes on with this outbox; or, NULL, lets go of it, so that it may be closed. */
MAAT_API void maat_use_outbox(struct maat *m, struct maat_outbox *o,
                              const struct maat_outbox_id *id);

/* --- asking --- */

/* Each page of an answer; returns false to end. */
typedef bool maat_page(void *context, const struct maat_record *page);

/* Asks what a `query` says (FIELDS.md; no `id`), and waits up to `ms` for each page.
   MAAT_WRONG, MAAT_ABSENT and MAAT_REFUSED say more in `why`. Not from an event or a
   page. */
MAAT_API enum maat_outcome maat_query(struct maat *m, const void *query, size_t len, int ms,
                                      maat_page *each, void *context, struct maat_fault *why);

/* The same without waiting, in a loop of one's own: pages come in maat_step, then how it
   came out, from where the next may be asked. Over a lost connection it is asked again:
   who has no patience drops it, and hears no more of it. MAAT_DONE: it is asked;
   MAAT_WRONG; MAAT_REFUSED where another has no answer yet. */
typedef void maat_answered(void *context, enum maat_outcome outcome, const struct maat_fault *why);
MAAT_API enum maat_outcome maat_ask(struct maat *m, const void *query, size_t len, maat_page *each,
                                    maat_answered *answered, void *context, struct maat_fault *why);
MAAT_API void maat_drop_question(struct maat *m);

/* --- following --- */

/* A feed: what is, and then each entry with what it moved, in order, each once, whatever
   becomes of the connection. */
struct maat_feed;

struct maat_change {
    const char *action;
    const struct maat_record *before; /* "listed"; NULL: it was not held, or not known of then */
    const struct maat_record *after;  /* NULL: no longer what the filter lets through */
    int64_t number;                   /* `after` is complete to this journal number */
};

struct maat_happening {
    const struct maat_record *entry; /* NULL: rows moved, and no entry that may be seen says why */
    const struct maat_change *changes;
    size_t count;
    char day[11]; /* of the ratings: "2016-04-20" */
};

/* Each may be NULL. */
struct maat_feed_events {
    /* A plan may be seen; or no longer, and its rows are to be forgotten. */
    void (*plan)(void *context, const char *id, bool seen);
    /* An action ("listed") as it is: at first, and of a plan that came. */
    void (*row)(void *context, const struct maat_record *row);
    /* All rows were told, as of this number; now happenings come. */
    void (*live)(void *context, int64_t upto);
    void (*happened)(void *context, const struct maat_happening *what);
    /* All to this number was told, also what may not be seen: to go on from it another
       time, keep it. */
    void (*upto)(void *context, int64_t upto);
    /* The broker or the connection made it begin again; nothing is lost or told twice. */
    void (*again)(void *context, const char *why);
    /* For good; `code` is an error's word. */
    void (*over)(void *context, const char *code, const char *reason);
};

/* Follows what a `subscription` says: the SUBSCRIBE of FIELDS.md with its filter, `want`,
   `from` (an `upto` of before; 0: everything from the beginning; without it, first what
   is), `held` (plans that could be seen then: one that went meanwhile is told), `number`
   and `root` (a tree head seen then). Credit is granted as it is consumed. MAAT_DONE;
   MAAT_WRONG; MAAT_REFUSED where there are 16. `events` are kept. */
MAAT_API enum maat_outcome maat_follow(struct maat *m, const void *subscription, size_t len,
                                       const struct maat_feed_events *events, void *context,
                                       struct maat_feed **out, struct maat_fault *why);

/* What it holds now, also in an event; the record lives until the next of these calls,
   or step. An action as it is ("listed"), complete to this journal number; each of them, in order
   of their ids; a plan's row ("plan_row"), with no `map` where it has not come yet. False where the
   action is not held, or the plan may not be seen. */
MAAT_API bool maat_feed_action(struct maat_feed *feed, const char *id, struct maat_record *out,
                               int64_t *number);
MAAT_API void maat_feed_actions(struct maat_feed *feed, maat_page *each, void *context);
MAAT_API bool maat_feed_plan(struct maat_feed *feed, const char *id, struct maat_record *out);

/* Before maat_close; not from an event. */
MAAT_API void maat_unfollow(struct maat *m, struct maat_feed **feed);

/* For who can't keep up: while held back at most 4 MiB more come. */
MAAT_API void maat_feed_hold(struct maat *m, struct maat_feed *feed, bool hold);

/* --- through the agent of this host ---------------------------------------------------------- */

/* maat-agent's socket, which needs no key: lines of JSON, as SOCKET.md has them. */
struct maat_agent;

MAAT_API enum maat_outcome maat_agent_open(struct maat_agent **out, const char *socket,
                                           struct maat_fault *why);
MAAT_API void maat_agent_close(struct maat_agent **a);

/* From now on an answer is waited for this long at most; at first, for ever. */
MAAT_API void maat_agent_patience(struct maat_agent *a, int ms);

/* A submission in JSON. Without `wait`: MAAT_DONE when the agent has it on disk, as *n of
   its outbox. With it: when the broker has accepted it, as entry *number. MAAT_REFUSED by
   the agent, *n then 0, or by the broker; MAAT_UNREACHABLE: not taken, or nobody knows. */
MAAT_API enum maat_outcome maat_agent_submit(struct maat_agent *a, const char *json, bool wait,
                                             int64_t *n, int64_t *number, struct maat_fault *why);

/* Any line (without its end), and the answer to the first that has none yet; it lives
   until the next call. Several may be said before. 0, or -errno: -EAGAIN after its
   patience, -ECONNRESET where the agent went away. */
MAAT_API int maat_agent_say(struct maat_agent *a, const char *line, size_t len);
MAAT_API int maat_agent_hear(struct maat_agent *a, const char **line, size_t *len);

#ifdef __cplusplus
}
#endif

#endif
