import { describeComponent } from "../../core/component/image-components.ts";
import { imageSystemOf } from "../../core/component/image-system.ts";
import { supportRows } from "../../core/component/support-ends.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { saySupport, supportOfImage } from "../../core/factory/image-support.ts";
import type { Finding } from "./finding.ts";

/**
 * Finds problems of operating systems that the config's own validation does not catch.
 * @param now determines which operating systems are discontinued, and whose support ends
 */
export const checkSystems = (factory: Pick<Factory, "images" | "waivers">, now: Date): Finding[] => [
  ...findUnlisted(factory),
  ...findDiscontinued(factory, now),
  ...findUnsupported(factory, now),
  ...findLateUpdates(factory),
  ...findMarketplace(factory),
  ...findUnattached(factory),
];

/** Finds images whose operating system Image Builder does not list as supported. */
const findUnlisted = ({ images }: Pick<Factory, "images">): Finding[] =>
  Object.entries(images).flatMap(([name, { os, kind }]): Finding[] => {
    const { unlisted, installsAgent } = imageSystemOf(os);
    if (!unlisted || kind !== "ami") return [];
    const agent = installsAgent ? "; the recipe's user data installs the Systems Manager agent" : "";
    return [
      {
        where: `images.${name}.os`,
        what: `${os} is not in Image Builder's list of supported operating systems`,
        fix: `build and test it in AWS before others depend on it${agent}`,
        warning: true,
      },
    ];
  });

/** Finds gates that no build can pass, because Inspector reports a critical finding for the discontinued system. */
function findDiscontinued({ images, waivers }: Pick<Factory, "images" | "waivers">, now: Date): Finding[] {
  const today = now.toISOString().slice(0, 10);
  return Object.entries(images).flatMap(([name, { os, gate }]): Finding[] => {
    const since = supportRows[os].discontinued && supportOfImage({ images }, name)?.until;
    if (since === undefined || since > today) return [];
    const limit = (["critical", "high", "medium"] as const).find((severity) => gate.cve[severity] === 0);
    if (!limit) return [];
    const isWaived = waivers.some(({ image, until }) => ["*", name].includes(image) && until >= today);
    const fix = "choose a system that its vendor supports, allow a critical finding, or waive this one by its id";
    const found = `Amazon Inspector has a CRITICAL finding for each instance of ${os}, discontinued since ${since}`;
    // Inspector's guide does not say whether it counts as fixable.
    const isUncertain = isWaived || gate.cve.count === "fixable";
    return [
      {
        where: `images.${name}.gate.cve.${limit}`,
        what: `${found}: ${limit}: 0 ${isUncertain ? "may not" : "cannot"} pass`,
        fix,
        ...(isUncertain && { warning: true }),
      },
    ];
  });
}

/** How long before the end of an image's support a warning starts. */
const HALF_A_YEAR_MS = 183 * 86_400_000;

/** Finds images whose operating system's standard support ends within half a year, or ended. */
function findUnsupported({ images }: Pick<Factory, "images">, now: Date): Finding[] {
  const today = now.toISOString().slice(0, 10);
  return Object.entries(images).flatMap(([name, { os }]): Finding[] => {
    const support = supportOfImage({ images }, name);
    if (!support || Date.parse(support.until) - now.getTime() > HALF_A_YEAR_MS) return [];
    const { newer, source } = supportRows[os];
    const { further } = support;
    const other = newer ? `move to ${newer}` : "move to a newer release";
    const more = further && further.until >= today ? `, or use ${further.name}` : "";
    return [
      {
        where: `images.${name}.os`,
        what: saySupport(support, today),
        fix: `${other}${more} (${source})`,
        warning: true,
      },
    ];
  });
}

/** Finds updates after other components: updates reboot, and can replace files and settings. */
const findLateUpdates = ({ images }: Pick<Factory, "images">): Finding[] =>
  Object.entries(images).flatMap(([name, { os, components }]): Finding[] => {
    const { update, platform } = imageSystemOf(os);
    const at = components.findIndex((one) => describeComponent(one) === update);
    if (platform !== "Windows" || at <= 0) return [];
    return [
      {
        where: `images.${name}.components[${at}]`,
        what: `${update} comes after other components, and updates can undo what they set`,
        fix: "list it first",
        warning: true,
      },
    ];
  });

/**
 * AMIs keep their parent's product codes. On the maximum number per AMI, Image Builder's user guide says four
 * and nine in different places. Such AMIs cannot be public (EC2 API reference, ModifyImageAttribute).
 */
const findMarketplace = ({ images }: Pick<Factory, "images">): Finding[] =>
  Object.entries(images).flatMap(([name, { parent }]): Finding[] =>
    "ssm" in parent && parent.ssm.startsWith("/aws/service/marketplace/")
      ? [
          {
            where: `images.${name}.parent.ssm`,
            what:
              "AMIs made from a product of AWS Marketplace keep its product codes: each account that launches them needs its own " +
              "subscription, they cannot be made public or exported, and an AMI has at most four of these codes",
            fix: "subscribe the accounts that the channels share with, or start from AMIs of the vendor's own account",
            warning: true,
          },
        ]
      : [],
  );

/** Finds `ubuntuPro` on images whose parent is a Canonical AMI without Ubuntu Pro. */
const findUnattached = ({ images }: Pick<Factory, "images">): Finding[] =>
  Object.entries(images).flatMap(([name, { parent, ubuntuPro }]): Finding[] =>
    ubuntuPro && "ssm" in parent && parent.ssm.startsWith("/aws/service/canonical/ubuntu/server/")
      ? [
          {
            where: `images.${name}.ubuntuPro`,
            what: "its parent comes without Ubuntu Pro: builds install what only Pro fixes if a component attaches a subscription",
            fix: `start from "${parent.ssm.replace("/server/", "/pro-server/")}", or attach one`,
            warning: true,
          },
        ]
      : [],
  );
