import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { keepSession } from "../../src/commands/keep-session.ts";
import { recordTo } from "../../src/commands/recorder.ts";
import type { Session } from "../../src/commands/session.ts";
import { keptSession, stateFolder } from "../../src/host/state-folder.ts";
import type { Event } from "../../src/timeline/event.ts";
import { createTimeline } from "../../src/timeline/timeline.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tsi-keep-"));
  vi.stubEnv("XDG_STATE_HOME", folder);
  vi.stubEnv("SUDO_UID", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

const said = (message: string): Event => ({ kind: "diagnostic", t: 1, source: "test", message });
const session = (kind: "live" | "replay" = "live") => {
  const timeline = createTimeline([said("first")]);
  const mode = { kind };
  return { timeline, lesson: { id: "demo" }, driver: { mode } } as unknown as Session;
};
const kept = (file = keptSession("demo")): string => readFileSync(file, "utf8");

describe("the state folder", () => {
  test("is XDG's where that is an absolute path, else below the home folder", () => {
    expect(stateFolder()).toBe(join(folder, "tsinternals"));
    expect(stateFolder({ XDG_STATE_HOME: "here" })).toMatch(/^\/.*\/\.local\/state\/tsinternals$/);
    // sudo -E would carry root's or the caller's: the user in force has one of his own.
    expect(stateFolder({ SUDO_UID: "1000", XDG_STATE_HOME: folder })).not.toContain(folder);
  });
});

describe("a live session", () => {
  test("is kept while it happens, and the one before it", () => {
    const one = session();
    keepSession(one, expect.fail);
    expect(kept()).toContain("first");
    one.timeline.append([said("second")]);
    expect(kept()).toContain("second");
    keepSession(session(), expect.fail);
    expect(kept()).not.toContain("second");
    expect(kept(join(folder, "tsinternals/sessions/demo.1.ndjson"))).toContain("second");
  });

  test("that had no room on the disk does not take the place of the one before", () => {
    for (const what of ["good", "later"]) {
      const one = session();
      keepSession(one, expect.fail);
      one.timeline.append([said(what)]);
    }
    writeFileSync(keptSession("demo"), "");
    keepSession(session(), expect.fail);
    expect(kept(join(folder, "tsinternals/sessions/demo.1.ndjson"))).toContain("good");
  });

  test("that is recorded as well is encoded once, and both files have all of it", () => {
    let encoded = 0;
    const event = { ...said("once"), toJSON: () => ({ ...said("once"), count: ++encoded }) };
    const one = session();
    const copy = join(folder, "copy.ndjson");
    recordTo(copy, one.timeline, expect.fail);
    keepSession(one, expect.fail);
    one.timeline.append([event as Event]);
    one.timeline.append([said("last")]);
    expect(encoded).toBe(1);
    expect(kept()).toMatch(/first[\s\S]*once[\s\S]*last/);
    expect(kept(copy)).toBe(kept());
  });

  test("is not kept when it is a replay", () => {
    keepSession(session("replay"), expect.fail);
    expect(() => kept()).toThrow("ENOENT");
  });

  test("goes on where nothing can be kept, and says so once", () => {
    writeFileSync(join(folder, "tsinternals"), "");
    const complaints: string[] = [];
    const one = session();
    keepSession(one, (message) => complaints.push(message));
    one.timeline.append([said("second")]);
    expect(complaints).toEqual([expect.stringMatching(/^this session is not kept: .*ENOTDIR/)]);
  });

  test("is kept up to a size", () => {
    const file = join(folder, "small.ndjson");
    const complaints: string[] = [];
    const { timeline } = session();
    recordTo(file, timeline, (message) => complaints.push(message), 1000);
    timeline.append([said("second")]);
    timeline.append([said("long ".repeat(1000))]);
    timeline.append([said("after")]);
    expect(kept(file)).toMatch(/second"\}\n$/);
    expect(complaints).toHaveLength(1);
  });
});
