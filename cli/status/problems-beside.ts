import { buildVersion } from "../../core/build/build-arn.ts";
import { saySupport, supportOfImage } from "../../core/factory/image-support.ts";
import type { Facts, Promoting } from "./facts.ts";
import { named, type Problem, problem } from "./shape.ts";

/** Problems of revocations, exports, feeds, parents, operating systems, consumer accounts, drift and alarms. */
export const problemsBeside = (facts: Facts): Problem[] => [
  ...findRevocationProblems(facts),
  ...facts.promotions.flatMap((one) => findStuck(facts, one)),
  ...findExportProblems(facts),
  ...findFeedProblems(facts),
  ...findUnsupported(facts),
  ...findConsumerProblems(facts),
  ...findDriftProblems(facts),
  ...findAlarms(facts),
];

const imageOf = (facts: Facts, build: string): string | undefined =>
  [...facts.builds].find(([, builds]) => builds.some((one) => one.build === build))?.[0];

const isAsked = ({ images }: Facts, image: string | undefined): boolean =>
  image === undefined || images.includes(image);

const findRevocationProblems = (facts: Facts): Problem[] =>
  [...facts.revocations].flatMap(([arn, { left = [], at, reason }]) => {
    const image = imageOf(facts, arn);
    if (left.length === 0 || image === undefined || !isAsked(facts, image)) return [];
    const build = facts.builds.get(image)?.find((one) => one.build === arn)?.build;
    if (!build) return [];
    const text = `the revocation of ${image} ${buildVersion(build)} (${reason}) is incomplete: ${left.join("; ")}`;
    const command = `amint revoke ${named(image, { build })} --reason "..."`;
    return [problem("revocation-incomplete", { image, build, since: at, text, command })];
  });

/** Longer than any state takes, except those that wait for an approval, a soak or copies. */
const STUCK_MS = 2 * 3_600_000;
const patient = new Set(["Soak", "SoakOn", "RequestApproval", "WaitForCopy", "WaitToCopyAgain", "GetCopy"]);

function findStuck(facts: Facts, { name, build: record, state }: Promoting): Problem[] {
  if (!record || !state || patient.has(state.name) || !isAsked(facts, record.image)) return [];
  if (facts.now.getTime() - Date.parse(state.since) < STUCK_MS) return [];
  const { image, build } = record;
  const text = `the promotion of ${image} ${buildVersion(build)} is in the state ${state.name} (execution ${name})`;
  const command = `amint why ${named(image, record)}`;
  return [problem("promotion-stuck", { image, build, since: state.since, text, command })];
}

const findExportProblems = (facts: Facts): Problem[] =>
  facts.exports.flatMap(({ image, channel, build, state, since, failure }) => {
    if (state !== "failed" || !isAsked(facts, image)) return [];
    const text = `the export of ${image} ${buildVersion(build)} for ${channel} failed: ${failure ?? "no reason is recorded"}`;
    return [problem("export-failed", { image, channel, build, since, text, command: `amint export ${image} --again` })];
  });

function findFeedProblems(facts: Facts): Problem[] {
  const feeds = facts.feeds.flatMap(({ feed, code, images, since }) => {
    const ours = images.filter((image) => facts.images.includes(image));
    if (images.length > 0 && ours.length === 0) return [];
    const whom = ours.length > 0 ? `, needed for ${ours.join(", ")}` : "";
    const [image] = ours;
    const text = `the feed ${feed} cannot be read (${code})${whom}`;
    const command = image ? `amint triggers ${image}` : "amint triggers";
    return [problem("feed-failed", { ...(ours.length === 1 && { image }), since, text, command })];
  });
  const parents = [...facts.parents].flatMap(([image, { unresolved }]) => {
    if (!unresolved || !isAsked(facts, image)) return [];
    const text = `the parent of ${image} is not resolved: no usable AMI matches ${unresolved.pattern} (${unresolved.code})`;
    return [problem("parent-unresolved", { image, since: unresolved.since, text, command: "amint preflight" })];
  });
  return [...feeds, ...parents];
}

const findUnsupported = ({ factory, images, now }: Facts): Problem[] =>
  images.flatMap((image) => {
    const today = now.toISOString().slice(0, 10);
    const support = supportOfImage(factory, image);
    if (!support || support.until >= today) return [];
    const text = `${image}: ${saySupport(support, today)}`;
    return [problem("support-ended", { image, since: `${support.until}T23:59:59Z`, text, command: "amint validate" })];
  });

const MOST_ACCOUNTS = 5;

/** The same failure of the same work is one problem, however many accounts it concerns. */
function findConsumerProblems(facts: Facts): Problem[] {
  const asked = facts.consumers.filter(({ work }) => isAsked(facts, work === "grants" ? undefined : work.image));
  const alike = Map.groupBy(asked, ({ work, failed }) => JSON.stringify([work, failed]));
  return [...alike.values()].map((some) => {
    const { work, failed } = some[0]!;
    const of = work === "grants" ? undefined : work;
    const what = of
      ? `the copy of ${of.image} ${of.channel}${"wave" in of ? ` (wave ${of.wave})` : ""}`
      : "the grants for Auto Scaling";
    const accounts = some.map(({ account }) => account);
    const more = accounts.length - MOST_ACCOUNTS;
    const where = `${accounts.slice(0, MOST_ACCOUNTS).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
    const since = some.flatMap(({ failingSince }) => failingSince ?? []).toSorted()[0];
    const text = `${what} failed in ${where}: ${failed}`;
    const channel = of && { image: of.image, channel: of.channel };
    return problem("consumer-failed", { ...channel, accounts, since, text, command: "amint reconcile --full" });
  });
}

const findDriftProblems = (facts: Facts): Problem[] =>
  facts.drift.flatMap(({ image, channel, found, repaired, at: since }) => {
    if (repaired || !isAsked(facts, image)) return [];
    const command = image ? `amint channels ${image}` : "amint reconcile --full";
    return [problem("drift", { ...(image && { image }), ...(channel && { channel }), since, text: found, command })];
  });

/** Alarms that say what other lines say better. */
const said = /-(stale|breaker-open)$/;

function findAlarms(facts: Facts): Problem[] {
  const { factory, images } = facts;
  const others = Object.keys(factory.images).filter((image) => !images.includes(image));
  return facts.alarms.flatMap(({ name, description, since }) => {
    const short = name.slice(`amint-${factory.name}-`.length);
    if (said.test(short) || others.some((image) => short.startsWith(`${image}-`))) return [];
    const kind = short.endsWith("-dead-letters") ? ("dead-letters" as const) : ("alarm" as const);
    const command =
      kind === "dead-letters"
        ? `aws sqs get-queue-url --queue-name ${name}`
        : `aws cloudwatch describe-alarms --alarm-names ${name}`;
    return [problem(kind, { since, text: `${name}: ${description}`, command })];
  });
}
