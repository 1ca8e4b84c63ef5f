/* When the rules of packet filters are listened to and read: nftables tells of its own from when it is
 * there, iptables-legacy never does. */
#ifndef NET_RULES_H
#define NET_RULES_H

#include <stdbool.h>
#include <sys/types.h>

/* Listens to nftables if it is there and a program has run since the last look. */
void net_rules_seek(void);
/* They could not be listened to yet: the lab did not answer. */
bool net_rules_missing(void);
bool net_rules_listens(void);
/* From now on what an iptables-legacy did is read after it. */
void net_rules_start(void);
void net_rules_stop(void);
void net_rules_pause(bool pause);
/* A process of the lab that may have changed what the kernel tells nobody of has executed (`pid`), or ended (0). */
void net_program(pid_t pid, const char *comm);
/* Reads the counters of all rules, and tells those that have changed. */
void net_count(void);

#endif
