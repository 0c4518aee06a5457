import { ssmState } from "embedded-aws/state";
import { findApprovals, listOpenApprovals } from "../../../adapters/approval/approvals.ts";
import { findChannel } from "../../../adapters/channel/channels.ts";
import { listMoves } from "../../../adapters/channel/history.ts";
import { isUndone } from "../../../adapters/promotion/promotion.ts";
import { findRevocation } from "../../../adapters/revocation/revocations.ts";
import { heldIn } from "../../../core/channel/regions.ts";
import type { Build } from "./builds.ts";
import type { Lived } from "./live-through.ts";
import { ACCOUNT, HOME, IMAGE } from "./way-factory.ts";
import type { World } from "./world.ts";

/** Violations of the factory's rules 1, 2, 3 and 5 (docs/architecture.md) when everything is at rest, as text. */
export async function brokenRules(world: World, lived: Lived): Promise<string[]> {
  const { ledger } = world.step();
  const revoked = new Set<Build>();
  const undone = new Set<Build>();
  for (const one of world.builds) {
    if (await findRevocation(ledger, one.build)) revoked.add(one);
    if (await isUndone(ledger, one.build)) undone.add(one);
  }
  const all = world.builds.flatMap((one) => exposed(one, { world, revoked, undone, lived }));
  const channels = world.now.factory.images[IMAGE]?.channels ?? [];
  const each = await Promise.all(channels.map(({ name }) => brokenIn(world, name, revoked)));
  return [...world.now.story.wrong, ...all, ...each.flat(), ...untold(world, lived), ...(await leftStanding(world))];
}

interface Ended {
  readonly world: World;
  readonly revoked: ReadonlySet<Build>;
  readonly undone: ReadonlySet<Build>;
  readonly lived: Lived;
}

/** Rule 1, on AMIs, and a restoration's guarantees. */
function exposed(one: Build, { world, revoked, undone, lived }: Ended): string[] {
  const { version, images, build } = one;
  const was = (what: string, end: string) =>
    lived.some((other) => other.what === what && other.end === end && world.builds[other.build ?? -1] === one);
  return [...images].flatMap(([region, { id, state, permissions }]) => {
    const broken: string[] = [];
    const shared = permissions.size > 0;
    if (shared && !world.now.story.passed(build)) broken.push(`${version} is shared in ${region}, refused by its gate`);
    if (shared && revoked.has(one)) broken.push(`${version} is shared in ${region}, and revoked`);
    if (shared && undone.has(one)) {
      broken.push(`${version} is shared in ${region}, and was undone`);
    }
    if (revoked.has(one) && state !== "disabled") broken.push(`${version} is revoked, and ${state} in ${region}`);
    if (!revoked.has(one) && state !== "available") broken.push(`${version} is not revoked, and ${state} in ${region}`);
    if (revoked.has(one) || undone.has(one) || !was("restore", "done")) return broken;
    for (const who of world.lostByDisabling.get(id) ?? []) {
      if (!permissions.has(who)) broken.push(`${version} was restored in ${region}, and not shared again with ${who}`);
    }
    return broken;
  });
}

async function brokenIn(world: World, channel: string, revoked: ReadonlySet<Build>): Promise<string[]> {
  const { ledger } = world.step();
  const { share, quorum } = world.now.factory.images[IMAGE]?.channels.find(({ name }) => name === channel) ?? {};
  const broken: string[] = [];
  const pointed = await findChannel(ledger, IMAGE, channel);
  const one = world.builds.find(({ build }) => build === pointed?.build);
  // Rule 1.
  if (one && revoked.has(one)) broken.push(`${channel} points at ${one.version}, which is revoked`);
  if (one && !world.now.story.passed(one.build))
    broken.push(`${channel} points at ${one.version}, refused by its gate`);
  // Rule 2, and the accounts that follow the channel can launch its AMI.
  for (const region of world.now.factory.regions) {
    const says = parameterOf(world, region, channel);
    const held = heldIn(pointed, region);
    if (says !== held?.amiId) broken.push(`${channel} in ${region} says ${says}, not ${held?.amiId}`);
    if (pointed && held?.build !== pointed.build && (quorum === undefined || region === HOME)) {
      broken.push(`${channel} is behind in ${region}, which it may not be`);
    }
    const image = world.builds.find(({ build }) => build === held?.build)?.images.get(region);
    const launchers = [...(image?.permissions.keys() ?? [])].join();
    if (image && (image.state !== "available" || !share?.accounts.every((account) => launchers.includes(account)))) {
      broken.push(`${channel} points at ${image.id} in ${region}, which its consumers cannot launch`);
    }
  }
  return [...broken, ...twice(channel, await listMoves(ledger, IMAGE, channel))];
}

/** Rule 3: each rollback moved its channel once, and a build that was not taken out of a channel entered it once. */
function twice(channel: string, moves: Awaited<ReturnType<typeof listMoves>>): string[] {
  const broken: string[] = [];
  const requests = moves.flatMap(({ how, request }) => (how === "rollback" && request ? [request] : []));
  if (new Set(requests).size < requests.length) broken.push(`${channel} went back twice for one request`);
  for (const [n, move] of moves.entries()) {
    if (move.build && move.build === moves[n + 1]?.build) broken.push(`${channel} was moved to ${move.build} twice`);
  }
  return broken;
}

/** Rule 5: every deviation from a request was reported with its reason. */
function untold({ said, builds }: World, lived: Lived): string[] {
  const told = (name: string, n: number | undefined) =>
    said.some((event) => event.name === name && event.detail.build === builds[n ?? -1]?.build);
  const events: Readonly<Record<string, readonly string[]>> = {
    // A revoked one ends like that too, and its revocation, or its immediate undo, is reported.
    "promotion superseded": ["promotion.superseded", "build.revoked", "build.restored"],
    "promotion denied": ["approval.denied"],
    "promotion expired": ["approval.expired"],
    "promotion stopped": ["build.revoked", "build.restored"],
    "promotion undone": ["promotion.failed"],
    "revoke done": ["build.revoked"],
    "restore done": ["build.restored"],
  };
  return lived.flatMap(({ what, end, build }) => {
    const names = events[`${what} ${end}`];
    if (!names || names.some((name) => told(name, build))) return [];
    return [`no event says that the ${what} of ${(build ?? 0) + 1} is ${end}`];
  });
}

/** Approvals after `reconcile`: each is decided, completed and reported. */
async function leftStanding(world: World): Promise<string[]> {
  const { ledger } = world.step();
  const open = (await listOpenApprovals(ledger)).map(
    ({ build, channel }) => `the approval of ${build} for ${channel} is still open`,
  );
  const events = { granted: "approval.granted", denied: "approval.denied", expired: "approval.expired" } as const;
  const silent = (await Promise.all(world.builds.map(({ build }) => findApprovals(ledger, build))))
    .flat()
    .flatMap((one) => {
      const { build, channel, decided } = one;
      const by =
        decided?.verdict === "withdrawn" ? decided.by && "promotion.superseded" : decided && events[decided.verdict];
      const told = world.said.some(
        ({ name, detail }) => name === by && detail.build === build && detail.channel === channel,
      );
      return told || !by ? [] : [`no event says that the approval of ${build} for ${channel} is ${decided?.verdict}`];
    });
  return [...open, ...silent];
}

function parameterOf({ aws }: World, region: string, channel: string): string | undefined {
  const { parameters } = aws.state(ssmState, ACCOUNT, region);
  const parameter = parameters.get(`/imagebuilder/amint/way/${IMAGE}/${channel}`);
  return parameter?.versions.at(-1)?.value;
}
