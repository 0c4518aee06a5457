/** A variable of a template: `<name>`. */
const VARIABLE = /^<([A-Za-z0-9_.-]+)>/;

/** The names a template uses, for PutTargets to check. */
export function templateVariables(template: string): string[] {
  return [...template.matchAll(/<([A-Za-z0-9_.-]+)>/g)].map((match) => match[1] ?? "");
}

/**
 * Fills an input template. Inside a quoted string a text stands as it is (EventBridge does not escape it) and an object
 * loses its quotes; outside, a text gets quotes and an object stays JSON. A variable whose path found nothing leaves an
 * empty text. Source: EventBridge user guide, "Common issues with transforming input".
 */
export function fillTemplate(template: string, variables: ReadonlyMap<string, unknown>): string {
  let filled = "";
  let quoted = false;
  for (let at = 0; at < template.length; at++) {
    const character = template[at]!;
    const name = character === "<" ? VARIABLE.exec(template.slice(at))?.[1] : undefined;
    if (name !== undefined && variables.has(name)) {
      filled += quoted ? insideString(variables.get(name)) : asJson(variables.get(name));
      at += name.length + 1;
      continue;
    }
    if (character === "\\" && quoted) {
      filled += character + (template[++at] ?? "");
      continue;
    }
    if (character === '"') quoted = !quoted;
    filled += character;
  }
  return filled;
}

const asJson = (value: unknown): string => JSON.stringify(value ?? "");

function insideString(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value).replaceAll('"', "");
}
