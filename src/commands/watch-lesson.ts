import type { Lesson } from "../lesson/lesson.ts";

/** The one step of `tsinternals watch docker`. */
export const WATCH_STEP = "watch";

const TEXT = `
Type \`docker run …\` in **another terminal** and follow it here. Nothing is run
in this one, and nothing on this host is changed: every source below only
reads.

- **flow**: who called whom, from the \`docker\` command through dockerd,
  containerd and the shim to runc and the container's process.
- **events**: what dockerd and containerd say of themselves, processes, groups.
- **exchanges**: the requests we send to ask the daemon about a container
  (\`ours\`). Those of your \`docker\` command cannot be seen without tracing it;
  the lesson \`docker-run\` does that, in a lab.
- **cgroups**: the files of each container that starts, read twice a second.

Values of variables that are called like a password are not shown.

\`z\` gives a pane the whole screen, \`p\` holds it. \`x\` and then \`r\` begin anew:
what comes next has times of its own. \`q\` leaves.
`.trim();

/** Watching as a lesson of one step: so every pane, view and recording works as for any other. */
export const WATCH_LESSON: Lesson = {
  format: 1,
  id: "watch-docker",
  title: "This host's Docker",
  summary: "Follow what the docker daemon of this host does; nothing is run or changed.",
  minutes: 5,
  needs: [],
  trace: [],
  strings: 256,
  panes: ["flow", "events", "processes", "cgroups", "exchanges", "namespaces", "spec"],
  intro: "",
  steps: [
    {
      id: WATCH_STEP,
      title: "Watching",
      needs: [],
      panes: null,
      trace: null,
      parts: [{ kind: "prose", variant: null, line: 1, markdown: TEXT }],
    },
  ],
  file: "src/commands/watch-lesson.ts",
};
