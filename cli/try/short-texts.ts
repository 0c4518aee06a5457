import { inWords } from "../../core/rollout/patched.ts";
import type { Trigger } from "../../events/build.ts";
import type { StoryLine } from "./story-line.ts";

/** One event in the story's short form. */
export type Said = Pick<StoryLine, "label" | "text" | "tone">;

type Detail = Record<string, unknown>;

/** `/3` of a build's ARN, whose version follows from the recipe: the image's third build. */
export const shortBuild = (build: unknown): string => `/${String(build).split("/").at(-1)}`;

/** ARNs without partition, service, region and account: `key/677aedb2-...`, `image/acme-al2023-base/1.0.0/4`. */
export const withoutArns = (text: string): string =>
  text.replaceAll(/\barn:aws[\w-]*:[\w-]*:[\w-]*:\d*:(?:assumed-role\/)?/g, "");

/** `1 finding(s)` becomes `1 finding`, `2 finding(s)` `2 findings`. */
const counted = (text: string): string =>
  text.replaceAll(/\b(\d+) ([a-z ]+)\(s\)/g, (_, count, noun) => `${count} ${noun}${count === "1" ? "" : "s"}`);

const plain = (text: unknown): string => counted(withoutArns(String(text))).replaceAll("the key key/", "the key ");

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

export function sayTrigger(trigger: Trigger): string {
  switch (trigger.kind) {
    case "schedule":
      return "its schedule";
    case "packages":
      return trigger.advisories
        .map(({ packages, ...one }) => `${sayAdvisory(one)} fixes ${namesOf(packages)}`)
        .join("; ");
    case "base":
      return `new parent ${trigger.to.slice(trigger.to.lastIndexOf("@") + 1)}`;
    case "parent":
      return `parent ${trigger.parent} ${shortBuild(trigger.parentBuild)} is in ${trigger.channel}`;
    case "manual":
      return `requested by ${plain(trigger.requestedBy)}`;
  }
}

const namesOf = (packages: readonly { readonly name: string }[]): string => {
  const names = [...new Set(packages.map(({ name }) => name))];
  return names.length > 3 ? count(names.length, "package") : names.join(", ");
};

/** `ALAS2023-2026-9901 (important)` */
export const sayAdvisory = ({ id, severity }: { readonly id: string; readonly severity: string }): string =>
  severity === "unknown" ? id : `${id} (${severity})`;

