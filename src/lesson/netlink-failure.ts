import type { Syscall } from "../timeline/event.ts";

/** A request that the network part of the kernel refused. */
export interface NetlinkFailure {
  readonly name: string;
  readonly errno: string;
  readonly about: string;
  readonly shown: string;
  /** The kernel's own words for it, which newer kernels give (NLMSGERR_ATTR_MSG). */
  readonly says: string | null;
}

/**
 * `ip link add …` succeeds in sending and receiving; that it failed is in the answer, which strace
 * decodes (netlink(7), NLMSG_ERROR): `{error=-EEXIST, msg=[{… nlmsg_type=RTM_NEWLINK …}]}`.
 */
export function netlinkFailure(call: Syscall): NetlinkFailure | null {
  if (!/^recv(msg|from|mmsg)$/.test(call.name)) return null;
  const text = call.args.join(", ");
  const [, errno] = /nlmsg_type=NLMSG_ERROR\b[\s\S]*?\{error=-(E[A-Z0-9]+)/.exec(text) ?? [];
  if (errno === undefined) return null;
  const answer = text.slice(text.indexOf("{error="));
  // Of netfilter's the part of it comes first: `NFNL_SUBSYS_NFTABLES<<8|NFT_MSG_NEWRULE`.
  const [, type] =
    /nlmsg_type=(?:\w+<<8\|)?([A-Z]\w*)/.exec(answer.split("NLMSGERR_ATTR")[0] ?? "") ?? [];
  // "ip -o link" asks whether a link is there before it makes it.
  if (type?.startsWith("RTM_GET")) return null;
  const [, link] = /nla_type=IFLA_IFNAME\}, ("[^"]*")/.exec(answer) ?? [];
  const [, says] = /nla_type=NLMSGERR_ATTR_MSG\}, "([^"]*)"/.exec(answer) ?? [];
  // In a network namespace that strace cannot look into it does not know the protocol.
  const name = type ?? "a netlink request";
  const shown = link === undefined ? name : `${name}(${link})`;
  return { name, errno, about: link?.slice(1, -1) ?? "", shown, says: says ?? null };
}
