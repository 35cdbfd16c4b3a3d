/* Keys, and the files that they are kept in. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <czmq.h>

#include "schema/wire/identity.h"
#include "schema/wire/zpl.h"
#include "tests/scratch.h"
#include "tests/t.h"

/* The test pairs of ZeroMQ's CURVE specification. */
#define CLIENT_PUBLIC "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
#define CLIENT_SECRET "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"
#define SERVER_PUBLIC "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
#define SERVER_SECRET "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"
/* Of tests/unit/checkpoint_test.c. */
#define SIGNING_PUBLIC "&Ntz(h?THa9nl}E[dEI0X2=uA*SZfL(jh$*G{1<e"

static const uint8_t client_public[CURVE_KEY] = {
    0xbb, 0x88, 0x47, 0x1d, 0x65, 0xe2, 0x65, 0x9b, 0x30, 0xc5, 0x5a, 0x53, 0x21, 0xce, 0xbb, 0x5a,
    0xab, 0x2b, 0x70, 0xa3, 0x98, 0x64, 0x5c, 0x26, 0xdc, 0xa2, 0xb2, 0xfc, 0xb4, 0x3f, 0xc5, 0x18};

static const char full[] = "#   Whoever holds this file speaks for its client. Keep it secret.\n"
                           "\n"
                           "client = \"police/crm\"\n"
                           "curve\n"
                           "    public-key = \"" CLIENT_PUBLIC "\"\n"
                           "    secret-key = \"" CLIENT_SECRET "\"\n"
                           "broker\n"
                           "    server-key = \"" SERVER_PUBLIC "\"\n"
                           "    signing-key = \"" SIGNING_PUBLIC "\"\n"
                           "    address = \"tcp://board.example.org:5570\"\n"
                           "    address = \"ipc:///run/maat/hub\"\n";

/* --- keys ------------------------------------------------------------------ */

TEST(curve_prints_and_parses_the_published_keys)
{
    uint8_t key[CURVE_KEY];
    uint8_t public[CURVE_KEY];
    char text[CURVE_TEXT + 1];

    CHECK(curve_parse(CLIENT_PUBLIC, key));
    CHECK(memcmp(key, client_public, sizeof key) == 0);
    curve_print(client_public, text);
    CHECK_STR(CLIENT_PUBLIC, text);
    CHECK(curve_parse(CLIENT_SECRET, key));
    CHECK_INT(0, curve_public_of(key, public));
    CHECK(memcmp(public, client_public, sizeof public) == 0);
}

TEST(curve_parses_nothing_else)
{
    static const char *const rows[] = {
        "",
        "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hI",   /* 39 */
        "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID0", /* 41 */
        "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hI\"", /* no such digit */
        "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hI\xff",
        "#####w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID", /* above 2^32 - 1 */
        "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hIDYne@$",
    };
    const uint8_t zero[CURVE_KEY] = {0};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t key[CURVE_KEY] = {0};
        CHECK(!curve_parse(rows[i], key));
        CHECK(memcmp(key, zero, sizeof key) == 0);
    }
}

TEST(curve_generates_pairs_that_belong_together)
{
    uint8_t public[CURVE_KEY];
    uint8_t secret[CURVE_KEY];
    uint8_t other[CURVE_KEY];
    uint8_t other_secret[CURVE_KEY];

    CHECK_INT(0, curve_generate(public, secret));
    CHECK_INT(0, curve_public_of(secret, other));
    CHECK(memcmp(public, other, CURVE_KEY) == 0);
    CHECK_INT(0, curve_generate(other, other_secret));
    CHECK(memcmp(public, other, CURVE_KEY) != 0);
    CHECK(memcmp(secret, other_secret, CURVE_KEY) != 0);
}

/* --- ZPL ------------------------------------------------------------------- */

TEST(zpl_reads_items_with_their_lines_and_paths)
{
    static const char text[] = "\xef\xbb\xbf# a comment\r\n"
                               "\r\n"
                               "title = plain text  # and a comment\r\n"
                               "list\n"
                               "    one = \"a # in quotes\" # and one after\n"
                               "    two='\"'\t\n"
                               "        deep = x=y\n"
                               "            deeper\n"
                               "last =";
    static const struct {
        int line;
        const char *path;
        const char *value;
    } rows[] = {
        {3, "title", "plain text"},
        {4, "list", ""},
        {5, "list/one", "a # in quotes"},
        {6, "list/two", "\""},
        {7, "list/two/deep", "x=y"},
        {8, "list/two/deep/deeper", ""},
        {9, "last", ""},
    };
    struct zpl zpl = zpl_begin(text, sizeof text - 1);
    struct zpl_item item;
    struct fault fault;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_INT(1, zpl_next(&zpl, &item, &fault));
        CHECK_INT(rows[i].line, item.line);
        CHECK_STR(rows[i].path, item.path);
        CHECK_STR(rows[i].value, item.value);
    }
    CHECK_INT(0, zpl_next(&zpl, &item, &fault));
    CHECK_INT(0, zpl_next(&zpl, &item, &fault));
}

