// Stands in for packages that the bundle leaves out (see build.mjs).
export default { connectToDevTools() {}, initialize() {} };

/** cli-highlight's: code stays in the one colour that marked-terminal gives it when this throws. */
export function highlight() {
  throw new Error("no colours for languages in here");
}

/** node-emoji's: `:name:` stays as it was written. */
export function get() {}
