import { buildVersion } from "../../core/build-arn.ts";
import { sayBytes } from "../../core/say-bytes.ts";
import type { ShownExport } from "./show-exports.ts";

const STATES: Readonly<Record<ShownExport["state"], string>> = {
  "under-way": "is being exported",
  ready: "ready",
  failed: "failed",
  removing: "is being removed",
  removed: "removed",
};

/** Lines for people: a build, and below it its files. */
export function drawExports(exports: readonly ShownExport[], wanted: { image?: string; channel?: string }): string {
  if (exports.length > 0) return exports.flatMap(drawOne).join("\n");
  const of = [wanted.image, wanted.channel].filter(Boolean).join(" ");
  return `There is no export${of ? ` of ${of}` : ""}: one begins when a build enters a channel with exports.`;
}

const drawOne = ({ image, channel, build, state, failure, files }: ShownExport): string[] => [
  `${image} ${buildVersion(build)}  ${channel}  ${STATES[state]}${failure ? `: ${failure}` : ""}`,
  ...files.flatMap(({ format, key, size, checksum, links, verified }) => [
    `  ${format.padEnd(4)}  ${
      key ? `${sayBytes(size ?? 0).padStart(8)}  ${key}  SHA-256 of parts ${checksum}` : "not there"
    }${verified ? `  ${verified === "good" ? "verified" : `NOT VERIFIED: ${verified}`}` : ""}`,
    ...(links ? [`        ${links.file}`, `        ${links.manifest}`, `        ${links.signature}`] : []),
  ]),
];
