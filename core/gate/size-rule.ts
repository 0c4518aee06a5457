import type { GateReason } from "../../events/gate-decided.ts";
import { buildVersion } from "../build-arn.ts";
import type { WholeEvidence } from "../evidence.ts";
import type { GateThresholds } from "../factory/gate-schema.ts";
import { reason } from "./rule.ts";

const MIB = 2 ** 20;
/** Rounded up: what is a little too much does not look as if it were not. */
const sayMiB = (bytes: number): string => `${Math.ceil((bytes / MIB) * 10) / 10} MiB`;

/** How far an image's size is from the promoted build's. A size that nobody knows is not the same size. */
export function sizeRules(
  { imageSize }: WholeEvidence,
  { sizeMiB: most, onViolation }: NonNullable<GateThresholds["drift"]>,
): GateReason[] {
  if (most === undefined) return [];
  const { bytes, before } = imageSize ?? {};
  const far = bytes === undefined || before?.bytes === undefined ? undefined : bytes - before.bytes;
  const nothingToCompare = imageSize !== undefined && before === undefined;
  return [
    reason({
      rule: "drift-size",
      passed: nothingToCompare || (far !== undefined && Math.abs(far) <= most * MIB),
      found: nothingToCompare ? "no promoted build to compare with" : say(imageSize, far),
      allowed: `at most ${most} MiB more or less`,
      onViolation,
    }),
  ];
}

function say({ bytes, before }: NonNullable<WholeEvidence["imageSize"]> = {}, far: number | undefined): string {
  const of = before ? `build ${buildVersion(before.build)}` : "the promoted build";
  if (bytes === undefined) return "its size is not known";
  if (before?.bytes === undefined || far === undefined) return `the size of ${of} is not known`;
  return `${sayMiB(bytes)}, ${sayMiB(Math.abs(far))} ${far < 0 ? "less" : "more"} than ${of}`;
}
