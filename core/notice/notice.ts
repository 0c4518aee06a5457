import type * as z from "zod";
import type { buildFailed, Trigger } from "../../events/build.ts";
import type { channelMoved } from "../../events/channel.ts";
import type { gateRejected } from "../../events/gate.ts";
import { isContainerImageId } from "../../events/ids.ts";
import type { promotionFailed } from "../../events/promotion.ts";
import { buildVersion } from "../build/build-arn.ts";
import { sayWhy } from "../build/explain-triggers.ts";
import { sayTests } from "../evidence/component-tests.ts";
import type { SlackSettings, Tone } from "../factory/factory-schema.ts";

/** What people are told: plain lines, the same for SNS and Slack. */
export interface Notice {
  readonly title: string;
  readonly lines: readonly string[];
  readonly tone: Tone;
  /** For subscribers to filter on. */
  readonly attributes: Readonly<Record<string, string>>;
  /** What somebody can do about it, as commands. */
  readonly nextSteps?: readonly string[];
  /** ARNs of what it is about, the main one first. */
  readonly resources?: readonly string[];
}

/** Advisories that a notice tells in full; it is read on a phone. */
export const MOST_ADVISORIES = 10;

/** Why the build was made; empty where nobody knows. */
type Triggers = readonly Trigger[];

const why = (image: string, triggers: Triggers): string[] => sayWhy(image, triggers, MOST_ADVISORIES);

type Detail<Definition extends { detail: z.ZodType }> = z.output<Definition["detail"]>;

/** Which component, phase and step stopped a build, and why. */
export function describeBuildFailed(
  { image, build, failure, breaker }: Detail<typeof buildFailed>,
  triggers: Triggers,
): Notice {
  const { component, phase, step, reason } = failure;
  return {
    title: `${image}: build ${buildVersion(build)} failed${component ? ` in ${component}` : ""}`,
    lines: [
      ...(component ? [`Component: ${component}`] : []),
      ...(phase ? [`Phase: ${phase}`] : []),
      ...(step ? [`Step: ${step}`] : []),
      `Reason: ${reason}`,
      ...(failure.tests ? ["Tests:", ...sayTests(failure).map((one) => `  ${one}`)] : []),
      ...why(image, triggers),
      `Build: ${build}`,
      ...(breaker ? [givenUp(breaker.failures)] : []),
      "Channels keep pointing at the builds they pointed at.",
    ],
    tone: "bad",
    attributes: { event: "build.failed", image },
    nextSteps: [`amint why "${image} ${buildVersion(build)}"`, `amint build ${image} --reason "..."`],
    resources: [build],
  };
}

const givenUp = (failures: number): string =>
  `${failures} builds failed in a row: only people start one now, until one succeeds or the image changes.`;

/** Which of the gate's rules a build broke, with the findings. */
export function describeGateRejected(
  { image, build, reasons }: Detail<typeof gateRejected>,
  triggers: Triggers,
): Notice {
  const broken = reasons.filter(({ passed }) => !passed);
  return {
    title: `${image}: the gate rejected build ${buildVersion(build)}`,
    lines: [
      ...broken.flatMap(({ rule, found, allowed, examples }) => [
        `${rule}: ${found}, ${allowed}`,
        ...examples.map((example) => `  ${example}`),
      ]),
      ...why(image, triggers),
      `Build: ${build}`,
      "It was not shared, and no channel points at it.",
    ],
    tone: "bad",
    attributes: { event: "gate.rejected", image },
    nextSteps: [`amint why "${image} ${buildVersion(build)}"`],
    resources: [build],
  };
}

/** How a build's release notes reached the evidence bucket: with a summary, or why they did not. */
export type NotesOutcome = { readonly summary: string } | { readonly failure: string };

