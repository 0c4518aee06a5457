import { describeComponent, documentName, documentsAmong } from "../component/image-components.ts";
import { advisoriesOf, imageSystemOf, releasedOsNames } from "../component/image-system.ts";
import { rowOf } from "../component/operating-system.ts";
import { oldestByPlan } from "../monitoring/stale-after.ts";
import type { Factory } from "./factory-schema.ts";
import type { Image } from "./image-schema.ts";
import { inWords } from "./values.ts";

/** Triggers that could never start a build, or would start useless ones, and waivers for unknown images. */
export const checkTriggers = ({ images, waivers }: Factory): string[] => [
  ...Object.entries(images).flatMap(([name, image]) => [
    ...checkBase(name, image),
    ...checkPackages(name, image),
    ...checkUrgent(name, image),
  ]),
  ...waivers.flatMap(({ image }, at) => {
    const known = ["*", ...Object.keys(images)];
    const choices = known.map((one) => `"${one}"`).join(", ");
    return known.includes(image) ? [] : [`waivers[${at}].image: expected one of ${choices}, found "${image}"`];
  }),
];

const checkBase = (name: string, { kind, parent, triggers }: Image): string[] =>
  triggers.base && kind === "ami" && !("ssm" in parent)
    ? [
        `images.${name}.triggers.base: requires a parent { ssm: "/aws/service/..." } or { ami: { owner, name } }` +
          ("imageBuilder" in parent
            ? "; for images that AWS manages use a schedule: a build uses the newest version"
            : ""),
      ]
    : [];

function checkPackages(name: string, image: Image): string[] {
  const { os, kind, components, triggers } = image;
  const { packages } = triggers;
  if (!packages) return [];
  const at = `images.${name}.triggers.packages`;
  const { platform, update: updates, releases: update } = imageSystemOf(os);
  const faults: string[] = [];
  if (platform === "Windows" && !components.some((one) => describeComponent(one) === updates)) {
    faults.push(
      `images.${name}.components: expected to contain "${updates}", because of triggers.packages: without it a rebuild installs no fix`,
    );
  }
  const row = rowOf(advisoriesOf(os));
  const isPressing = packages.exploited === "always" || packages.epss !== undefined;
  if (row.manager === "dpkg" && !row.severities && packages.severity !== "unknown" && !isPressing) {
    faults.push(
      `${at}.severity: expected "unknown", or also exploited: "always" or epss, because the archive of ${os} has no severities; found "${packages.severity}"`,
    );
  }
  if (!update && packages.release !== "latest") {
    faults.push(`${at}.release: valid only for ${releasedOsNames.join(", ")}; remove it, found "${packages.release}"`);
  }
  if (update && !documentsAmong(components).map(documentName).includes(update[kind])) {
    faults.push(
      `images.${name}.components: expected to contain "amint:${update[kind]}", because of triggers.packages: ` +
        "without it dnf stays at the release of the parent, and a rebuild installs no fix",
    );
  }
  return faults;
}

/** Only a watched package, or a parent's build, makes a build urgent by the config. */
const checkUrgent = (name: string, { urgent, triggers }: Image): string[] =>
  urgent && !triggers.packages && !triggers.parent
    ? [
        `images.${name}.urgent: requires triggers.packages, whose advisories it rates, or triggers.parent; found neither`,
      ]
    : [];

const DAY = 86_400;

/** Alarms that would fire although everything goes as planned, or never, because no schedule rebuilds the image. */
export const checkStale = ({ images }: Factory): string[] =>
  Object.entries(images).flatMap(([name, { triggers }]) => {
    const { staleAfter } = triggers;
    if (staleAfter === undefined) return [];
    const at = `images.${name}.triggers.staleAfter`;
    const least = oldestByPlan(images, name);
    if (least === undefined) {
      return [`${at}: requires a schedule: the image's own, or its parent's with triggers.parent: true`];
    }
    const days = Math.ceil(least / DAY);
    return staleAfter < days * DAY
      ? [
          `${at}: expected at least "${days}d", the longest time between two dates of the schedule and the soaks ` +
            `together; found "${inWords(staleAfter)}"`,
        ]
      : [];
  });
