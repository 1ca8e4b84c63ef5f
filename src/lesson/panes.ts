/**
 * The panes a lesson may name in `panes`, in its front matter and in a step's comment. Each is drawn
 * by a file in src/ui/panes; whoever writes one adds its name here.
 */
export const PANES = [
  "lesson",
  "events",
  "processes",
  "cgroups",
  "output",
  "namespaces",
  "mounts",
  "shell",
  "layers",
  "network",
  "exchanges",
  "flow",
  "spec",
  "charts",
] as const;

export type PaneName = (typeof PANES)[number];

export function isPane(word: string): word is PaneName {
  return (PANES as readonly string[]).includes(word);
}

export function unknownPane(word: string): string {
  return `unknown pane "${word}"; known: ${PANES.join(", ")}`;
}