/** What changed for those who follow a channel, and where; and who went back, where somebody did. */
export function describeChannelMoved(
  moved: Detail<typeof channelMoved>,
  triggers: Triggers,
  notes?: NotesOutcome,
): Notice {
  const { image, channel, build, previousBuild, regions, behind = [], packages, because } = moved;
  const except = behind.length > 0 ? `, but for ${behind.map(({ region }) => region).join(", ")}` : "";
  return {
    title: `${image}: ${channel} is now ${buildVersion(build)}${except}`,
    lines: [
      ...(previousBuild ? [`Before: ${buildVersion(previousBuild)}`] : ["Before: nothing"]),
      ...(because ? [`Moved because ${because}`] : why(image, triggers)),
      ...(notes ? [sayNotes(notes)] : []),
      ...(packages
        ? [
            `Packages: ${packages.changed} changed, ${packages.added} added, ${packages.removed} removed`,
            ...packages.examples.map((example) => `  ${example}`),
          ]
        : []),
      ...Object.entries(regions).map(([region, { amiId, parameter }]) => `${region}: ${amiId} in ${parameter}`),
      ...behind.map(
        ({ region, why: reason, keeps }) =>
          `${region} does not have it, and ${keeps ? `keeps ${buildVersion(keeps)}` : "has none"}: ${reason}`,
      ),
      ...(behind.length > 0 ? ["Regions that are behind are tried again every three hours."] : []),
    ],
    tone: because || behind.length > 0 ? "news" : "good",
    attributes: { event: "channel.moved", image, channel },
    nextSteps: [
      ...(notes ? [`amint notes "${image} ${buildVersion(build)}"`] : []),
      ...(previousBuild ? [`amint rollback ${image} ${channel} --reason "..."`] : []),
    ],
    resources: [build],
  };
}

const sayNotes = (notes: NotesOutcome): string =>
  "summary" in notes ? `Changes: ${notes.summary}` : `The release notes could not be kept: ${notes.failure}`;

/** Why a promotion stopped, and what was taken back. */
export function describePromotionFailed(failed: Detail<typeof promotionFailed>, triggers: Triggers): Notice {
  const { image, build, error, cause, undone, left } = failed;
  return {
    title: `${image}: the promotion of build ${buildVersion(build)} failed`,
    lines: [
      `Error: ${error}`,
      `Cause: ${cause}`,
      ...(undone.length > 0 ? ["Taken back:", ...undone.map((what) => `  ${what}`)] : []),
      ...(left.length > 0 ? ["NOT taken back, please look:", ...left.map((what) => `  ${what}`)] : []),
      ...(undone.length + left.length === 0 ? ["There was nothing to take back."] : []),
      ...why(image, triggers),
      `Build: ${build}`,
    ],
    tone: "bad",
    attributes: { event: "promotion.failed", image },
    nextSteps: [`amint why "${image} ${buildVersion(build)}"`],
    resources: [build],
  };
}

/** The Slack channel that a notice goes to: that of the first route that fits its image and its tone. */
export function routeNotice({ channel, routes }: SlackSettings, { tone, attributes }: Notice): string {
  const { image } = attributes;
  const fits = ({ images, tones }: SlackSettings["routes"][number]): boolean =>
    (!images || (image !== undefined && images.includes(image))) && (!tones || tones.includes(tone));
  return routes.find(fits)?.channel ?? channel;
}

const ofAmis = {
  plural: "AMIs",
  withdrawn: "disabled",
  restored: "is enabled, and shared as it was",
  goesOn: "instances that run it go on",
  have: "launch",
  removed: "deregistered",
  lost: (restore: string): string =>
    `To have it back while the Recycle Bin keeps it (recycleBin.retain of factory.config.ts; after that it is final): ${restore}`,
};

const ofContainerImages: typeof ofAmis = {
  plural: "images",
  withdrawn: "taken from its channels",
  restored: "is in its channels' repositories again",
  goesOn: "containers that run it go on until they pull it again",
  have: "pull",
  removed: "deleted",
  lost: (): string => "It cannot be had back; ask for another build.",
};

/** What becomes of what a build yields, in the words of those who use it. @param ids what it yields, in any region */
export const wordsOf = (ids: readonly string[]): typeof ofAmis =>
  ids.some(isContainerImageId) ? ofContainerImages : ofAmis;

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
