import type * as z from "zod";
import type { buildFailed, Trigger } from "../../events/build.ts";
import type { channelMoved } from "../../events/channel.ts";
import type { gateRejected, Urgency } from "../../events/gate.ts";
import { isContainerImageId } from "../../events/ids.ts";
import type { promotionFailed } from "../../events/promotion.ts";
import { sayUrgency } from "../advisories/urgency.ts";
import { buildVersion } from "../build/build-arn.ts";
import { sayWhy } from "../build/explain-triggers.ts";
import { sayTests } from "../evidence/component-tests.ts";
import type { SlackSettings, Tone } from "../factory/notify-schema.ts";

/** A notice as plain lines, the same for SNS and Slack. */
export interface Notice {
  readonly title: string;
  readonly lines: readonly string[];
  readonly tone: Tone;
  /** For subscribers to filter on. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Commands that the reader can run next. */
  readonly nextSteps?: readonly string[];
  /** ARNs of the affected resources, the main one first. */
  readonly resources?: readonly string[];
}

/** The notice with why its build is urgent, for readers and for subscribers' filters; unchanged if it is not. */
export const markUrgent = (notice: Notice, urgent: Urgency | undefined): Notice =>
  urgent
    ? {
        ...notice,
        title: `URGENT: ${notice.title}`,
        lines: [`Urgent because ${sayUrgency(urgent)}`, ...notice.lines],
        attributes: { ...notice.attributes, urgent: "true" },
      }
    : notice;

/** Advisories that a notice describes in full; it is read on a phone. */
export const MOST_ADVISORIES = 10;

/** Why the build was started; empty if unknown. */
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
      ...(breaker ? [breakerOpen(breaker.failures)] : []),
      "Channels were not changed.",
    ],
    tone: "bad",
    attributes: { event: "build.failed", image },
    nextSteps: [`amint why "${image} ${buildVersion(build)}"`, `amint build ${image} --reason "..."`],
    resources: [build],
  };
}

const breakerOpen = (failures: number): string =>
  `${failures} builds in a row failed. Automatic builds are stopped until a manual build succeeds or the image's config changes.`;

/** Which of the gate's rules a build broke, with the findings. */
export function describeGateRejected(
  { image, build, reasons }: Detail<typeof gateRejected>,
  triggers: Triggers,
): Notice {
  const broken = reasons.filter(({ passed }) => !passed);
  return {
    title: `${image}: build ${buildVersion(build)} rejected by the gate`,
    lines: [
      ...broken.flatMap(({ rule, found, allowed, examples }) => [
        `${rule}: ${found}, ${allowed}`,
        ...examples.map((example) => `  ${example}`),
      ]),
      ...why(image, triggers),
      `Build: ${build}`,
      "The build was not shared, and no channel points at it.",
    ],
    tone: "bad",
    attributes: { event: "gate.rejected", image },
    nextSteps: [`amint why "${image} ${buildVersion(build)}"`],
    resources: [build],
  };
}

/** The summary of release notes that were stored in the evidence bucket, or why storing them failed. */
export type NotesOutcome = { readonly summary: string } | { readonly failure: string };

/** What changed for a channel's consumers, and in which regions; for a rollback, also who requested it and why. */
export function describeChannelMoved(
  moved: Detail<typeof channelMoved>,
  triggers: Triggers,
  notes?: NotesOutcome,
): Notice {
  const { image, channel, build, previousBuild, regions, behind = [], packages, because } = moved;
  const except = behind.length > 0 ? `, except in ${behind.map(({ region }) => region).join(", ")}` : "";
  return {
    title: `${image}: channel ${channel} moved to build ${buildVersion(build)}${except}`,
    lines: [
      `Previous build: ${previousBuild ? buildVersion(previousBuild) : "none"}`,
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
          `${region} not updated, ${keeps ? `keeps ${buildVersion(keeps)}` : "has no build"}: ${reason}`,
      ),
      ...(behind.length > 0 ? ["Regions that were not updated are retried every three hours."] : []),
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
  "summary" in notes ? `Changes: ${notes.summary}` : `Release notes could not be stored: ${notes.failure}`;

/** Why a promotion failed, and which of its changes were undone. */
export function describePromotionFailed(failed: Detail<typeof promotionFailed>, triggers: Triggers): Notice {
  const { image, build, error, cause, undone, left } = failed;
  return {
    title: `${image}: promotion of build ${buildVersion(build)} failed`,
    lines: [
      `Error: ${error}`,
      `Cause: ${cause}`,
      ...(undone.length > 0 ? ["Undone:", ...undone.map((what) => `  ${what}`)] : []),
      ...(left.length > 0 ? ["NOT undone, check manually:", ...left.map((what) => `  ${what}`)] : []),
      ...(undone.length + left.length === 0 ? ["Nothing had to be undone."] : []),
      ...why(image, triggers),
      `Build: ${build}`,
    ],
    tone: "bad",
    attributes: { event: "promotion.failed", image },
    nextSteps: [`amint why "${image} ${buildVersion(build)}"`],
    resources: [build],
  };
}

/** The Slack channel for a notice: that of the first route that matches its image and tone. */
export function routeNotice({ channel, routes }: SlackSettings, { tone, attributes }: Notice): string {
  const { image } = attributes;
  const fits = ({ images, tones }: SlackSettings["routes"][number]): boolean =>
    (!images || (image !== undefined && images.includes(image))) && (!tones || tones.includes(tone));
  return routes.find(fits)?.channel ?? channel;
}

const ofAmis = {
  plural: "AMIs",
  withdrawn: "disabled",
  restored: "is enabled and shared as before",
  goesOn: "running instances are not affected",
  have: "launch",
  removed: "deregistered",
  lost: (restore: string): string =>
    `To restore it before the Recycle Bin deletes it (recycleBin.retain in factory.config.ts): ${restore}`,
};

const ofContainerImages: typeof ofAmis = {
  plural: "images",
  withdrawn: "removed from its channels",
  restored: "is back in its channels' repositories",
  goesOn: "running containers are not affected until they pull the image again",
  have: "pull",
  removed: "deleted",
  lost: (): string => "It cannot be restored; start another build.",
};

/** The terms for a build's artifacts: AMIs or container images. @param ids the artifacts, in any region */
export const wordsOf = (ids: readonly string[]): typeof ofAmis =>
  ids.some(isContainerImageId) ? ofContainerImages : ofAmis;

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