const artifacts = (some: unknown): string => {
  const ids = some as { amiId: string }[];
  return count(ids.length, ids.every(({ amiId }) => amiId.startsWith("ami-")) ? "AMI" : "container image");
};

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Events that have a line of their own; each throws where the event is malformed. */
export const shortTexts: Readonly<Record<string, (detail: Detail) => Said>> = {
  "build.started": ({ triggers }) => ({
    label: "started",
    text: (triggers as Trigger[]).map(sayTrigger).join("; "),
    tone: "cyan",
  }),
  "build.failed": ({ failure }) => {
    const { component, phase, step, reason } = failure as Record<string, string>;
    const where = [component && `component ${component}`, phase && `phase ${phase}`, step && `step ${step}`];
    return { label: "failed", text: component ? where.filter(Boolean).join(", ") : plain(reason), tone: "red" };
  },
  "build.cancelled": () => ({ label: "cancelled", tone: "yellow" }),
  "gate.rejected": (detail) => ({ label: "rejected by the gate", text: brokenRules(detail), tone: "red" }),
  "gate.held": (detail) => ({ label: "held by the gate for a decision", text: brokenRules(detail), tone: "yellow" }),
  "approval.denied": ({ channel, answers }) => ({
    label: `${channel} denied`,
    text: (answers as { person: string; verdict: string }[]).map((one) => `${one.verdict} by ${one.person}`).join(", "),
    tone: "red",
  }),
  "approval.expired": ({ channel }) => ({
    label: `approval for ${channel} expired`,
    text: "too few approvers answered in time",
    tone: "red",
  }),
  "promotion.superseded": ({ channel, by }) => ({
    label: `not ${channel}`,
    text: `superseded by the newer build ${shortBuild(by)}`,
    tone: "yellow",
  }),
  "promotion.failed": ({ error, cause }) => ({
    label: "promotion failed",
    text: plain(`${error}: ${cause}`),
    tone: "red",
  }),
  "share.failed": ({ channel, account, region, missing }) => ({
    label: `${channel} not verified`,
    text: plain(`${account} in ${region}: ${missing}`),
    tone: "red",
  }),
  "consumers.failed": ({ work, accounts }) => ({
    label: `${work} failed`,
    text: (accounts as { account: string; why: string }[])
      .map(({ account, why }) => `${account}: ${plain(why)}`)
      .join("; "),
    tone: "red",
  }),
  "rollout.halted": ({ channel, wave, why }) => ({
    label: `roll-out of ${channel} halted in wave ${wave}`,
    text: plain(why),
    tone: "red",
  }),
  "rollout.ended": ({ channel, outcome, groups, seconds, why }) => {
    const states = Object.entries(groups as Record<string, number>).filter(([, number]) => number > 0);
    const isDone = outcome === "done" && states.every(([state]) => state === "done");
    const said = states.map(([state, number]) => `${count(number, "group")}${isDone ? "" : ` ${state}`}`).join(", ");
    return {
      label: `roll-out of ${channel} ${outcome}`,
      text: `${said || "no group follows it"} in ${inWords(Number(seconds))}${why ? `; ${plain(why)}` : ""}`,
      tone: outcome === "done" ? "green" : "yellow",
    };
  },
  "build.revoked": ({ by, reason, because, withdrawn: amis, channels, left }) => {
    const back = Map.groupBy(channels as { channel: string; to?: string }[], ({ to }) => to);
    const notDone = left as string[];
    return {
      label: because ? `revoked with ${because}` : `revoked by ${by}`,
      text: [
        ...(because ? [] : [plain(reason)]),
        ...[...back].map(([to, some]) => {
          const names = some.map(({ channel }) => channel).join(" and ");
          return `${names} ${to ? `back at ${shortBuild(to)}` : "empty"}`;
        }),
        `${artifacts(amis)} disabled`,
        ...(notDone.length > 0 ? [`not done: ${notDone.map(plain).join(", ")}`] : []),
      ].join("; "),
      tone: "red",
    };
  },
  "build.restored": ({ by, reason }) => ({ label: "restored", text: `${by}: ${plain(reason)}`, tone: "green" }),
  "build.in-use": ({ users, unknown }) => {
    const known = users as { account: string; instances: number; launchTemplates: number }[];
    const accounts = new Set(known.map(({ account }) => account)).size;
    const used = `${count(sum(known.map(({ instances }) => instances)), "instance")} in ${count(accounts, "account")}`;
    const missing = (unknown as unknown[]).length;
    return {
      label: "usage report",
      text: `${known.length > 0 ? used : "no known use"}${missing > 0 ? `; no report for ${count(missing, "region")}` : ""}`,
      tone: "yellow",
    };
  },
  "build.retired": ({ stage, amis, why }) => ({
    label: String(stage),
    text: `${artifacts(amis)}; ${(why as string[]).map(plain).join("; ")}`,
    tone: "yellow",
  }),
  "drift.found": ({ channel, found }) => ({
    label: channel ? `drift of ${channel}` : "drift",
    text: plain(found),
    tone: "yellow",
  }),
  "drift.repaired": ({ repair }) => ({ label: "drift repaired", text: plain(repair), tone: "yellow" }),
  "fleet.reported": ({ month, instances, accounts }) => ({
    label: `fleet report for ${month}`,
    text: `${count(Number(instances), "instance")} in ${count(Number(accounts), "account")}`,
    tone: "dim",
  }),
  "feed.failed": ({ feed, code }) => ({ label: "feed failed", text: `${feed} (${code})`, tone: "red" }),
  "parent.unresolved": ({ reason }) => ({ label: "parent not resolved", text: plain(reason), tone: "red" }),
  "export.ready": ({ channel, files }) => ({
    label: `exported from ${channel}`,
    text: (files as { format: string }[]).map(({ format }) => format).join(", "),
    tone: "green",
  }),
  "export.failed": ({ channel, error }) => ({
    label: `export from ${channel} failed`,
    text: plain(error),
    tone: "red",
  }),
  "cost.exceeded": ({ month, estimated, alarm, currency }) => ({
    label: `cost estimate for ${month}`,
    text: `${estimated} ${currency}, above the alarm of ${alarm}`,
    tone: "yellow",
  }),
  "waiver.expiring": ({ finding, until }) => ({
    label: "waiver expires",
    text: `${finding} on ${until}`,
    tone: "yellow",
  }),
  AccountJoinedOrganization: ({ serviceEventDetails }) => ({
    label: `account ${(serviceEventDetails as Detail).accountId} joined the organization`,
    tone: "cyan",
  }),
  MoveAccount: ({ requestParameters }) => {
    const { accountId, destinationParentId } = requestParameters as Detail;
    return { label: `account ${accountId} moved to ${destinationParentId}`, tone: "cyan" };
  },
};

/** The rules of the gate that are broken; those with the same findings once. */
function brokenRules({ reasons }: Detail): string {
  const broken = (reasons as { passed: boolean; found: string; examples: string[] }[]).filter(({ passed }) => !passed);
  const alike = Map.groupBy(broken, ({ found, examples }) => examples.join(", ") || found);
  return [...alike.values()]
    .flatMap(([first]) => (first ? [[plain(first.found), ...first.examples.slice(0, 3)].join(", ")] : []))
    .join("; ");
}
