import { describeComponent } from "../../core/component/image-components.ts";
import { imageSystemOf } from "../../core/component/image-system.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { rootParent } from "../../core/factory/root-parent.ts";
import type { Finding } from "./finding.ts";

/**
 * What operating systems mean for builds in AWS, beyond what the config itself refuses.
 * @param now decides which operating systems are discontinued
 */
export const checkSystems = (factory: Pick<Factory, "images" | "waivers">, now: Date): Finding[] => [
  ...findUnlisted(factory),
  ...findDiscontinued(factory, now),
  ...findLateUpdates(factory),
];

/** Images of operating systems that Image Builder does not list as supported. */
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

/** Gates that no build passes, because Inspector has a critical finding for the system itself. */
function findDiscontinued({ images, waivers }: Pick<Factory, "images" | "waivers">, now: Date): Finding[] {
  const today = now.toISOString().slice(0, 10);
  return Object.entries(images).flatMap(([name, { os, gate }]): Finding[] => {
    const parent = rootParent({ images }, name);
    const since = imageSystemOf(os).discontinued?.(parent && "ssm" in parent ? parent.ssm : "");
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

/** Updates reboot, and replace files and settings that came before them. */
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
