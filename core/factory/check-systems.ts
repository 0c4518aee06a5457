import { documentsAmong } from "../component/image-components.ts";
import { imageOsNames, imageSystemOf, type Platform } from "../component/image-system.ts";
import type { Factory } from "./factory-schema.ts";
import type { Image } from "./image-schema.ts";

/** Keys and components that an image's operating system does not support. */
export const checkSystems = (factory: Pick<Factory, "images">): string[] => [
  ...Object.entries(factory.images).flatMap(([name, image]) => [
    ...checkMachine(`images.${name}`, image, factory.images),
    ...checkPlatforms(`images.${name}`, image),
    ...checkPro(`images.${name}.ubuntuPro`, image),
    ...checkBenchmark(`images.${name}.gate.benchmark`, image),
  ]),
  ...checkShared(factory.images),
];

function checkMachine(at: string, image: Image, images: Factory["images"]): string[] {
  const { os, kind, architecture, parent, volumeGiB = 0 } = image;
  const { architectures, leastGiB, platform } = imageSystemOf(os);
  const faults: string[] = [];
  if (!architectures.includes(architecture)) {
    const valid = architectures.map((one) => `"${one}"`).join(", ");
    faults.push(`${at}.architecture: expected ${valid} for ${os}, found "${architecture}"`);
  }
  if (kind === "container") {
    return platform === "Windows"
      ? [...faults, `${at}.kind: container images of Windows are not supported; expected "ami"`]
      : faults;
  }
  const above = "image" in parent ? images[parent.image]?.volumeGiB : undefined;
  const least = "image" in parent ? above : leastGiB;
  if (least !== undefined && volumeGiB < least) {
    const whose =
      "image" in parent
        ? `the volume of its parent "${parent.image}", or no value for the same size;`
        : `the volume of ${os}'s AMIs,`;
    faults.push(`${at}.volumeGiB: expected at least ${least}, ${whose} found ${volumeGiB}`);
  }
  return faults;
}

/** The platform in the name of an AWS component that exists for several. */
function platformOf(component: string): Platform | undefined {
  if (/(^|-)windows(-|$)/.test(component)) return "Windows";
  return /(^|-)linux(-|$)/.test(component) ? "Linux" : undefined;
}

function checkPlatforms(at: string, image: Image): string[] {
  const { platform, withoutUpdateOs, withoutStig, update } = imageSystemOf(image.os);
  return (["components", "tests"] as const).flatMap((list) =>
    image[list].flatMap((component, nth) => {
      if (!("aws" in component)) return [];
      const where = `${at}.${list}[${nth}]`;
      const other = platformOf(component.aws);
      if (other && other !== platform) {
        return [`${where}: "aws:${component.aws}" is for ${other}, and ${image.os} is ${platform}`];
      }
      if (component.aws.startsWith("stig-build-") && withoutStig) {
        return [`${where}: "aws:${component.aws}" does not support ${image.os}: ${withoutStig}`];
      }
      if (component.aws === "stig-build-linux") return checkStig(`${where}.parameters`, component.parameters);
      return component.aws === "update-linux" && withoutUpdateOs
        ? [`${where}: expected "${update}", found "aws:update-linux": ${withoutUpdateOs}`]
        : [];
    }),
  );
}

/** From the same page as `withoutStig`. AWSTOE accepts any text, so a typo would only fail in a build. */
const STIG_VALUES: Readonly<Record<string, readonly string[]>> = {
  Level: ["Low", "Medium", "High"],
  InstallPackages: ["Yes", "No"],
  SetDoDConsentBanner: ["Yes", "No"],
};

const checkStig = (at: string, parameters: Readonly<Record<string, string>>): string[] =>
  Object.entries(parameters).flatMap(([name, value]) => {
    const valid = STIG_VALUES[name];
    return !valid || valid.includes(value)
      ? []
      : [`${at}.${name}: expected one of ${valid.map((one) => `"${one}"`).join(", ")}, found "${value}"`];
  });

const checkPro = (at: string, { os, ubuntuPro }: Image): string[] =>
  ubuntuPro && !os.startsWith("ubuntu") ? [`${at}: valid only for Ubuntu; remove it, found true for ${os}`] : [];

/** OpenSCAP and Amazon Inspector each evaluate benchmarks for some operating systems. */
function checkBenchmark(at: string, { os, gate: { benchmark } }: Image): string[] {
  const { inspectorCis, platform } = imageSystemOf(os);
  if (!benchmark) return [];
  if (benchmark.by === "inspector") {
    if (inspectorCis) return [];
    const known = imageOsNames.filter((one) => imageSystemOf(one).inspectorCis).join(", ");
    return [
      `${at}.by: Amazon Inspector has no CIS benchmark for ${os}, only for ${known}; use OpenSCAP with content and profile`,
    ];
  }
  return platform === "Windows"
    ? [
        `${at}.by: OpenSCAP does not evaluate Windows; expected "inspector", found ${benchmark.by ? `"${benchmark.by}"` : "nothing"}`,
      ]
    : [];
}

/** A document becomes one component, and a component has one platform. */
function checkShared(images: Factory["images"]): string[] {
  const uses = Object.entries(images).flatMap(([name, { os, components, tests }]) =>
    documentsAmong([...components, ...tests]).map((document) => ({ name, document, ...imageSystemOf(os) })),
  );
  return uses.flatMap(({ name, document, platform }, index) => {
    const other = uses.slice(0, index).find((one) => one.document === document && one.platform !== platform);
    return other
      ? [
          `images.${name}: "${document}" is also used by images.${other.name}, which is ${other.platform}; a component has one platform: write a document for each`,
        ]
      : [];
  });
}