TEST(zpl_says_which_line_is_wrong_and_never_what_is_in_it)
{
    static const struct {
        const char *text;
        const char *why;
    } rows[] = {
        {"a = \"secret", "line 1: a quote is not closed"},
        {"a = \"secret\" secret", "line 1: something follows the closing quote"},
        {"a secret", "line 1: expected `name = value`"},
        {"b\na: secret", "line 2: expected `name = value`"},
        {"= secret", "line 1: expected a name of letters, digits, `-`, `_` and `.`"},
        {"b\n  a = secret", "line 2: indent by 4 spaces, one level below its section"},
        {"    a = secret", "line 1: indent by 4 spaces, one level below its section"},
        {"b\n        a = secret", "line 2: indent by 4 spaces, one level below its section"},
        {"b\n\ta = secret", "line 2: expected a name of letters, digits, `-`, `_` and `.`"},
        {"a\n    b\n        c\n            d\n                e",
         "line 5: indent by 4 spaces, one level below its section"},
        {"a = \x01", "line 1: too long, or not text"},
        {"a = \x7f", "line 1: too long, or not text"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct zpl zpl = zpl_begin(rows[i].text, strlen(rows[i].text));
        struct zpl_item item;
        struct fault fault;
        int rc;
        while ((rc = zpl_next(&zpl, &item, &fault)) > 0)
            ;
        CHECK_INT(-1, rc);
        CHECK_INT(FAULT_MALFORMED, fault.code);
        CHECK_STR(rows[i].why, fault.reason);
    }
}

static int
read_one(const char *text, size_t len)
{
    struct zpl zpl = zpl_begin(text, len);
    struct zpl_item item;
    struct fault fault;
    return zpl_next(&zpl, &item, &fault);
}

TEST(zpl_has_limits)
{
    char text[ZPL_LINE + 2];

    memset(text, 'x', sizeof text);
    memcpy(text, "a = ", 4);
    CHECK_INT(1, read_one(text, ZPL_LINE));
    CHECK_INT(-1, read_one(text, ZPL_LINE + 1));
    text[ZPL_LINE] = '\n';
    CHECK_INT(1, read_one(text, ZPL_LINE + 1));

    memset(text, 'x', sizeof text);
    CHECK_INT(1, read_one(text, ZPL_PATH));
    CHECK_INT(-1, read_one(text, ZPL_PATH + 1));
    CHECK_INT(-1, read_one("a = b\0c", 7));
    CHECK_INT(0, read_one("", 0));
}

/* --- identities ------------------------------------------------------------ */

static bool
same(const struct identity *a, const struct identity *b)
{
    return memcmp(a, b, sizeof *a) == 0; /* they are zero where nothing was said */
}

TEST(identity_reads_what_it_writes)
{
    struct identity identity;
    struct identity again;
    struct fault fault;
    char text[IDENTITY_FILE];

    CHECK(identity_read(&identity, full, sizeof full - 1, &fault));
    CHECK_INT(HAS_ALL | HAS_SIGNING, identity.has);
    CHECK_STR("police/crm", identity.client);
    CHECK(memcmp(identity.public, client_public, CURVE_KEY) == 0);
    CHECK_INT(2, identity.address_count);
    CHECK_STR("tcp://board.example.org:5570", identity.address[0]);
    CHECK_STR("ipc:///run/maat/hub", identity.address[1]);
    CHECK_INT(sizeof full - 1, identity_write(&identity, text));
    CHECK(memcmp(full, text, sizeof full - 1) == 0);

    /* Each set of parts; a secret key alone, too. */
    for (unsigned has = 0; has <= (HAS_ALL | HAS_SIGNING); has++) {
        struct identity part = {.has = has};
        if (has & HAS_CLIENT)
            strcpy(part.client, identity.client);
        if (has & HAS_PUBLIC)
            memcpy(part.public, identity.public, CURVE_KEY);
        if (has & HAS_SECRET)
            memcpy(part.secret, identity.secret, CURVE_KEY);
        if (has & HAS_SERVER)
            memcpy(part.server, identity.server, CURVE_KEY);
        if (has & HAS_SIGNING)
            memcpy(part.signing, identity.signing, CURVE_KEY);
        if (has & HAS_ADDRESS)
            strcpy(part.address[part.address_count++], "tcp://[::1]:1");
        CHECK(identity_read(&again, text, identity_write(&part, text), &fault));
        CHECK(same(&part, &again));
    }
}

#define ID_64 "a123456789b123456789c123456789d123456789e123456789f123456789.-_z"

TEST(identity_takes_the_longest_client)
{
    static const char text[] = "client = " ID_64 "/" ID_64;
    struct identity identity;
    struct fault fault;

    CHECK(identity_read(&identity, text, sizeof text - 1, &fault));
    CHECK_INT(IDENTITY_CLIENT, strlen(identity.client));
}

TEST(identity_refuses_by_line_and_field)
{
    static const struct {
        const char *text;
        enum fault_code code;
        const char *field;
        const char *reason;
    } rows[] = {
        {"client = police", FAULT_FIELD_INVALID, "client",
         "line 1: expected an agency's id, \"/\" and a name, as in police/crm"},
        {"client = " ID_64 "/" ID_64 "x", FAULT_FIELD_INVALID, "client",
         "line 1: expected an agency's id, \"/\" and a name, as in police/crm"},
        {"\nclient = a/b\nclient = a/b", FAULT_FIELD_INVALID, "client", "line 3: said twice"},
        {"cleint = a/b", FAULT_FIELD_UNKNOWN, "cleint", "line 1: no such field"},
        {"curve\n    private-key = x", FAULT_FIELD_UNKNOWN, "curve/private-key",
         "line 2: no such field"},
        {"curve = x", FAULT_FIELD_INVALID, "curve", "line 1: a section has no value"},
        {"curve\n    secret-key = \"x\"", FAULT_FIELD_INVALID, "curve/secret-key",
         "line 2: not the 40 characters of a key"},
        {"curve\n    public-key = \"" CLIENT_PUBLIC "\"\n    secret-key = \"" SERVER_SECRET "\"",
         FAULT_FIELD_INVALID, "curve/secret-key", "does not belong to the public key"},
        {"broker\n    address = board.example.org:5570", FAULT_FIELD_INVALID, "broker/address",
         "line 2: expected tcp://host:port or ipc://path"},
        {"metadatas", FAULT_FIELD_UNKNOWN, "metadatas", "line 1: no such field"},
        {"curve\n    public-key = \"" CLIENT_PUBLIC, FAULT_MALFORMED, "",
         "line 2: a quote is not closed"},
    };
    const struct identity nothing = {0};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct identity identity;
        struct fault fault;
        CHECK(!identity_read(&identity, rows[i].text, strlen(rows[i].text), &fault));
        CHECK_INT(rows[i].code, fault.code);
        CHECK_STR(rows[i].field, fault.field);
        CHECK_STR(rows[i].reason, fault.reason);
        CHECK(same(&identity, &nothing));
    }
}

