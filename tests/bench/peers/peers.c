#include "tests/bench/peers/peer.h"

#include <string.h>

extern const struct peer redis, postgres, rabbitmq, nats, nats_synced, mosquitto;

const struct peer *const peers[] = {&redis,       &postgres,  &rabbitmq, &nats,
                                    &nats_synced, &mosquitto, NULL};

void
peer_key(unsigned key, char text[PEER_KEY])
{
    memcpy(text, "plan-000/00000", sizeof "plan-000/00000");
    for (unsigned at = 13, left = key; at > 8; at--, left /= 10)
        text[at] = (char)('0' + left % 10);
    for (unsigned at = 7, left = key / 1000; at > 4; at--, left /= 10)
        text[at] = (char)('0' + left % 10);
}
