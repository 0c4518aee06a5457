import { documentName } from "../component/document-path.ts";
import { describeComponent, documentsAmong } from "../component/image-components.ts";
import { advisoriesOf, imageSystemOf, releasedOsNames } from "../component/image-system.ts";
import { rowOf } from "../component/operating-system.ts";
import { oldestByPlan } from "../monitoring/stale-after.ts";
import type { Factory } from "./factory-schema.ts";
import type { Image } from "./image-schema.ts";

/** Triggers that could never start anything, or would start builds in vain; and waivers of images that are not there. */
export const checkTriggers = ({ images, waivers }: Factory): string[] => [
  ...Object.entries(images).flatMap(([name, image]) => [...checkBase(name, image), ...checkPackages(name, image)]),
  ...waivers.flatMap(({ image }, at) => {
    const known = ["*", ...Object.keys(images)];
    const choices = known.map((one) => `"${one}"`).join(", ");
    return known.includes(image) ? [] : [`waivers[${at}].image: expected one of ${choices}, found "${image}"`];
  }),
];

const checkBase = (name: string, { kind, parent, triggers }: Image): string[] =>
  triggers.base && kind === "ami" && !("ssm" in parent)
    ? [
        `images.${name}.triggers.base: needs a parent whose AMI a parameter names, { ssm: "/aws/service/..." } or ` +
          `{ ami: { owner, name } }${"imageBuilder" in parent ? "; new versions of images that AWS manages are taken with the next build, rebuild by a schedule" : ""}`,
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
      `images.${name}.components: expected "${updates}" among them, because of triggers.packages: without it a rebuild installs no fix`,
    );
  }
  const row = rowOf(advisoriesOf(os));
  const isPressing = packages.exploited === "always" || packages.epss !== undefined;
  if (row.manager === "dpkg" && !row.severities && packages.severity !== "unknown" && !isPressing) {
    faults.push(
      `${at}.severity: expected "unknown", or beside it exploited: "always", since ${os}'s archive says none, found "${packages.severity}"`,
    );
  }
  if (!update && packages.release !== "latest") {
    faults.push(
      `${at}.release: only ${releasedOsNames.join(", ")} have releases, leave it out; found "${packages.release}"`,
    );
  }
  if (update && !documentsAmong(components).map(documentName).includes(update[kind])) {
    faults.push(
      `images.${name}.components: expected "amint:${update[kind]}" among them, because of triggers.packages: ` +
        "without it dnf stays at the release of the parent, and a rebuild installs no fix",
    );
  }
  return faults;
}

const DAY = 86_400;

/** Alarms that would go off although everything goes as planned, or never, because no schedule rebuilds the image. */
export const checkStale = ({ images }: Factory): string[] =>
  Object.entries(images).flatMap(([name, { triggers }]) => {
    const { staleAfter } = triggers;
    if (staleAfter === undefined) return [];
    const at = `images.${name}.triggers.staleAfter`;
    const least = oldestByPlan(images, name);
    if (least === undefined) {
      return [`${at}: needs a schedule, the image's own or that of the parent whose promotions it follows`];
    }
    const days = Math.ceil(least / DAY);
    return staleAfter < days * DAY
      ? [
          `${at}: expected at least "${days}d", the longest time between two dates of the schedule and the soaks ` +
            `together; found ${staleAfter / DAY} day(s)`,
        ]
      : [];
  });
