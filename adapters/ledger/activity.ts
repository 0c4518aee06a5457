import * as z from "zod";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import { trigger } from "../../events/trigger.ts";
import { get, IMAGES, type Ledger, ofImage, put, query, remove, set } from "./table.ts";

export const claim = z.object({
  token: z.string(),
  triggers: z.array(trigger).min(1),
  since: z.iso.datetime(),
  /** Unknown between the claim and Image Builder's answer. */
  build: buildArn.optional(),
});

/** That an image is being built: at most one build of an image runs at a time. */
export type Claim = z.output<typeof claim>;

export const pending = z.object({ token: z.string(), trigger, since: z.iso.datetime() });

/** A trigger that came while a build was under way. */
export type PendingTrigger = z.output<typeof pending>;

const activeKey = (image: string) => ofImage(image, "ACTIVE");
const pendingKey = (image: string, token: string) => ofImage(image, `PENDING#${token}`);
/** Beside the images' state, which is read as a whole: there is one of these for every trigger that ever came. */
const startedKey = (image: string, token: string) => ({ pk: `STARTED#${image}`, sk: token });

export async function findClaim(ledger: Ledger, image: string): Promise<Claim | undefined> {
  const item = await get(ledger, activeKey(image));
  return item && claim.parse(item);
}

/** Takes the image for a build; taking it again with the same token is the same claim. @returns false if another has it */
export const claimImage = (ledger: Ledger, image: string, wanted: Claim): Promise<boolean> =>
  put(ledger, activeKey(image), wanted, {
    expression: "attribute_not_exists(pk) OR #token = :token",
    names: { "#token": "token" },
    values: { ":token": wanted.token },
  });

/** Names the build that the claim has become. @returns false where the claim is no longer this token's */
export const recordClaimedBuild = (ledger: Ledger, image: string, token: string, build: BuildArn): Promise<boolean> =>
  set(
    ledger,
    activeKey(image),
    { build },
    {
      expression: "#token = :token",
      names: { "#token": "token" },
      values: { ":token": token },
    },
  );

/** Frees the image when its build has ended. @returns false where another build has it */
export const releaseImage = (ledger: Ledger, image: string, build: BuildArn): Promise<boolean> =>
  remove(ledger, activeKey(image), { expression: "build = :build", values: { ":build": build } });

export const addPending = (ledger: Ledger, image: string, waiting: PendingTrigger): Promise<boolean> =>
  put(ledger, pendingKey(image, waiting.token), waiting);

export const findPending = async (ledger: Ledger, image: string): Promise<PendingTrigger[]> =>
  (await query(ledger, IMAGES, `${image}#PENDING#`)).map((item) => pending.parse(item));

export async function removePending(ledger: Ledger, image: string, tokens: readonly string[]): Promise<void> {
  for (const token of tokens) await remove(ledger, pendingKey(image, token));
}

/** Remembers which build a trigger became, so that the same trigger never starts another. */
export const recordStarted = (ledger: Ledger, image: string, token: string, build: BuildArn): Promise<boolean> =>
  put(ledger, startedKey(image, token), { build });

export async function findStarted(ledger: Ledger, image: string, token: string): Promise<BuildArn | undefined> {
  const item = await get(ledger, startedKey(image, token));
  return item && buildArn.parse(item.build);
}

/**
 * Gives up a claim that never became a build; its trigger waits again. Of several triggers the ledger has them waiting
 * still: they are removed only when they have become a build.
 */
export async function abandonClaim(ledger: Ledger, image: string, stale: Claim): Promise<void> {
  const [trigger] = stale.triggers;
  if (trigger && stale.triggers.length === 1) {
    await addPending(ledger, image, { token: stale.token, trigger, since: stale.since });
  }
  await remove(ledger, activeKey(image), {
    expression: "#token = :token AND attribute_not_exists(build)",
    names: { "#token": "token" },
    values: { ":token": stale.token },
  });
}
