import { buildVersion } from "../../core/build/build-arn.ts";
import type { Affected } from "../../core/fleet/affected.ts";
import { sayTarget } from "../../core/fleet/affected-target.ts";
import type { NamedPackage, Verdict } from "../../core/fleet/judge-affected.ts";
import { cut } from "../../core/notice/foreign-text.ts";
import { styled } from "../command/print.ts";
import { wrap } from "./draw-fleet.ts";

type Image = Affected["images"][number];
type Names = ReadonlyMap<string, string>;

/** Per image and state; `--json` lists all. */
const MOST_BUILDS = 5;
const MOST_PACKAGES = 3;
const MOST_NAMED = 4;
const MOST_ROWS = 50;
const NAME = 20;

/** Affected builds, the state of each channel, accounts that run affected builds, and missing information. */
export function drawAffected(found: Affected, names: Names): string {
  const concerned = found.images.filter(({ builds }) => builds.some(({ verdict }) => verdict.state !== "clean"));
  const clean = found.images.length - concerned.length;
  return [
    drawHead(found),
    ...concerned.map((image) => drawImage(image, isPlain(found.target))),
    ...(clean > 0 ? [`${count(clean, "image")} not affected in any build: ${sayClean(found)}`] : []),
    ...drawRunning(found, names),
    ...drawCounted(found, names),
    ...drawUnknown(found),
  ].join("\n\n");
}

function drawHead({ target, outcome, advisories, images, running, counted, unknownUses }: Affected): string {
  const builds = images.flatMap((one) => one.builds);
  const states = builds.map(({ verdict }) => verdict.state);
  const having = images.flatMap(({ image, channels }) =>
    channels.flatMap(({ channel, regions }) =>
      regions.some(({ state }) => state === "affected") ? [`${image}/${channel}`] : [],
    ),
  );
  const unknown = states.filter((state) => state === "unknown").length;
  const sum = (some: readonly { readonly instances: number }[]) => some.reduce((all, one) => all + one.instances, 0);
  const facts = [
    `${states.filter((state) => state === "affected").length} of ${count(builds.length, "build")} ${isPlain(target) ? "have it" : "affected"}`,
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    having.length > 0 ? `in ${listed(having, MOST_NAMED)}` : "in no channel",
    running.length > 0
      ? `${count(sum(running), "instance")} known`
      : counted.length > 0
        ? `${count(sum(counted), "instance")} counted`
        : unknownUses.length > 0
          ? "usage unknown"
          : "not in use",
  ];
  const title = `${bold(sayTarget(target))}  ${facts.join("; ")}`;
  const said = advisories.map(
    ({ name, architecture, advisory: { id, severity, cves } }) =>
      `  ${id}  ${severity}, ${name} ${architecture}${cves.length > 0 ? `, ${listed(cves, MOST_NAMED)}` : ""}`,
  );
  return [outcome === "affected" ? warn(title) : title, ...said].join("\n");
}

/** A package without a version is not a fault by itself. */
const isPlain = (target: Affected["target"]): boolean => target.kind === "package" && target.version === undefined;

const sayClean = ({ images }: Affected): string =>
  images
    .filter(({ builds }) => builds.every(({ verdict }) => verdict.state === "clean"))
    .map(({ image }) => image)
    .join(", ");

function drawImage({ image, builds, firstFixed, channels }: Image, plain: boolean): string {
  const byState = Map.groupBy(builds, ({ verdict }) => verdict.state);
  const lines = (["affected", "fixed", "clean"] as const).flatMap((state) => {
    const some = byState.get(state) ?? [];
    // Of fixed and clean builds, only the first one is of interest.
    const shown = state === "affected" ? some.slice(0, MOST_BUILDS) : some.slice(-1);
    const more = some.length - shown.length;
    return [
      ...shown.map(({ build, verdict }) => `  ${buildVersion(build)}  ${sayVerdict(verdict, plain)}`),
      ...(more > 0 ? [`  ... and ${more} more ${state}`] : []),
    ];
  });
  const unknown = Map.groupBy(byState.get("unknown") ?? [], ({ verdict }) => sayVerdict(verdict, plain));
  for (const [why, some] of unknown) {
    lines.push(
      `  ${listed(
        some.map(({ build }) => buildVersion(build)),
        MOST_NAMED,
      )}  ${why}`,
    );
  }
  const has = byState.get("affected")?.length ?? 0;
  const fix = firstFixed
    ? `, fixed since ${buildVersion(firstFixed)}`
    : has > 0
      ? plain
        ? ""
        : ", no newer build has a fix"
      : "";
  return [
    `${bold(image)}  ${has} of ${count(builds.length, "build")}${fix}`,
    ...lines,
    ...channels.flatMap((one) => drawChannel(one, plain)),
  ].join("\n");
}

