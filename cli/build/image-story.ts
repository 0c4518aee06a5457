import type { PendingReason } from "../../adapters/build/claims.ts";
import type { ImageState } from "../../adapters/build/image-state.ts";
import { listSuppressed, type SuppressedReason } from "../../adapters/build/reasons.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { explainTriggers, sayTime, sayWhy } from "../../core/build/explain-triggers.ts";
import { mergeTriggers } from "../../core/build/reasons.ts";
import { readBuildStory, sayState } from "./build-story.ts";

/** An image's newest builds with their reasons, the triggers that wait, and those that were ignored. */
export type ImageStory = Awaited<ReturnType<typeof readImageStory>>;

/** @param most how many builds, and how many ignored triggers */
export async function readImageStory(ledger: Ledger, image: string, state: ImageState, most: number) {
  const newest = state.builds.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
  const builds = await Promise.all(newest.slice(0, most).map((record) => readBuildStory(ledger, record, state)));
  const ignored = (await listSuppressed(ledger, image)).filter(({ decision }) => decision === "never");
  const claimed = new Set(state.claim?.tokens);
  return {
    image,
    channels: state.channels,
    /** A start that has not become a build yet. */
    starting: state.claim && !state.claim.build ? explainTriggers(image, state.claim.triggers) : [],
    builds,
    older: newest.length - builds.length,
    waiting: group(
      image,
      state.pending
        .filter(({ token }) => !claimed.has(token))
        .map(({ held, ...rest }) => ({ ...rest, ...toWait(held) })),
    ),
    suppressed: group(image, ignored.slice(0, most)),
    olderSuppressed: Math.max(0, ignored.length - most),
  };
}

const toWait = (held: PendingReason["held"]) =>
  held ?? { code: undefined, reason: "it is being decided", at: undefined };

type Held = Pick<SuppressedReason, "trigger" | "reason"> & {
  readonly code?: string | undefined;
  readonly until?: string | undefined;
  readonly at?: string | undefined;
};

/** Triggers that wait for the same thing, or were ignored for the same reason, together. */
function group(image: string, reasons: readonly Held[]) {
  const alike = Map.groupBy(reasons, ({ code, reason, until, at }) => [code, reason, until, at].join("\n"));
  return [...alike.values()].map((some) => {
    const { code, reason, until, at } = some[0]!;
    return {
      at,
      code,
      reason,
      until,
      triggers: explainTriggers(image, mergeTriggers(some.map(({ trigger }) => trigger))),
    };
  });
}

/** The story as lines. */
export function drawImageStory({ image, channels, starting, builds, older, ...rest }: ImageStory): string[] {
  const pointed = Object.entries(channels).map(([name, { build }]) => `${name} ${buildVersion(build)}`);
  return [
    `${image}: ${pointed.length > 0 ? pointed.join(", ") : "no channel points at a build"}`,
    ...(starting.length > 0 ? ["", "A build is being started because", ...indent(starting)] : []),
    "",
    builds.length > 0 ? `Builds, the newest first${older > 0 ? ` (${older} older: --last)` : ""}` : "No builds yet.",
    ...builds.flatMap((story) => [
      `  ${sayTime(story.startedAt)}  ${buildVersion(story.build)}  ${sayState(story)}`,
      ...indent(indent(sayWhy(image, story.triggers))),
    ]),
    ...drawHeld({ title: "Waiting", held: rest.waiting, older: 0 }),
    ...drawHeld({ title: "Ignored triggers", held: rest.suppressed, older: rest.olderSuppressed, said: "ignored: " }),
  ];
}

interface Listed {
  readonly title: string;
  readonly held: ImageStory["waiting"];
  readonly older: number;
  /** Goes before each reason. */
  readonly said?: string;
}

function drawHeld({ title, held, older, said = "" }: Listed): string[] {
  if (held.length === 0) return [];
  return [
    "",
    `${title}${older > 0 ? ` (${older} older: --last)` : ""}`,
    ...held.flatMap(({ at, reason, until, triggers }) => [
      ...triggers.map((one) => `  ${one}`),
      `    ${at ? `${sayTime(at)}: ` : ""}${said}${reason}${until ? `, until ${sayTime(until)}` : ""}`,
    ]),
  ];
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
