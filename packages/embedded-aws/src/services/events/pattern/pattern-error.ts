import { AwsError } from "../../../engine/operation.ts";
import type { JsonNode } from "./read-json.ts";

/** Why a pattern is invalid, and the offset that AWS reports (none for reasons found after parsing). */
export class PatternFault extends Error {
  override readonly name = "PatternFault";
  readonly at: number | undefined;

  constructor(reason: string, at?: number) {
    super(reason);
    this.at = at;
  }
}

/** An error at a value: AWS reports the position after a scalar, or after the opening bracket of an array or object. */
export const faultAt = (node: JsonNode, reason: string): PatternFault =>
  new PatternFault(reason, node.kind === "scalar" ? node.end : node.start + 1);

/** AWS's error: `Event pattern is not valid. Reason: ...`, with the position on a second line. */
export function invalidPattern(text: string, fault: { message: string; at: number | undefined }): AwsError {
  const where = fault.at === undefined ? "" : `\n at [Source: (String)"${text}"; ${position(text, fault.at)}]`;
  return new AwsError("InvalidEventPatternException", `Event pattern is not valid. Reason: ${fault.message}${where}`);
}

function position(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `line: ${before.length}, column: ${(before.at(-1)?.length ?? 0) + 1}`;
}
