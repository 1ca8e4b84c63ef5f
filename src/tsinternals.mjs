#!/usr/bin/env node
// The program's entry. Plain enough for any Node that knows modules (12, in Debian 11 and Ubuntu
// 22.04), so that a too old one gets a sentence instead of a stack trace.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  // npx puts that Node in front of PATH, where this file's first line finds it.
  const installed = import.meta.url.includes("/node_modules/");
  const fix = installed
    ? `npx -y -p node-${process.platform}-${process.arch}@24 tsinternals …`
    : "npm start -- …";
  console.error(
    `tsinternals: this is Node ${process.versions.node}, and 22.12 is the oldest that works.\n` +
      `  try: ${fix}`,
  );
  process.exit(3);
}
// No top-level await: Node 12 would stop at its syntax.
import("./first.js").then(() => import("./cli.js"));
