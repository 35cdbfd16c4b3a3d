# Settings of maat-broker: /etc/maat/broker.zpl, or broker.zpl in the board's directory.
# Every line may also be given as a flag: `maat-broker run --help` explains them all.

# Where clients connect; a line for each address. Without one: this host alone.
listen = "tcp://*:5570"

# The same as clients reach it, for the key files that are made here.
# announce = "tcp://board.example.org:5570"

# E-mail addresses that are posts, not persons: texts may hold them.
# mailboxes = "office@board.example.org"

# Below so much free disk space nothing more is accepted, until there is room.
reserve-mib = 64

# Submissions that a client may have in flight, and how often it must be heard.
window = 256
ping-ms = 10000

# What one client may add in a day.
outboxes-a-day = 1000
entries-a-day = 10000000

# Where Prometheus reads /metrics, and anyone of this host /health. With this line or
# without, status.sock in this directory answers too: `maat-broker status` asks there.
# metrics = "tcp://127.0.0.1:9570"
