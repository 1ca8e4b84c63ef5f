/**
 * PATH in the lab, whose programs are the host's. /usr/bin first: each folder before the right one
 * costs a failed execve(2) in the trace.
 */
export const LAB_PATH = "/usr/bin:/usr/sbin:/bin:/sbin:/usr/local/bin:/usr/local/sbin:/run/tsi/bin";
