import { RESTARTED } from "../../adapters/promotion/failed-promotions.ts";
import { sayUrgency } from "../../core/advisories/urgency.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { explainTriggers } from "../../core/build/explain-triggers.ts";
import { hasEnded } from "../../core/rollout/records.ts";
import type { Facts, Promoting } from "./facts.ts";
import type { Work } from "./shape.ts";

/** What is under way: builds, promotions, roll-outs, revocations and exports. */
export const findWork = (facts: Facts): Work[] => [
  ...facts.images.flatMap((image) => findBuilding(facts, image)),
  ...facts.promotions.flatMap((one) => toPromotion(facts, one)),
  ...findRollouts(facts),
  ...findWithdrawals(facts),
  ...findExports(facts),
];

/** Reasons beyond these are counted. */
const MOST_REASONS = 2;

function findBuilding(facts: Facts, image: string): Work[] {
  const claim = facts.activity.get(image)?.claim;
  const because = (triggers: Parameters<typeof explainTriggers>[1]): string => {
    const reasons = explainTriggers(image, triggers, MOST_REASONS);
    const more = reasons.length - MOST_REASONS;
    return `${reasons.slice(0, MOST_REASONS).join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
  };
  const building = (facts.builds.get(image) ?? []).filter(({ status }) => status === "building");
  const builds = building.map(({ build, startedAt: since, triggers }): Work => {
    const state = facts.buildStates.get(build)?.toLowerCase() ?? "building";
    const text = `${image} ${buildVersion(build)} is ${state}, because ${because(triggers)}`;
    return { kind: "build", image, build, since, state, text };
  });
  const isStarting = claim && (!claim.build || !building.some(({ build }) => build === claim.build));
  if (!isStarting || (claim.build && facts.builds.get(image)?.some(({ build }) => build === claim.build)))
    return builds;
  const text = `${image}: a build is starting, because ${because(claim.triggers)}`;
  return [...builds, { kind: "build", image, since: claim.since, state: "starting", text }];
}

/** The promotion's states (`stacks/promotion/`), in words. */
const states: Readonly<Record<string, string>> = {
  CollectEvidence: "collecting evidence",
  DecideGate: "at its gate",
  StartCopy: "copying to other regions",
  WaitForCopy: "copying to other regions",
  GetCopy: "copying to other regions",
  RecordCopy: "copying to other regions",
  CopyAgain: "copying to other regions again",
  WaitToCopyAgain: "copying to other regions again",
  RequestApproval: "waiting for approval",
  PrepareImage: "being shared",
  Share: "being shared",
  VerifyShare: "being verified as a consumer",
  StartCanary: "being launched in the canary account",
  WaitForCanary: "being launched in the canary account",
  CheckCanary: "being launched in the canary account",
  MoveChannel: "moving its channel",
  ConfirmChannel: "waiting for Parameter Store",
  ShareParameter: "sharing the channel's parameter",
  VerifyParameter: "verifying the channel's parameter",
  UndoPromotion: "being undone",
};

/** The channel that the promotion's build entered last, and when its soak ends. */
export function findSoak(
  facts: Facts,
  { build: record, state }: Promoting,
): { readonly channel: string; readonly until: string } | undefined {
  if (!record || !state || !/^Soak(On)?$/.test(state.name)) return undefined;
  const pointed = facts.channels.get(record.image) ?? {};
  const channel = facts.factory.images[record.image]?.channels.findLast(
    ({ name }) => pointed[name]?.build === record.build,
  );
  if (!channel) return undefined;
  const entered = Date.parse(pointed[channel.name]?.movedAt ?? state.since);
  // `SoakOn` is the rest of the usual soak: the build was urgent before.
  const isUrgent = state.name === "Soak" && facts.verdicts.get(record.build)?.gate?.urgent;
  const isRest =
    state.name === "SoakOn" ||
    facts.failedPromotions.some(({ build, error }) => build === record.build && error === RESTARTED);
  const begun = isRest ? entered : Date.parse(state.since);
  const until = new Date(begun + channel.soak[isUrgent ? "urgent" : "usual"] * 1000);
  return { channel: channel.name, until: until.toISOString() };
}

function toPromotion(facts: Facts, one: Promoting): Work[] {
  const { build: record, state, startedAt } = one;
  if (!record || !facts.images.includes(record.image)) return [];
  const { image, build } = record;
  const soak = findSoak(facts, one);
  const doing = soak ? `soaking in ${soak.channel}` : (states[state?.name ?? ""] ?? state?.name ?? "being promoted");
  const urgent = facts.verdicts.get(build)?.gate?.urgent;
  const at = urgent ? `${doing}; urgent: ${sayUrgency(urgent)}` : doing;
  return [
    {
      kind: "promotion",
      image,
      build,
      ...(soak && { channel: soak.channel, until: soak.until }),
      since: state?.since ?? startedAt,
      state: at,
      text: `${image} ${buildVersion(build)} is ${at}`,
    },
  ];
}

const findRollouts = (facts: Facts): Work[] =>
  facts.rollouts.flatMap(({ image, channel, record }) => {
    if (!facts.images.includes(image) || hasEnded(record) || record.state === "halted") return [];
    const { build, steps, index, startedAt, why, state } = record;
    const waves = steps[index]?.waves.join(", ");
    const at =
      state === "returning" ? "being rolled back" : `at step ${Math.min(index + 1, steps.length)} of ${steps.length}`;
    const text = `${image} ${channel}: the roll-out of ${buildVersion(build)} is ${at}${waves ? ` (${waves})` : ""}${why ? `: ${why}` : ""}`;
    return [{ kind: "rollout" as const, image, channel, build, since: startedAt, state: at, text }];
  });

const findWithdrawals = (facts: Facts): Work[] =>
  facts.withdrawals.flatMap(({ build: arn, wants, by, reason, since }) => {
    const found = [...facts.builds].find(([, builds]) => builds.some(({ build }) => build === arn));
    const [image] = found ?? [];
    if (!image || !facts.images.includes(image)) return [];
    const state = wants === "revoked" ? "being revoked" : "being restored";
    const text = `${image} ${buildVersion(arn)} is ${state} for ${by}: ${reason}`;
    return [{ kind: "revocation" as const, image, build: arn, since, state, text }];
  });

const findExports = (facts: Facts): Work[] =>
  facts.exports
    .filter(({ image, state }) => facts.images.includes(image) && (state === "under-way" || state === "removing"))
    .map(({ image, channel, build, formats, since, state }) => {
      const at = state === "removing" ? "being removed" : `being exported as ${formats.join(", ")}`;
      const text = `${image} ${buildVersion(build)} is ${at} for ${channel}`;
      return { kind: "export", image, channel, build, since, state: at, text };
    });
