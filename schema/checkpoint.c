#include "schema/checkpoint.h"

#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

enum { SIGNATURE = 64, KEY_HASH = 4, SIGNATURE_TEXT = 92 };

static const char signature_mark[] = "\xe2\x80\x94 "; /* an em dash and a space */

/* A run of bytes inside the note. */
struct span {
    const char *at;
    size_t len;
};

/* --- base64, strictly: what decodes is what would have been encoded -------- */

static bool
decode_base64(struct span text, uint8_t *out, size_t len)
{
    uint8_t bytes[SIGNATURE_TEXT];
    unsigned char again[SIGNATURE_TEXT + 1];

    assert(len <= KEY_HASH + SIGNATURE);
    if (text.len != (len + 2) / 3 * 4
        || EVP_DecodeBlock(bytes, (const unsigned char *)text.at, (int)text.len)
               != (int)text.len / 4 * 3)
        return false;
    EVP_EncodeBlock(again, bytes, (int)len);
    memcpy(out, bytes, len);
    return memcmp(again, text.at, text.len) == 0;
}

static bool
is_base64(struct span text)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t len = text.len;

    if (len == 0 || len % 4)
        return false;
    for (int pad = 0; pad < 2 && text.at[len - 1] == '='; pad++)
        len--;
    for (size_t i = 0; i < len; i++)
        if (!text.at[i] || !strchr(alphabet, text.at[i]))
            return false;
    return true;
}

void
checkpoint_print_root(const struct tree_hash *root, char text[CHECKPOINT_ROOT + 1])
{
    EVP_EncodeBlock((unsigned char *)text, root->bytes, sizeof root->bytes);
}

void
checkpoint_origin(struct text board, int64_t epoch, char origin[CHECKPOINT_ORIGIN + 1])
{
    (void)snprintf(origin, CHECKPOINT_ORIGIN + 1, "%.*s.%" PRId64, (int)board.len, board.at, epoch);
}

bool
checkpoint_read_origin(const char *origin, struct text *board, int64_t *epoch)
{
    const char *stop = strrchr(origin, '.');
    int64_t number = 0;

    if (!stop || stop == origin || !stop[1])
        return false;
    for (const char *c = stop + 1; *c; c++) {
        if (*c < '0' || *c > '9' || number > (INT64_MAX - 9) / 10)
            return false;
        number = 10 * number + (*c - '0');
    }
    *board = (struct text){origin, (uint32_t)(stop - origin)};
    *epoch = number;
    return true;
}

/* --- the parts of a note ----------------------------------------------------- */

/* UTF-8 throughout, and no control character but the newline. */
static bool
is_text(struct span note)
{
    for (size_t i = 0; i < note.len;) {
        utf8proc_int32_t c = 0;
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)note.at + i,
                                              (utf8proc_ssize_t)(note.len - i), &c);
        if (n <= 0 || (c < ' ' && c != '\n'))
            return false;
        i += (size_t)n;
    }
    return true;
}

/* Not empty, no "+" and nothing that Unicode calls a space; of valid UTF-8. */
static bool
is_key_name(struct span name)
{
    for (size_t i = 0; i < name.len;) {
        utf8proc_int32_t c = 0;
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)name.at + i,
                                              (utf8proc_ssize_t)(name.len - i), &c);
        utf8proc_category_t category = n > 0 ? utf8proc_category(c) : UTF8PROC_CATEGORY_CN;

        if (n <= 0 || c <= ' ' || c == '+' || c == 0x85 || category == UTF8PROC_CATEGORY_ZS
            || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP)
            return false;
        i += (size_t)n;
    }
    return name.len > 0;
}

/* Takes the next line off `rest`, without its newline. */
static bool
take_line(struct span *rest, struct span *line)
{
    const char *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;

    if (!end)
        return false;
    line->at = rest->at;
    line->len = (size_t)(end - rest->at);
    rest->at += line->len + 1;
    rest->len -= line->len + 1;
    return true;
}

