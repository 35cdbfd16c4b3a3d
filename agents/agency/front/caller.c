#include "agents/agency/front/caller.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/agency/front/answer.h"
#include "schema/json.h"
#include "schema/must.h"

enum { OUT_MAX = 256 * 1024, LINES_A_TURN = 64 };

static const char gone[] = "its agent ended before it answered; whether it has this, `maat-agent "
                           "status` shows once it runs again";
static const char absent[] = "its agent does not run yet, or not any more: see its log";

struct front_caller *
front_caller_begin(int fd, int64_t now)
{
    struct front_caller *c = must(malloc(sizeof *c));

    memset(c, 0, offsetof(struct front_caller, lines)); /* not the room for lines */
    c->fd = fd;
    c->heard = now;
    for (unsigned i = 0; i < SETTINGS_GROUPS; i++)
        c->board[i].fd = -1;
    lines_init(&c->lines, fd);
    return c;
}

static struct front_due *
due_at(struct front_caller *c, unsigned i)
{
    return &c->due[(c->first + i) % FRONT_ANSWERS];
}

static void
end_due(struct front_due *due)
{
    for (unsigned i = 0; i < SETTINGS_GROUPS; i++)
        free(due->said[i]);
    free(due->text);
    *due = (struct front_due){0};
}

static void
close_hand(struct front_hand *hand)
{
    if (hand->fd >= 0)
        (void)close(hand->fd);
    hand->fd = -1;
    outgoing_clear(&hand->out);
}

void
front_caller_end(struct front_caller **c)
{
    for (unsigned i = 0; i < (*c)->count; i++)
        end_due(due_at(*c, i));
    for (unsigned i = 0; i < SETTINGS_GROUPS; i++) {
        close_hand(&(*c)->board[i]);
        outgoing_free(&(*c)->board[i].out);
        free((*c)->board[i].heard);
    }
    outgoing_free(&(*c)->out);
    (void)close((*c)->fd);
    free(*c);
    *c = NULL;
}

/* --- lines in -------------------------------------------------------------------------- */

static char *
own_line(struct text json)
{
    char *line = must(malloc((size_t)json.len + 1));

    memcpy(line, json.at, json.len);
    line[json.len] = '\0';
    return line;
}

static void
answer_fault(struct front_due *due, struct arena *arena, const struct fault *fault)
{
    struct answer said = {0};

    local_refuse(arena, &said, fault);
    due->text = own_line(record_to_json(arena, &answer_record, &said));
}

/* The board's agent will not answer this. */
static void
give_up(struct front_due *due, struct arena *arena, unsigned board, const char *reason)
{
    const char *said = front_later(arena, reason);

    due->said[board] = own_line(text_of(said));
    due->got |= 1U << board;
}

static void
hand_on(struct front_caller *c, struct front_boards *f, struct arena *arena, struct front_due *due,
        unsigned board, struct text line)
{
    struct front_hand *hand = &c->board[board];

    if (hand->fd < 0) {
        hand->fd = front_boards_connect(f, board);
        if (hand->fd < 0) {
            hand->fd = -1;
            give_up(due, arena, board, absent);
            return;
        }
        if (!hand->heard)
            hand->heard = must(malloc(sizeof *hand->heard));
        lines_init(hand->heard, hand->fd);
    }
    outgoing_put(&hand->out, line.at, line.len);
    outgoing_put(&hand->out, "\n", 1);
}

/* Of all that may be asked, how it is can be answered for several. */
static bool
read_request(struct arena *arena, struct text line, struct fault *fault)
{
    struct request request;
    struct fault why;

    if (!record_from_json(arena, &request_record, &request, line.at, line.len, &why)) {
        if (strcmp(why.field, "ask") != 0 || why.code != FAULT_FIELD_MISSING)
            *fault = why;
        return false;
    }
    return request.ask == ASK_STATUS
           || fault_set(fault, FAULT_RULE, "ask",
                        "is for one board's agent, at OUTBOX/agent.sock: name the board by --at");
}

static void
take_line(struct front_caller *c, struct front_boards *f, struct arena *arena, struct text line)
{
    struct front_due *due = due_at(c, c->count++);
    struct front_line route;
    char later[sizeof route.why.reason + sizeof route.why.field + 2];

    switch (front_route(f, arena, line, &route)) {
    case ROUTE_TO: due->wanted = route.boards; break;
    case ROUTE_REQUEST:
        if (read_request(arena, line, &route.why))
            due->wanted = (1U << f->count) - 1;
        else
            answer_fault(due, arena, &route.why);
        break;
    case ROUTE_REFUSED: answer_fault(due, arena, &route.why); break;
    case ROUTE_LATER:
        (void)snprintf(later, sizeof later, "%s %s", route.why.field, route.why.reason);
        due->text = own_line(text_of(front_later(arena, later)));
        break;
    }
    for (unsigned i = 0; i < f->count; i++)
        if (due->wanted >> i & 1)
            hand_on(c, f, arena, due, i, line);
}

static void
refuse_long_line(struct front_caller *c, struct arena *arena)
{
    struct fault fault;

    fault_set(&fault, FAULT_LIMIT, "", "a line may be %d bytes long", LINES_MAX);
    answer_fault(due_at(c, c->count++), arena, &fault);
}

