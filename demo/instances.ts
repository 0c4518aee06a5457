import type { InstanceContext, InstancePlan, StepContext } from "embedded-aws/instances";
import { pipelineName } from "../core/names.ts";
import factory from "../factory.config.ts";
import { criticalFinding } from "../local/instances/critical-finding.ts";
import { type InstalledPackage, installedAt } from "../local/instances/installed-packages.ts";
import { patchTuesday, publications, ubuntuFixed } from "./publications.ts";

/** The day on which a download fails on Ubuntu's build instance. */
const badDay = { from: Date.UTC(2026, 3, 9), to: Date.UTC(2026, 3, 10) };

/**
 * The answers of the month's simulated instances: a package manifest, one build that fails in a component, and one scan with
 * a critical finding. Everything else succeeds.
 */
export const monthOfInstances: InstancePlan = {
  step(context) {
    if (context.step === "ReadInstanceId") return { stdout: context.instanceId };
    if (isBadDownload(context)) return { exitCode: 1, stderr: "curl: (22) The requested URL returned error: 503" };
    return undefined;
  },
  file: (context, path) => (path.endsWith("packages.json") ? manifestOf(context) : undefined),
  packages: (context) => packagesOf(context).map(({ name, version }) => ({ name, version })),
  findings: (context) => (isVulnerable(context) ? [vulnerableLibrary] : []),
};

const packagesOf = ({ image, time }: InstanceContext) => packagesAt(image, time);

const manifestOf = (context: InstanceContext): string => JSON.stringify({ packages: packagesOf(context) });

const isBadDownload = ({ image, component, time, step }: StepContext): boolean =>
  image.includes("ubuntu") &&
  component.endsWith("agents") &&
  step === "InstallCloudWatchAgent" &&
  time >= badDay.from &&
  time < badDay.to;

const isVulnerable = ({ image, time }: InstanceContext): boolean =>
  image.includes("ubuntu") && time >= patchTuesday && time < ubuntuFixed;

const vulnerableLibrary = criticalFinding("CVE-2026-99901", {
  ...{ source: "UBUNTU_CVE", score: 9.8 },
  ...{ name: "libssl3t64", version: "3.0.13", release: "0ubuntu3.9", fixedIn: "3.0.13-0ubuntu3.10" },
});

/** The systems of the example's images, by the names of their pipelines. */
const systems = new Map(
  Object.entries(factory.images).map(([image, { os }]) => [pipelineName(factory.name, image), os] as const),
);

/**
 * The packages of one of the example's images that is built at a time, in milliseconds since 1970; the web server has those
 * of its base, too.
 * @param image the name in the ARNs of its builds
 */
export function packagesAt(image: string, time: number): InstalledPackage[] {
  const os = systems.get(image);
  if (os !== "al2023" && os !== "ubuntu-2404") throw new Error(`The month has no packages for ${image} (${os}).`);
  return installedAt(publications, os, time).filter(({ name }) => name !== "nginx" || image.endsWith("web"));
}
