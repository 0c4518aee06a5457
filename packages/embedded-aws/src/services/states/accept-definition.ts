import { AwsError } from "../../engine/aws-error.ts";
import type { Definition } from "./asl/definition.ts";
import { findUnbuilt } from "./validation/find-unbuilt.ts";
import { parseDefinition } from "./validation/parse-definition.ts";
import { validateDefinition } from "./validation/validate-definition.ts";

/**
 * A definition that the interpreter can run. Throws InvalidDefinition as AWS words it, and NotImplemented for what is
 * right in AWS and not built here.
 */
export function acceptDefinition(text: string | undefined, type: "STANDARD" | "EXPRESS" = "STANDARD"): Definition {
  const { definition, diagnostics } = parseDefinition(text ?? "");
  const all = definition ? [...diagnostics, ...validateDefinition(definition, type)] : diagnostics;
  if (!definition || all.length > 0) {
    const list = all.map(
      ({ code, message, location }) => `${code}: ${message.trimEnd()}${location ? ` at ${location}` : ""}`,
    );
    throw new AwsError("InvalidDefinition", `Invalid State Machine Definition: '${list.join(", ")}'`);
  }
  const unbuilt = type === "EXPRESS" ? "type EXPRESS is not built in the embedded AWS" : findUnbuilt(definition);
  if (unbuilt !== undefined) {
    throw new AwsError("NotImplemented", `states: ${unbuilt}`);
  }
  return definition as unknown as Definition;
}