static bool
has_room(const struct front_caller *c)
{
    for (unsigned i = 0; i < SETTINGS_GROUPS; i++)
        if (outgoing_left(&c->board[i].out) >= OUT_MAX)
            return false;
    return c->count < FRONT_ANSWERS && outgoing_left(&c->out) < OUT_MAX;
}

/* True if lines may be left. */
static bool
take_lines(struct front_caller *c, struct front_boards *f, struct arena *arena)
{
    struct text line;

    for (unsigned taken = 0; taken < LINES_A_TURN && has_room(c); taken++) {
        switch (lines_next(&c->lines, &line)) {
        case LINES_NONE: return false;
        case LINES_TOO_LONG: refuse_long_line(c, arena); break;
        case LINES_LINE:
        case LINES_CUT:
            if (line.len)
                take_line(c, f, arena, line);
            break;
        }
    }
    return true;
}

/* --- answers ----------------------------------------------------------------------------- */

/* The first that waits for this board; NULL: none. */
static struct front_due *
due_of(struct front_caller *c, unsigned board)
{
    for (unsigned i = 0; i < c->count; i++)
        if ((due_at(c, i)->wanted & ~due_at(c, i)->got) >> board & 1)
            return due_at(c, i);
    return NULL;
}

static void
lose_hand(struct front_caller *c, struct arena *arena, unsigned board)
{
    struct front_due *due;

    close_hand(&c->board[board]);
    while ((due = due_of(c, board)))
        give_up(due, arena, board, gone);
}

static void
hear(struct front_caller *c, struct arena *arena, unsigned board)
{
    struct front_hand *hand = &c->board[board];
    ssize_t got = lines_read(hand->heard);
    struct text line;

    while (lines_next(hand->heard, &line) == LINES_LINE) {
        struct front_due *due = due_of(c, board);
        if (!due)
            break;
        due->said[board] = own_line(line);
        due->got |= 1U << board;
    }
    if ((got < 0 && got != -EAGAIN) || hand->heard->ended)
        lose_hand(c, arena, board);
}

static void
answer_all(struct front_caller *c, struct front_boards *f, struct arena *arena)
{
    while (c->count && outgoing_left(&c->out) < OUT_MAX) {
        struct front_due *due = due_at(c, 0);
        if (!due->text && due->got != due->wanted)
            return;
        struct text text =
            due->text ? text_of(due->text) : front_answer(f, arena, due->wanted, due->said);
        if (!c->mute) {
            outgoing_put(&c->out, text.at, text.len);
            outgoing_put(&c->out, "\n", 1);
        }
        end_due(due);
        c->first = (c->first + 1) % FRONT_ANSWERS;
        c->count--;
    }
}

/* --- a turn -------------------------------------------------------------------------------- */

void
front_caller_items(const struct front_caller *c, struct pollfd *items)
{
    short own = !c->lines.ended && has_room(c) ? POLLIN : 0;

    /* who is gone has nothing to say but what is not read yet */
    items[0] = (struct pollfd){.fd = c->mute && !own ? -1 : c->fd,
                               .events = (short)(own | (outgoing_left(&c->out) ? POLLOUT : 0))};
    for (unsigned i = 0; i < SETTINGS_GROUPS; i++) {
        const struct front_hand *hand = &c->board[i];
        items[1 + i] = (struct pollfd){
            .fd = hand->fd, .events = (short)(POLLIN | (outgoing_left(&hand->out) ? POLLOUT : 0))};
    }
}

static void
go_mute(struct front_caller *c)
{
    c->mute = true;
    outgoing_clear(&c->out);
}

static void
read_more(struct front_caller *c, int64_t now)
{
    ssize_t got = lines_read(&c->lines);

    c->heard = now;
    if (got < 0 && got != -EAGAIN) {
        c->lines.ended = true;
        go_mute(c);
    }
}

bool
front_caller_step(struct front_caller *c, struct front_boards *f, struct arena *arena,
                  const struct pollfd *items, int64_t now)
{
    if (items[0].revents && !c->lines.ended && has_room(c))
        read_more(c, now);
    else if (items[0].revents & (POLLERR | POLLHUP))
        go_mute(c);
    for (unsigned i = 0; i < f->count; i++)
        if (items[1 + i].revents && c->board[i].fd == items[1 + i].fd)
            hear(c, arena, i);
    bool left = take_lines(c, f, arena);
    for (unsigned i = 0; i < f->count; i++)
        if (c->board[i].fd >= 0 && outgoing_flush(&c->board[i].out, c->board[i].fd))
            lose_hand(c, arena, i);
    answer_all(c, f, arena);
    if (outgoing_flush(&c->out, c->fd))
        go_mute(c);
    return left && has_room(c);
}

/* Who hears nothing is not waited for, once all is handed on. */
bool
front_caller_is_over(const struct front_caller *c)
{
    bool is_handed_on = c->lines.ended && c->lines.begin == c->lines.end;

    for (unsigned i = 0; i < SETTINGS_GROUPS; i++)
        is_handed_on = is_handed_on && !outgoing_left(&c->board[i].out);
    return is_handed_on && (c->mute || (!c->count && !outgoing_left(&c->out)));
}