function sayVerdict(verdict: Verdict, plain: boolean): string {
  switch (verdict.state) {
    case "affected":
      return `${plain ? "has it" : warn("affected")}: ${sayPackages(verdict.packages)}${verdict.by.length > 0 ? `; by ${verdict.by.join(", ")}` : ""}`;
    case "fixed":
      return `fixed: ${sayPackages(verdict.packages)}`;
    case "clean":
      return `clean: ${verdict.why}`;
    case "unknown":
      return `${warn("unknown")}: ${verdict.why}`;
  }
}

const sayPackages = (packages: readonly NamedPackage[]): string =>
  listed(
    packages.map(({ name, installed, fixed }) => `${name} ${installed}${fixed ? ` (fixed in ${fixed})` : ""}`),
    MOST_PACKAGES,
  );

/** One line for each build in a channel's regions. */
function drawChannel({ channel, regions }: Image["channels"][number], plain: boolean): string[] {
  return [...Map.groupBy(regions, ({ build }) => build)].map(([build, some]) => {
    const where = `  ${channel} in ${some.map(({ region }) => region).join(", ")}`;
    return `${where}: ${build ? `${buildVersion(build)}, ` : ""}${STATES[some[0]?.state ?? "none"](plain)}`;
  });
}

const STATES: Readonly<Record<Image["channels"][number]["regions"][number]["state"], (plain: boolean) => string>> = {
  affected: (plain) => (plain ? "has it" : warn("AFFECTED")),
  fixed: () => "has the fix",
  clean: () => "not affected",
  unknown: () => warn("unknown"),
  none: () => "no build",
};

function drawRunning({ running }: Affected, names: Names): string[] {
  if (running.length === 0) return [];
  const instances = running.reduce((sum, one) => sum + one.instances, 0);
  const accounts = new Set(running.map(({ account }) => account)).size;
  const lines = running
    .slice(0, MOST_ROWS)
    .map(
      ({ account, image, build, region, instances: own, launchTemplates, asOf }) =>
        `  ${account}  ${cut(names.get(account) ?? "", NAME).padEnd(NAME)}  ${sayUse(own, launchTemplates)}  ${image} ${buildVersion(build)} in ${region}, as of ${asOf.slice(0, 16).replace("T", " ")} UTC`,
    );
  const more = running.length - MOST_ROWS;
  return [
    [
      bold(`In use: ${count(instances, "instance")} in ${count(accounts, "account")}`),
      ...lines,
      ...(more > 0 ? [`  ... and ${more} more; --json lists all`] : []),
      dim("  EC2's reports may miss the last day's instances."),
    ].join("\n"),
  ];
}

/** The same instances may be in EC2's reports: the two are not added up. */
function drawCounted({ counted }: Affected, names: Names): string[] {
  if (counted.length === 0) return [];
  const lines = counted
    .slice(0, MOST_ROWS)
    .map(
      ({ account, image, channel, advisory, instances, asOf }) =>
        `  ${account}  ${cut(names.get(account) ?? "", NAME).padEnd(NAME)}  ${count(instances, "instance")}  ${image}/${channel}, ${advisory}, as of ${asOf.slice(0, 16).replace("T", " ")} UTC`,
    );
  const more = counted.length - MOST_ROWS;
  return [
    [
      bold("Counted in groups that follow a channel"),
      ...lines,
      ...(more > 0 ? [`  ... and ${more} more; --json lists all`] : []),
      dim("  `amint patched` has the clocks; EC2's reports may include the same instances."),
    ].join("\n"),
  ];
}

const sayUse = (instances: number, launchTemplates: number): string =>
  [
    ...(instances > 0 ? [count(instances, "instance")] : []),
    ...(launchTemplates > 0 ? [count(launchTemplates, "launch template")] : []),
  ].join(", ");

function drawUnknown({ unknownUses }: Affected): string[] {
  if (unknownUses.length === 0) return [];
  const lines = [...Map.groupBy(unknownUses, ({ why }) => why)].flatMap(([why, some]) => {
    const builds = [...new Set(some.map(({ image, build }) => `${image} ${buildVersion(build)}`))];
    const regions = [...new Set(some.flatMap(({ region }) => region ?? []))];
    const where = regions.length > 0 ? ` in ${listed(regions, MOST_NAMED)}` : "";
    return wrap(`  ${listed(builds, MOST_NAMED)}${where}: ${why}`);
  });
  return [
    [bold("Usage unknown"), ...lines, dim("  `amint fleet --ask` requests reports from EC2; they take hours.")].join(
      "\n",
    ),
  ];
}

function listed(some: readonly string[], most: number): string {
  const more = some.length - most;
  return more > 0 ? `${some.slice(0, most).join(", ")} and ${more} more` : some.join(", ");
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;

const bold = (text: string): string => styled("bold", text);

const dim = (text: string): string => styled("dim", text);

const warn = (text: string): string => styled("yellow", text);
