import { buildVersion, promotionExecutionName } from "../../core/build/build-arn.ts";
import { parseBuildArn } from "../../events/ids.ts";
import factory from "../../factory.config.ts";
import type { Aftermath } from "./faults-aftermath.ts";

/** The violated rules of the factory, as sentences. */
export const brokenRules = (after: Aftermath): string[] => [
  ...sharedWithoutGate(after),
  ...channelsAtOdds(after),
  ...pointedAtInVain(after),
  ...promotionsNotOnce(after),
  ...failedInSilence(after),
  ...childrenNotOnce(after),
  ...lost(after),
];

/** Rule 1: nothing is shared and no channel points at a build unless its gate passed. */
function sharedWithoutGate({ amis, ledger, verdicts }: Aftermath): string[] {
  const passed = new Set<string>();
  for (const [image, { builds }] of Object.entries(ledger)) {
    for (const { build } of builds) if (verdicts.get(build) === "passed") passed.add(`${image}/${buildVersion(build)}`);
  }
  const shared = amis.filter(({ shares, build }) => shares > 0 && !passed.has(build ?? ""));
  const pointed = Object.entries(ledger).flatMap(([image, { channels }]) =>
    Object.entries(channels)
      .filter(([, { build }]) => !passed.has(`${image}/${buildVersion(build)}`))
      .map(([channel, { build }]) => `${image} ${channel} points at ${build}, whose gate did not pass`),
  );
  return [
    ...shared.map(({ id, region }) => `${id} in ${region} is shared, and its build's gate did not pass`),
    ...pointed,
  ];
}

/** Rule 2: in all regions a channel's parameter matches the ledger, unless a promotion of the image visibly failed. */
function channelsAtOdds({ parameters, ledger, events }: Aftermath): string[] {
  const failed = new Set(
    events.filter(({ detailType }) => detailType === "promotion.failed").map(({ detail }) => detail.image),
  );
  return parameters.flatMap(({ image, channel, region, value }) => {
    const wanted = ledger[image]?.channels[channel]?.amis[region];
    if (value === wanted || failed.has(image)) return [];
    return [`${image} ${channel} says ${value} in ${region}, the ledger ${wanted}, and no promotion.failed was said`];
  });
}

/** The accounts that follow a channel may launch its AMI. */
const pointedAtInVain = ({ ledger, amis }: Aftermath): string[] =>
  Object.entries(ledger).flatMap(([image, { channels }]) =>
    Object.entries(channels).flatMap(([channel, pointed]) =>
      Object.entries(pointed.amis)
        .filter(([region, id]) => !amis.some((ami) => ami.id === id && ami.region === region && ami.shares > 0))
        .map(([region, id]) => `${image} ${channel} points at ${id} in ${region}, which is not shared`),
    ),
  );

/** An available build is promoted once; any other never. */
function promotionsNotOnce(after: Aftermath): string[] {
  const { executions, ledger } = after;
  const waiting = waitingForPeople(after);
  const broken: string[] = [];
  const names = executions.map(({ name }) => name);
  for (const { build, status } of Object.values(ledger).flatMap(({ builds }) => builds)) {
    const count = names.filter((name) => name === promotionExecutionName(build)).length;
    if (count !== (status === "available" ? 1 : 0)) broken.push(`${build} is ${status} and has ${count} promotions`);
  }
  for (const { name = "", status } of executions) {
    if (status === "RUNNING" && !waiting.has(name)) broken.push(`the promotion ${name} still runs`);
  }
  return broken;
}

/** Promotions that wait for an approver's answer. */
function waitingForPeople({ events }: Aftermath): ReadonlySet<string> {
  const about = (...names: string[]) =>
    events
      .filter(({ detailType }) => names.includes(detailType))
      .map(({ detail }) => promotionExecutionName(parseBuildArn(String(detail.build))));
  const answered = new Set(about("approval.granted", "approval.denied", "approval.expired", "promotion.superseded"));
  return new Set(about("approval.requested").filter((name) => !answered.has(name)));
}

/** A failed promotion is reported, and what it shared is unshared, or the notice lists what is left. */
function failedInSilence({ executions, ledger, events, amis }: Aftermath): string[] {
  const ended = ["SUCCEEDED", "RUNNING"];
  const failed = new Set(executions.filter(({ status = "" }) => !ended.includes(status)).map(({ name }) => name));
  const builds = Object.entries(ledger).flatMap(([image, state]) =>
    state.builds.map(({ build }) => ({ image, build })),
  );
  return builds.flatMap(({ image, build }) => {
    if (!failed.has(promotionExecutionName(build))) return [];
    const said = events.filter(({ detailType, detail }) => detailType === "promotion.failed" && detail.build === build);
    if (said.length === 0) return [`no notice says that the promotion of ${build} failed`];
    if (said.some(({ detail }) => (detail.left as string[]).length > 0)) return [];
    return amis
      .filter((ami) => ami.shares > 0 && ami.build === `${image}/${buildVersion(build)}`)
      .map(({ id, region }) => `${id} in ${region} is still shared, although the promotion of ${build} was undone`);
  });
}

/** Rule 6: each child has been built on the build in its parent's channel, once per build. */
function childrenNotOnce({ ledger }: Aftermath): string[] {
  return Object.entries(factory.images).flatMap(([image, { parent, triggers }]) => {
    if (!("image" in parent) || !triggers.parent) return [];
    const builds = ledger[image]?.builds ?? [];
    const asked = builds.flatMap(({ triggers: reasons }) =>
      reasons.flatMap((reason) => (reason.kind === "parent" ? [reason.parentBuild] : [])),
    );
    const twice = asked.filter((build, index) => asked.indexOf(build) !== index);
    const now = ledger[parent.image]?.channels[parent.channel]?.build;
    const missed = now && !builds.some(({ parentBuild }) => parentBuild === now);
    return [
      ...twice.map((build) => `${image} was built more than once because of ${build}`),
      ...(missed ? [`${image} was not built on ${now}`] : []),
    ];
  });
}

/** Nothing is lost: every build has ended with an event, nothing waits, nothing is claimed. */
function lost({ ledger, events }: Aftermath): string[] {
  const said = (name: string) =>
    new Set(events.filter(({ detailType }) => detailType === name).map(({ detail }) => detail.build));
  const ends = { available: said("build.available"), failed: said("build.failed"), cancelled: said("build.cancelled") };
  const started = said("build.started");
  return Object.entries(ledger).flatMap(([image, { builds, claim, pending }]) => [
    ...(claim ? [`${image} is still claimed by ${claim.token} (build ${claim.build})`] : []),
    ...pending.map(({ token }) => `${image}: the trigger ${token} still waits`),
    ...builds.flatMap(({ build, status, settled }) => [
      ...(status === "building" || !settled ? [`${build} is ${status}, settled: ${settled ?? false}`] : []),
      ...(status !== "building" && !ends[status].has(build) ? [`no notice says that ${build} is ${status}`] : []),
      ...(started.has(build) ? [] : [`no notice says that ${build} was started`]),
    ]),
  ]);
}
