import type { Bundle, World } from "../../../timeline/world.ts";
import type { SpecSection, Subject } from "./spec-field.ts";
import {
  hookFields,
  hostNameField,
  mappingFields,
  namespaceFields,
  seccompField,
} from "./spec-linux.ts";
import { coveredFields, mountFields, rootFields } from "./spec-mounts.ts";
import { processFields } from "./spec-process.ts";
import { resourceFields } from "./spec-resources.ts";

/**
 * A container's config.json beside what the kernel shows of its process, in the order of the
 * runtime specification. Null: there is no config.json that could be read.
 */
export function specSections(bundle: Bundle, world: World): SpecSection[] | null {
  const config = parse(bundle.config);
  if (typeof config !== "object" || config === null) return null;
  const subject: Subject = { config, bundle, world };
  const linux = [
    ...namespaceFields(subject),
    ...mappingFields(subject),
    ...resourceFields(subject),
    seccompField(subject),
  ];
  return [
    { name: "process", fields: processFields(subject) },
    { name: "root", fields: [...rootFields(subject), ...hostNameField(subject)] },
    { name: "mounts", fields: mountFields(subject) },
    { name: "linux", fields: linux },
    { name: "linux, covered paths", fields: coveredFields(subject) },
    { name: "hooks", fields: hookFields(subject) },
  ].filter(({ fields }) => fields.length > 0);
}

function parse(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}