/* Splits "— name base64". */
static bool
split_signature(struct span line, struct span *name, struct span *signature)
{
    const size_t mark = sizeof signature_mark - 1;
    const char *space = NULL;

    if (line.len <= mark || memcmp(line.at, signature_mark, mark) != 0)
        return false;
    *name = (struct span){line.at + mark, line.len - mark};
    space = memchr(name->at, ' ', name->len);
    if (!space)
        return false;
    name->len = (size_t)(space - name->at);
    *signature = (struct span){space + 1, (size_t)(line.at + line.len - space - 1)};
    return is_key_name(*name) && is_base64(*signature);
}

static bool
parse_size(struct span line, uint64_t *out)
{
    *out = 0;
    if (line.len == 0 || (line.at[0] == '0' && line.len > 1))
        return false;
    for (size_t i = 0; i < line.len; i++) {
        uint64_t digit = (uint64_t)line.at[i] - '0';
        if (line.at[i] < '0' || line.at[i] > '9' || *out > (UINT64_MAX - digit) / 10)
            return false;
        *out = *out * 10 + digit;
    }
    return true;
}

/* The text up to the empty line that ends it; `rest` is left at the signatures.
   A checkpoint has no other empty line: those that extend it are opaque, but
   not empty. */
static bool
parse_body(struct checkpoint *out, struct span *rest, struct span *body, struct fault *fault)
{
    struct span line;

    *body = *rest;
    if (!take_line(rest, &line) || !is_key_name(line) || line.len > CHECKPOINT_ORIGIN)
        return fault_set(fault, FAULT_MALFORMED, "", "the tree head's first line is no origin");
    memset(out, 0, sizeof *out);
    memcpy(out->origin, line.at, line.len);
    if (!take_line(rest, &line) || !parse_size(line, &out->head.size))
        return fault_set(fault, FAULT_MALFORMED, "", "the tree head's second line is no size");
    if (!take_line(rest, &line)
        || !decode_base64(line, out->head.root.bytes, sizeof out->head.root.bytes))
        return fault_set(fault, FAULT_MALFORMED, "", "the tree head's third line is no hash");
    do {
        body->len = (size_t)(rest->at - body->at);
        if (!take_line(rest, &line))
            return fault_set(fault, FAULT_MALFORMED, "", "the tree head has no signature");
    } while (line.len);
    return true;
}

/* --- signatures -------------------------------------------------------------- */

uint32_t
checkpoint_key_hash(const char *name, const uint8_t key[CHECKPOINT_KEY])
{
    uint8_t text[CHECKPOINT_ORIGIN + 2 + CHECKPOINT_KEY];
    uint8_t digest[SHA256_DIGEST_LENGTH];
    uint8_t *at = text;
    uint32_t hash = 0;

    assert(strlen(name) <= CHECKPOINT_ORIGIN);
    at = mempcpy(at, name, strlen(name));
    *at++ = '\n';
    *at++ = 0x01;
    at = mempcpy(at, key, CHECKPOINT_KEY);
    SHA256(text, (size_t)(at - text), digest);
    memcpy(&hash, digest, sizeof hash);
    return be32toh(hash);
}

static bool
is_signed(struct span text, const uint8_t signature[SIGNATURE], const uint8_t key[CHECKPOINT_KEY])
{
    EVP_PKEY *public = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, CHECKPOINT_KEY);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok =
        public && context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, public) == 1
        && EVP_DigestVerify(context, signature, SIGNATURE, (const unsigned char *)text.at, text.len)
               == 1;

    EVP_MD_CTX_free(context);
    EVP_PKEY_free(public);
    return ok;
}

/* Does this signature name this key? The hash is in the first four bytes, so in
   the first two quads, whatever signature follows. */
static bool
is_by(struct span signature, uint32_t key_hash)
{
    uint8_t start[6];
    uint32_t hash = 0;

    if (signature.len < 8 || !decode_base64((struct span){signature.at, 8}, start, sizeof start))
        return false;
    memcpy(&hash, start, sizeof hash);
    return be32toh(hash) == key_hash;
}

/* Walks all signature lines; `key` NULL checks their form alone. */
static bool
check_signatures(struct span rest, struct span body, const char *origin, const uint8_t *key,
                 struct fault *fault)
{
    uint32_t key_hash = key ? checkpoint_key_hash(origin, key) : 0;
    size_t found = 0;
    struct span line;

