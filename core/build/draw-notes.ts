import { toMarkdownCode as code } from "../notice/foreign-text.ts";
import { buildVersion } from "./build-arn.ts";
import type { ReleaseNotes } from "./release-notes.ts";

/** Items of one list; the JSON has all. */
const MOST_LISTED = 100;
const MOST_PACKAGES = 5;

type Item = string;

/** Release notes as Markdown. All foreign text is in code spans, where markup has no effect. */
export function drawNotes(notes: ReleaseNotes): string {
  const { image, build, since, gate, approvals, notKnown, parent } = notes;
  const sections = [
    [
      `# ${code(`${image} ${buildVersion(build)}`)}`,
      since ? `Changes since ${code(buildVersion(since))}.` : "The first build.",
    ],
    [`**${summariseNotes(notes)}**`],
    section("Packages", differenceOf(notes.packages)),
    section("Advisories", {
      Fixed: notes.advisories?.fixed.map(sayAdvisory),
      "Newly open": notes.advisories?.appeared.map(sayAdvisory),
      Open: notes.advisories?.open.map(sayAdvisory),
    }),
    section("CVE findings by Amazon Inspector", {
      Fixed: notes.findings?.fixed.map(sayFinding),
      New: notes.findings?.appeared.map(sayFinding),
      Open: notes.findings?.open.map(sayFinding),
    }),
    section(`Benchmark${notes.benchmark ? ` ${code(notes.benchmark.profile)}` : ""}`, {
      "No longer failing": notes.benchmark?.fixed.map(sayRule),
      "Newly failing": notes.benchmark?.appeared.map(sayRule),
      "Still failing": notes.benchmark?.open.map(sayRule),
    }),
    section("Components", differenceOf(notes.components)),
    section("Parent", { "": sayParent(parent) }),
    section("Gate", {
      "": gate ? [`${gate.verdict === "passed" ? "Passed" : "Rejected"}`] : undefined,
      "Broken rules": gate?.broken.map(code),
      Waivers: gate?.waived.map(code),
    }),
    section("Approvals", { "": approvals.map(sayApproval) }),
    section("Not known", { "": notKnown.map(({ what, why }) => `${what}: ${code(why)}`) }),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n\n"))
    .join("\n\n")}\n`;
}

/** The lines of a section; none if all its lists are empty. */
function section(title: string, lists: Readonly<Record<string, readonly Item[] | undefined>>): string[] {
  const some = Object.entries(lists).filter(([, items]) => items && items.length > 0);
  if (some.length === 0) return [];
  return [
    `## ${title}`,
    ...some.flatMap(([name, items = []]) => {
      const more = items.length - MOST_LISTED;
      const lines = items.slice(0, MOST_LISTED).map((item) => `- ${item}`);
      const all = [...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n");
      return name ? [`${name}:`, all] : [all];
    }),
  ];
}

const differenceOf = (difference: ReleaseNotes["packages"]): Readonly<Record<string, readonly Item[] | undefined>> => ({
  Updated: difference?.updated.map(({ name, from, to }) => `${code(name)} ${code(from)} → ${code(to)}`),
  Added: difference?.added.map(({ name, version }) => `${code(name)} ${code(version)}`),
  Removed: difference?.removed.map(({ name, version }) => `${code(name)} ${code(version)}`),
});

type Advisory = NonNullable<ReleaseNotes["advisories"]>["fixed"][number];

const sayAdvisory = ({ id, severity, cves, packages }: Advisory): string => {
  const named = cves.length > 0 ? ` (${cves.map(code).join(", ")})` : "";
  return `${code(id)} ${severity}${named}: ${listed(packages.map(({ name, installed, fixed }) => code(`${name} ${installed}, fixed in ${fixed}`)))}`;
};

type Finding = NonNullable<ReleaseNotes["findings"]>["fixed"][number];

const sayFinding = ({ id, severity, packages }: Finding): string =>
  `${code(id)} ${code(severity)}${packages.length > 0 ? `: ${listed(packages.map(code))}` : ""}`;

const sayRule = ({ rule, title }: NonNullable<ReleaseNotes["benchmark"]>["fixed"][number]): string =>
  title ? `${code(rule)}: ${code(title)}` : code(rule);

const sayParent = ({ from, to }: ReleaseNotes["parent"]): Item[] => {
  if (!to) return [];
  if (from && from !== to) return [`${code(from)} → ${code(to)}`];
  return [`${code(to)}${from ? ", unchanged" : ""}`];
};

const sayApproval = ({ channel, verdict, answers }: ReleaseNotes["approvals"][number]): string => {
  const said = answers.map(
    ({ person, verdict: own, at, reason }) =>
      `${own} by ${code(person)} at ${code(at)}${reason ? `, ${code(reason)}` : ""}`,
  );
  return `${code(channel)}: ${verdict}${said.length > 0 ? ` (${said.join("; ")})` : ""}`;
};

function listed(some: readonly string[]): string {
  const more = some.length - MOST_PACKAGES;
  return more > 0 ? `${some.slice(0, MOST_PACKAGES).join(", ")} and ${more} more` : some.join(", ");
}

/** The summary in a notice: `12 packages updated, 1 package added, 3 advisories fixed, 2 advisories open`. */
export function summariseNotes({ since, packages, advisories, findings, benchmark }: ReleaseNotes): string {
  const count = (number: number | undefined, one: string, more: string): string[] =>
    number ? [`${number} ${number === 1 ? one : more}`] : [];
  const open = (advisories?.open.length ?? 0) + (advisories?.appeared.length ?? 0);
  const said = [
    ...count(packages?.updated.length, "package updated", "packages updated"),
    ...count(packages?.added.length, "package added", "packages added"),
    ...count(packages?.removed.length, "package removed", "packages removed"),
    ...count(advisories?.fixed.length, "advisory fixed", "advisories fixed"),
    ...count(open, "advisory open", "advisories open"),
    ...count(findings?.fixed.length, "CVE finding fixed", "CVE findings fixed"),
    ...count(findings?.appeared.length, "new CVE finding", "new CVE findings"),
    ...count(benchmark?.appeared.length, "benchmark rule newly failing", "benchmark rules newly failing"),
  ];
  if (said.length > 0) return said.join(", ");
  if (!since) return "the first build";
  return packages ? "no package changed" : "changes unknown";
}
