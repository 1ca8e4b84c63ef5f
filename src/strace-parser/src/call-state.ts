/**
 * - `returned`: strace printed a result; it is `?` for calls that do not return (exit_group) and
 *   for interrupted ones (`errno` is then ERESTARTSYS and the like).
 * - `unfinished`: the thread died, or the input ended, inside the call.
 * - `detached`: strace left while the call was open.
 * - `unavailable`: strace could not read the result (`= ? <unavailable>`).
 */
export type CallState = "returned" | "unfinished" | "detached" | "unavailable";
