# Configuration of maat-agent: one agent for an agency and host.
# Every line may also be given as a flag: `maat-agent run --help` explains them all.

# This agent's key and where the broker is: maat-agent init makes it; mode 0600.
key = "/etc/maat/agency.zpl"

# Where submissions wait until the broker has them. On a disk that is backed up with
# nothing else: an outbox restored from a copy is a fork, and the agent says so.
outbox = "/var/lib/maat-agent/outbox"

# What the broker refused, a file each, for a person.
refused = "/var/lib/maat-agent/refused"

# Files are renamed into this folder; results lie beside them (NAME.done, NAME.refused).
spool = "/var/spool/maat"

# Who may put them there: the folder is given to this group, with mode 3770, of which the
# agent's user must be a member. A folder that everybody may write to is refused.
# spool-group = "maat-spool"
taken-days = 30

# Callers of this host: one line of JSON in, one out (agents/agency/SOCKET.md).
socket = "/run/maat-agent/agent.sock"
socket-mode = "0660"
# socket-group = "maat"

# The broker's addresses, where they differ from the key file's; tried in turn.
# broker = "tcp://board.example.org:5570"
# broker = "tcp://standby.example.org:5570"

# Where Prometheus reads /metrics, and anyone of this host /health. With this line or
# without, status.sock in the outbox's folder answers too.
# metrics = "tcp://127.0.0.1:9571"

# Several boards: instead of key, outbox, refused, broker and metrics above, a group of
# lines for each (agents/agency/SOCKET.md). Commands reach one with --at north.
# As a service it has to be handed a key for each: OPERATING.md, "Several boards".
# boards
#     north
#         key = "/etc/maat/north.zpl"
#         outbox = "/var/lib/maat-agent/north"
#     south
#         key = "/etc/maat/south.zpl"
#         outbox = "/var/lib/maat-agent/south"
#         plans = "da-2016"
#         plans = "neglect-*"
