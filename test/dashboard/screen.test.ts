import { execFileSync } from "node:child_process";
import { PassThrough, Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { countEvents, EMPTY, type History, remember } from "../../src/dashboard/history.ts";
import { openDashboard } from "../../src/dashboard/screen.ts";
import { printable } from "../../src/timeline/printable.ts";

/** A terminal that is nobody's. */
function offScreen(columns = 100, rows = 32) {
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: true,
    setRawMode: () => {},
  });
  const written: string[] = [];
  const output = Object.assign(
    new Writable({
      write(chunk, _, done) {
        written.push(String(chunk));
        done();
      },
    }),
    { isTTY: true, columns, rows },
  );
  return { input, output, written };
}

function history(paths: readonly string[] = ["/", "/demo"]): History {
  let history = EMPTY;
  for (let look = 0; look < 20; look++) {
    const at = look * 500;
    const groups = paths.map((path) => ({
      ...{ path, memory: look * 2 ** 20, memoryLimit: 32 * 2 ** 20, cpu: look / 10 },
      ...{ throttled: 0, pids: 3, oomKills: 1 },
    }));
    history = remember(history, { at, groups }, countEvents(at, ["syscall", "process.exec"]));
  }
  return history;
}

/** What is on it, without colours. */
function text(screenshot: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken out
  return screenshot.replaceAll(/\x1b\[[0-9;]*m/g, "");
}

function shown(of: History, options: { noEvents?: string; size?: [number, number] } = {}): string {
  const { input, output } = offScreen(...(options.size ?? []));
  const { noEvents = null } = options;
  const dashboard = openDashboard({ input, output, title: "tsi-demo-1", noEvents, onQuit() {} });
  dashboard.draw(of);
  const picture = text(dashboard.screenshot());
  dashboard.close();
  return picture;
}

describe("the dashboard", () => {
  test("draws four charts with their newest values by name, and the groups", () => {
    const picture = shown(history());
    expect(picture).toMatch(/ LIVE {2}tsi-demo-1 {2}\/ .*q quit/);
    expect(picture).toContain("memory MiB: used 19, limit 32");
    expect(picture).toContain("cpu: % of a CPU 20");
    expect(picture).toContain("processes: pids 3");
    expect(picture).toContain("events /s: calls 2, processes 2, cgroups 0");
    expect(picture).toMatch(/▸ \/ +19\.0 MiB +32\.0 MiB +20 % +3 +0 +1/);
    expect(picture).toMatch(/ {3}\/demo +19\.0 MiB/);
    // Braille dots, of lines that rise.
    expect(picture).toMatch(/[⡀-⣿]{3}/);
  });

  test("fits on a small terminal", () => {
    const lines = shown(history(), { size: [60, 16] })
      .trimEnd()
      .split("\n");
    expect(lines.length).toBeLessThanOrEqual(16);
    for (const line of lines) expect(line.trimEnd().length).toBeLessThanOrEqual(60);
    expect(lines.join("\n")).toMatch(/▸ \//);
  });

  test("says why there are no events, and that a group has gone", () => {
    const gone = remember(history(), { at: 20_000, groups: [] }, null);
    const picture = shown(gone, { noEvents: "nobody keeps them" });
    expect(picture).toContain("events: nobody keeps them");
    expect(picture).toContain(" GONE  tsi-demo-1");
  });

  test("shows hostile names as text", () => {
    const picture = shown(history(["/", "/\x1b[2Jx{red-fg}y{/}\nz"]));
    expect(picture).toContain("␛[2Jx{red-fg}y");
    expect(printable(picture)).toBe(picture);
  });

  test("keys choose a group and quit; the terminal is given back", async () => {
    const { input, output, written } = offScreen();
    let quit = 0;
    const options = { input, output, title: "t", noEvents: null, onQuit: () => quit++ };
    const dashboard = openDashboard(options);
    dashboard.draw(history());
    input.write("\x1b[B");
    await expect.poll(() => text(dashboard.screenshot())).toMatch(/▸ \/demo/);
    input.write("q");
    await expect.poll(() => quit).toBe(1);
    dashboard.close();
    // The alternate screen is left and the cursor shown (terminfo(5): rmcup, cnorm).
    await expect.poll(() => written.join("")).toContain("\x1b[?1049l");
    expect(written.join("").lastIndexOf("\x1b[?25h")).toBeGreaterThan(0);
  });

  test("loads no package with an advisory against the code that runs", () => {
    const script = `await import("./src/dashboard/screen.ts");
      const { createRequire } = await import("node:module");
      console.log(Object.keys(createRequire(import.meta.url).cache).join("\\n"));`;
    const loaded = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    expect(loaded).toContain("/blessed-contrib/");
    expect(loaded).not.toMatch(/node_modules\/(xml2js|map-canvas|marked|picture-tuber)\//);
  });
});
