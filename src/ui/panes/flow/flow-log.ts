import type { DockerdLog } from "../../../timeline/event-daemon.ts";
import { oneLine } from "../../labels.ts";
import { shortPath } from "./flow-path.ts";

/** What dockerd's debug log says of a request: all there is of clients that nobody traces. */
export function loggedRequest({ message, fields }: DockerdLog): string | null {
  // Up to Docker 25 a sentence, then fields of their own.
  const [, method, target] = /^Calling ([A-Z]+) (\/\S*)$/.exec(message) ?? [];
  const verb = method ?? (/^handling [A-Z]+ request$/.test(message) ? fields.method : undefined);
  const path = (target ?? fields["request-url"])?.split("?")[0];
  if (verb === undefined || path === undefined) return null;
  return oneLine(`${verb} ${shortPath(path)}`);
}