    if (rest.len == 0)
        return fault_set(fault, FAULT_MALFORMED, "", "the tree head has no signature");
    while (rest.len) {
        uint8_t bytes[KEY_HASH + SIGNATURE];
        struct span name;
        struct span signature;

        if (!take_line(&rest, &line) || !split_signature(line, &name, &signature))
            return fault_set(fault, FAULT_MALFORMED, "",
                             "a line below the tree head is no signature");
        if (!key || name.len != strlen(origin) || memcmp(name.at, origin, name.len) != 0
            || !is_by(signature, key_hash))
            continue;
        if (!decode_base64(signature, bytes, sizeof bytes)
            || !is_signed(body, bytes + KEY_HASH, key))
            return fault_set(fault, FAULT_MALFORMED, "", "the tree head's signature is wrong");
        found++;
    }
    if (key && !found)
        return fault_set(fault, FAULT_MALFORMED, "",
                         "the tree head is not signed by the board's key");
    return true;
}

bool
checkpoint_parse(struct checkpoint *out, const void *note, size_t len, struct fault *fault)
{
    struct span rest = {note, len};
    struct span body;

    if (!is_text(rest))
        return fault_set(fault, FAULT_MALFORMED, "", "the tree head is not text");
    return parse_body(out, &rest, &body, fault) && check_signatures(rest, body, "", NULL, fault);
}

bool
checkpoint_verify(struct checkpoint *out, const void *note, size_t len, const char *origin,
                  const uint8_t key[CHECKPOINT_KEY], struct fault *fault)
{
    struct span rest = {note, len};
    struct span body;

    if (!is_text(rest))
        return fault_set(fault, FAULT_MALFORMED, "", "the tree head is not text");
    if (!parse_body(out, &rest, &body, fault))
        return false;
    if (strcmp(out->origin, origin) != 0)
        return fault_set(fault, FAULT_MALFORMED, "", "the tree head is of another origin");
    return check_signatures(rest, body, origin, key, fault);
}

int
checkpoint_public_key(const uint8_t secret[CHECKPOINT_KEY], uint8_t key[CHECKPOINT_KEY])
{
    EVP_PKEY *pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, CHECKPOINT_KEY);
    size_t len = CHECKPOINT_KEY;
    bool ok = pair && EVP_PKEY_get_raw_public_key(pair, key, &len) == 1;

    EVP_PKEY_free(pair);
    return ok ? 0 : -EIO;
}

static int
sign(struct span text, const uint8_t secret[CHECKPOINT_KEY], uint8_t signature[SIGNATURE])
{
    EVP_PKEY *pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, CHECKPOINT_KEY);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t len = SIGNATURE;
    bool ok =
        pair && context && EVP_DigestSignInit(context, NULL, NULL, NULL, pair) == 1
        && EVP_DigestSign(context, signature, &len, (const unsigned char *)text.at, text.len) == 1;

    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pair);
    return ok ? 0 : -EIO;
}

int
checkpoint_sign(const struct checkpoint *c, const uint8_t secret[CHECKPOINT_KEY],
                char note[CHECKPOINT_NOTE])
{
    unsigned char text[SIGNATURE_TEXT + 1];
    char root[CHECKPOINT_ROOT + 1];
    uint8_t bytes[KEY_HASH + SIGNATURE];
    uint8_t key[CHECKPOINT_KEY];
    uint32_t hash = 0;
    int len = 0;

    if (!is_key_name((struct span){c->origin, strlen(c->origin)}))
        return -EINVAL;
    checkpoint_print_root(&c->head.root, root);
    len = snprintf(note, CHECKPOINT_NOTE, "%s\n%" PRIu64 "\n%s\n", c->origin, c->head.size, root);
    if (checkpoint_public_key(secret, key)
        || sign((struct span){note, (size_t)len}, secret, bytes + KEY_HASH))
        return -EIO;
    hash = htobe32(checkpoint_key_hash(c->origin, key));
    memcpy(bytes, &hash, sizeof hash);
    EVP_EncodeBlock(text, bytes, sizeof bytes);
    return len
           + snprintf(note + len, CHECKPOINT_NOTE - (size_t)len, "\n%s%s %s\n", signature_mark,
                      c->origin, text);
}
