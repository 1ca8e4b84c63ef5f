/* An nft rule, read: a small program whose expressions load bytes into registers and compare them. */
#ifndef RULE_PROGRAM_H
#define RULE_PROGRAM_H

#include "rule-text.h"

#define REGISTERS 24
/* NFPROTO_…, linux/netfilter.h, which does not go together with libc's headers. */
#define PROTO_IPV4 2
#define PROTO_IPV6 10

/* How the bytes in a register are to be read. */
enum value { VALUE_HEX, VALUE_IP, VALUE_IP6, VALUE_BIG, VALUE_HOST, VALUE_PROTOCOL, VALUE_NAME, VALUE_STATE,
	     VALUE_TYPE, VALUE_NFPROTO, VALUE_MAC };

/* What an expression has loaded into a register, for a later one to compare. */
struct loaded {
	char field[64]; /* "tcp dport" */
	enum value value;
	int prefix;	/* of a mask; -1: none */
	uint32_t mask;
	bool masked;
	unsigned char bytes[16];
	size_t length; /* of what an immediate put there */
};

struct program {
	struct rule_text *rule;
	int family;
	struct loaded registers[REGISTERS];
	char held[32]; /* `meta l4proto tcp`: said by what follows, or else at the end */
};

/* rule-values.c */
void value_text(char *text, size_t size, const struct loaded *loaded, const unsigned char *bytes, size_t length);
/* The bytes of an NFTA_DATA_VALUE in this nest; the length may be 0. */
const unsigned char *data_bytes(const struct rtattr *nest, size_t *length);
/* The register of this number; of what cannot be one, register 0. */
struct loaded *register_at(struct program *program, const struct rtattr *number);
/* What an immediate put into a register; "" for nothing. */
void held_value(char *text, size_t size, struct program *program, const struct rtattr *number, enum value value);

/* rule-loads.c: the expressions meta, payload, ct, fib, bitwise and immediate. */
void load_meta(struct program *program, const struct rtattr **a);
void load_payload(struct program *program, const struct rtattr **a);
void load_ct(struct program *program, const struct rtattr **a);
void load_fib(struct program *program, const struct rtattr **a);
void load_bitwise(struct program *program, const struct rtattr **a);
void load_immediate(struct program *program, const struct rtattr **a);

#endif
