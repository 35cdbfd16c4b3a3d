#include "schema/wire/identity.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/ids.h"
#include "schema/wire/zpl.h"

enum kind { SECTION, NOTES, KEY, CLIENT, ADDRESS };

/* clang-format off */
static const struct file_field {
    const char *path;
    enum kind kind;
    unsigned part;
    size_t offset; /* of a key */
} fields[] = {
    {"metadata",           NOTES,   0,           0},
    {"client",             CLIENT,  HAS_CLIENT,  0},
    {"curve",              SECTION, 0,           0},
    {"curve/public-key",   KEY,     HAS_PUBLIC,  offsetof(struct identity, public)},
    {"curve/secret-key",   KEY,     HAS_SECRET,  offsetof(struct identity, secret)},
    {"broker",             SECTION, 0,           0},
    {"broker/server-key",  KEY,     HAS_SERVER,  offsetof(struct identity, server)},
    {"broker/signing-key", KEY,     HAS_SIGNING, offsetof(struct identity, signing)},
    {"broker/address",     ADDRESS, HAS_ADDRESS, 0},
};
/* clang-format on */

enum { FIELDS = sizeof fields / sizeof *fields };

static const struct file_field *
find_field(const char *path)
{
    if (strncmp(path, "metadata/", strlen("metadata/")) == 0)
        return &fields[0];
    for (size_t i = 0; i < FIELDS; i++)
        if (strcmp(path, fields[i].path) == 0)
            return &fields[i];
    return NULL;
}

static bool
is_port(const char *text)
{
    size_t len = strspn(text, "0123456789");
    long port = len >= 1 && len <= 5 && text[len] == '\0' ? strtol(text, NULL, 10) : 0;
    return port >= 1 && port <= 65535;
}

static bool
is_tcp(const char *host)
{
    const char *colon = strrchr(host, ':');
    if (!colon || colon == host || !is_port(colon + 1))
        return false;
    size_t len = (size_t)(colon - host);
    if (*host == '[')
        return len > 2 && 1 + strspn(host + 1, "0123456789abcdefABCDEF:.") == len - 1
               && host[len - 1] == ']';
    return strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") == len;
}

bool
identity_is_address(const char *text)
{
    enum { IPC_PATH = 107 }; /* what a UNIX socket's address holds */
    static const char tcp[] = "tcp://";
    static const char ipc[] = "ipc://";

    if (strlen(text) > IDENTITY_ADDRESS)
        return false;
    if (strncmp(text, tcp, strlen(tcp)) == 0)
        return is_tcp(text + strlen(tcp));
    if (strncmp(text, ipc, strlen(ipc)) != 0)
        return false;
    size_t len = strlen(text + strlen(ipc));
    return len >= 1 && len <= IPC_PATH && !strchr(text, '"');
}

/* Returns why not, or NULL. */
static const char *
take_key(struct identity *out, const struct file_field *field, const char *value)
{
    return curve_parse(value, (uint8_t *)out + field->offset) ? NULL
                                                              : "not the 40 characters of a key";
}

static const char *
take_client(struct identity *out, const char *value)
{
    if (!path_valid((struct text){value, (uint32_t)strlen(value)}))
        return "expected an agency's id, \"/\" and a name, as in police/crm";
    memcpy(out->client, value, strlen(value) + 1); /* fits, or it were none */
    return NULL;
}

static const char *
take_address(struct identity *out, const char *value)
{
    if (!identity_is_address(value))
        return "expected tcp://host:port or ipc://path";
    if (out->address_count == IDENTITY_ADDRESSES)
        return "more than 8 addresses";
    memcpy(out->address[out->address_count++], value, strlen(value) + 1);
    return NULL;
}

static const char *
take(struct identity *out, const struct file_field *field, const char *value)
{
    if (field->part != HAS_ADDRESS && (out->has & field->part))
        return "said twice";
    out->has |= field->part;
    switch (field->kind) {
    case NOTES: return NULL;
    case SECTION: return *value ? "a section has no value" : NULL;
    case KEY: return take_key(out, field, value);
    case CLIENT: return take_client(out, value);
    case ADDRESS: break;
    }
    return take_address(out, value);
}

static bool
take_item(struct identity *out, const struct zpl_item *item, struct fault *fault)
{
    const struct file_field *field = find_field(item->path);
    const char *why;

    if (!field)
        return fault_set(fault, FAULT_FIELD_UNKNOWN, item->path, "line %d: no such field",
                         item->line);
    if ((why = take(out, field, item->value)))
        return fault_set(fault, FAULT_FIELD_INVALID, item->path, "line %d: %s", item->line, why);
    return true;
}

/* A pair that does not belong together would be let in nowhere, and look like
   an unknown key. */
static bool
check_pair(const struct identity *identity, struct fault *fault)
{
    const unsigned pair = HAS_PUBLIC | HAS_SECRET;
    uint8_t public[CURVE_KEY];

    if ((identity->has & pair) != pair)
        return true;
    if (curve_public_of(identity->secret, public) == 0
        && memcmp(public, identity->public, sizeof public) == 0)
        return true;
    return fault_set(fault, FAULT_FIELD_INVALID, "curve/secret-key",
                     "does not belong to the public key");
}

bool
identity_read(struct identity *out, const char *text, size_t len, struct fault *fault)
{
    struct zpl zpl = zpl_begin(text, len);
    struct zpl_item item = {0};
    bool ok = true;
    int rc = 0;

    memset(out, 0, sizeof *out);
    while (ok && (rc = zpl_next(&zpl, &item, fault)) > 0)
        ok = take_item(out, &item, fault);
    explicit_bzero(&item, sizeof item);
    ok = ok && rc == 0 && check_pair(out, fault);
    if (!ok)
        identity_wipe(out);
    return ok;
}

static void
print_key(FILE *to, const char *name, const uint8_t key[CURVE_KEY])
{
    char text[CURVE_TEXT + 1];

    curve_print(key, text);
    (void)fprintf(to, "    %s = \"%s\"\n", name, text);
    explicit_bzero(text, sizeof text);
}

static void
print_identity(FILE *to, const struct identity *identity)
{
    const unsigned has = identity->has;

    if (has & HAS_SECRET)
        (void)fprintf(to, "#   Whoever holds this file speaks for its client. Keep it secret.\n\n");
    if (has & HAS_CLIENT)
        (void)fprintf(to, "client = \"%s\"\n", identity->client);
    if (has & (HAS_PUBLIC | HAS_SECRET))
        (void)fprintf(to, "curve\n");
    if (has & HAS_PUBLIC)
        print_key(to, "public-key", identity->public);
    if (has & HAS_SECRET)
        print_key(to, "secret-key", identity->secret);
    if (has & (HAS_SERVER | HAS_SIGNING | HAS_ADDRESS))
        (void)fprintf(to, "broker\n");
    if (has & HAS_SERVER)
        print_key(to, "server-key", identity->server);
    if (has & HAS_SIGNING)
        print_key(to, "signing-key", identity->signing);
    for (size_t i = 0; i < identity->address_count; i++)
        (void)fprintf(to, "    address = \"%s\"\n", identity->address[i]);
}

size_t
identity_write(const struct identity *identity, char text[IDENTITY_FILE])
{
    FILE *to = fmemopen(text, IDENTITY_FILE, "w");

    assert(to);
    (void)setvbuf(to, NULL, _IONBF, 0); /* no copy of the secret in a buffer */
    print_identity(to, identity);
    long len = ftell(to);
    (void)fclose(to);
    return (size_t)len;
}

void
identity_wipe(struct identity *identity)
{
    explicit_bzero(identity, sizeof *identity);
}