TEST(identity_takes_eight_addresses)
{
    char text[1024] = "broker\n";
    struct identity identity;
    struct fault fault;

    for (int i = 0; i < IDENTITY_ADDRESSES; i++)
        strcat(text, "    address = tcp://a:1\n");
    CHECK(identity_read(&identity, text, strlen(text), &fault));
    CHECK_INT(IDENTITY_ADDRESSES, identity.address_count);
    strcat(text, "    address = tcp://a:1\n");
    CHECK(!identity_read(&identity, text, strlen(text), &fault));
    CHECK_STR("line 10: more than 8 addresses", fault.reason);
}

TEST(identity_knows_an_address_when_it_sees_one)
{
    static const char *const good[] = {"tcp://a:1",
                                       "tcp://board-1.example.org:65535",
                                       "tcp://127.0.0.1:5570",
                                       "tcp://[::1]:5570",
                                       "tcp://[fe80::1]:1",
                                       "ipc://x",
                                       "ipc:///run/maat/hub"};
    static const char *const bad[] = {"",
                                      "tcp://",
                                      "tcp://a",
                                      "tcp://a:",
                                      "tcp://a:0",
                                      "tcp://a:65536",
                                      "tcp://:1",
                                      "tcp://a:100000",
                                      "tcp://*:1",
                                      "tcp://a:*",
                                      "tcp://a b:1",
                                      "tcp://[]:1",
                                      "tcp://[::1:1",
                                      "tcp://::1]:1",
                                      "tcp://[x]:1",
                                      "tcp://a:+1",
                                      "ipc://",
                                      "ipc://a\"b",
                                      "inproc://a",
                                      "udp://a:1",
                                      "tcp:/a:1",
                                      "tcp://[:]]:1",
                                      "tcp://a:1 "};
    char text[IDENTITY_ADDRESS + 2];

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK(identity_is_address(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (identity_is_address(bad[i]))
            FAIL_WITH("took %s", bad[i]);

    snprintf(text, sizeof text, "ipc://%0107d", 0); /* as long as a UNIX socket's path may be */
    CHECK(identity_is_address(text));
    snprintf(text, sizeof text, "ipc://%0108d", 0);
    CHECK(!identity_is_address(text));
    snprintf(text, sizeof text, "tcp://%0*d:1", IDENTITY_ADDRESS - 8, 0);
    CHECK_INT(IDENTITY_ADDRESS, strlen(text));
    CHECK(identity_is_address(text));
    snprintf(text, sizeof text, "tcp://%0*d:1", IDENTITY_ADDRESS - 7, 0);
    CHECK(!identity_is_address(text));
}

/* --- files ----------------------------------------------------------------- */

struct place {
    struct scratch scratch;
    char path[300];
};

static void
place_open(struct place *s)
{
    scratch_make(&s->scratch);
    snprintf(s->path, sizeof s->path, "%s/lead.zpl", s->scratch.path);
}

static void
place_close(struct place *s)
{
    unlink(s->path);
    CHECK_INT(0, rmdir(s->scratch.path)); /* nothing else was left */
}

static void
put_file(const char *path, const char *text, size_t len, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(fd >= 0);
    CHECK_INT(len, write(fd, text, len));
    CHECK_INT(0, fchmod(fd, mode));
    close(fd);
}

static struct identity
an_identity(void)
{
    struct identity identity;
    struct fault fault;
    CHECK(identity_read(&identity, full, sizeof full - 1, &fault));
    return identity;
}

TEST(identity_saves_privately_and_never_over_another)
{
    struct place s;
    struct identity identity = an_identity();
    struct identity loaded;
    struct fault fault;
    struct stat status;

    place_open(&s);
    mode_t before = umask(0);
    bool saved = identity_save(&identity, s.path, &fault);
    umask(before);
    CHECK(saved);
    CHECK_INT(0, stat(s.path, &status));
    CHECK_INT(0100600, status.st_mode);
    CHECK(identity_load(&loaded, s.path, HAS_ALL, &fault));
    CHECK(same(&identity, &loaded));

    strcpy(identity.client, "police/other");
    CHECK(!identity_save(&identity, s.path, &fault));
    CHECK_INT(FAULT_RULE, fault.code);
    CHECK_STR("is there already; a key file is never overwritten", fault.reason);
    CHECK(identity_load(&loaded, s.path, HAS_ALL, &fault));
    CHECK_STR("police/crm", loaded.client);

    char left[310]; /* by a replacement that was killed half way */
    snprintf(left, sizeof left, "%s.new", s.path);
    put_file(left, "client", 6, 0600);
    CHECK(identity_replace(&identity, s.path, &fault));
    CHECK(identity_load(&loaded, s.path, HAS_ALL, &fault));
    CHECK(same(&identity, &loaded));
    CHECK_INT(0, stat(s.path, &status));
    CHECK_INT(0100600, status.st_mode);
    place_close(&s);

    CHECK(!identity_save(&identity, s.path, &fault)); /* its folder is gone */
    CHECK_STR("can't be written: No such file or directory", fault.reason);
    CHECK(!identity_replace(&identity, s.path, &fault));
    CHECK_STR("can't be replaced: No such file or directory", fault.reason);
}

/* Also a link that leads nowhere yet is not written through. */
TEST(identity_saves_through_no_link)
{
    struct place s;
    struct identity identity = an_identity();
    struct fault fault;
    char target[310];

    place_open(&s);
    snprintf(target, sizeof target, "%s/target", s.scratch.path);
    CHECK_INT(0, symlink(target, s.path));
    CHECK(!identity_save(&identity, s.path, &fault));
    CHECK_INT(-1, access(target, F_OK));
    place_close(&s);
}

TEST(identity_loads_no_secret_that_others_may_read)
{
    static const mode_t open_modes[] = {0640, 0620, 0610, 0604, 0602, 0601, 0644};
    struct place s;
    struct identity identity;
    struct fault fault;
    const struct identity nothing = {0};
    static const char public_only[] = "curve\n    public-key = \"" CLIENT_PUBLIC "\"\n";

    place_open(&s);
    for (size_t i = 0; i < sizeof open_modes / sizeof *open_modes; i++) {
        put_file(s.path, full, sizeof full - 1, open_modes[i]);
        CHECK(!identity_load(&identity, s.path, 0, &fault));
        CHECK_INT(FAULT_NOT_PERMITTED, fault.code);
        CHECK_STR("curve/secret-key", fault.field);
        CHECK(same(&identity, &nothing));
    }
    CHECK(strstr(fault.reason, "mode 0644"));
    CHECK(strstr(fault.reason, "chmod 600"));
    put_file(s.path, full, sizeof full - 1, 0400);
    CHECK(identity_load(&identity, s.path, HAS_ALL, &fault));
    put_file(s.path, public_only, sizeof public_only - 1, 0644);
    CHECK(identity_load(&identity, s.path, HAS_PUBLIC, &fault));
    CHECK_INT(HAS_PUBLIC, identity.has);
    place_close(&s);
}

TEST(identity_says_what_a_file_lacks)
{
    static const struct {
        unsigned part;
        const char *field;
    } rows[] = {{HAS_CLIENT, "client"},
                {HAS_PUBLIC, "curve/public-key"},
                {HAS_SECRET, "curve/secret-key"},
                {HAS_SERVER, "broker/server-key"},
                {HAS_SIGNING, "broker/signing-key"},
                {HAS_ADDRESS, "broker/address"}};
    struct place s;
    struct identity identity;
    struct fault fault;

    place_open(&s);
    put_file(s.path, "# nothing\n", 10, 0600);
    CHECK(identity_load(&identity, s.path, 0, &fault));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(!identity_load(&identity, s.path, rows[i].part, &fault));
        CHECK_INT(FAULT_FIELD_MISSING, fault.code);
        CHECK_STR(rows[i].field, fault.field);
    }
    place_close(&s);
}

TEST(identity_loads_files_only)
{
    struct place s;
    struct identity identity;
    struct fault fault;
    static char text[IDENTITY_FILE + 1];

    place_open(&s);
    CHECK(!identity_load(&identity, s.path, 0, &fault));
    CHECK_STR("can't be opened: No such file or directory", fault.reason);
    CHECK(!identity_load(&identity, s.scratch.path, 0, &fault));
    CHECK_STR("is not a file", fault.reason);
    CHECK_INT(0, mkfifo(s.path, 0600));
    CHECK(!identity_load(&identity, s.path, 0, &fault));
    CHECK_STR("is not a file", fault.reason);
    unlink(s.path);

    memset(text, '\n', sizeof text);
    put_file(s.path, text, IDENTITY_FILE, 0600);
    CHECK(identity_load(&identity, s.path, 0, &fault));
    put_file(s.path, text, IDENTITY_FILE + 1, 0600);
    CHECK(!identity_load(&identity, s.path, 0, &fault));
    CHECK_INT(FAULT_LIMIT, fault.code);
    place_close(&s);
}

/* --- czmq's certificates --------------------------------------------------- */

TEST(identity_reads_czmq_s_certificates_and_czmq_reads_ours)
{
    struct place s;
    struct identity identity = an_identity();
    struct fault fault;

    place_open(&s);
    CHECK(identity_save(&identity, s.path, &fault));
    zcert_t *cert = zcert_load(s.path);
    CHECK(cert);
    CHECK_STR(CLIENT_PUBLIC, zcert_public_txt(cert));
    CHECK_STR(CLIENT_SECRET, zcert_secret_txt(cert));
    zconfig_t *config = zconfig_load(s.path);
    CHECK_STR("tcp://board.example.org:5570", zconfig_get(config, "broker/address", ""));
    zconfig_destroy(&config);
    unlink(s.path);

    zcert_set_meta(cert, "name", "%s", "anything # at all");
    CHECK_INT(0, zcert_save_secret(cert, s.path));
    zcert_destroy(&cert);
    CHECK(identity_load(&identity, s.path, HAS_PUBLIC | HAS_SECRET, &fault));
    CHECK_INT(HAS_PUBLIC | HAS_SECRET, identity.has);
    CHECK(memcmp(identity.public, client_public, CURVE_KEY) == 0);
    place_close(&s);
}
