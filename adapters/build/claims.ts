import * as z from "zod";
import { trigger, waitCodes } from "../../events/build.ts";
import { type BuildArn, baseId, buildArn } from "../../events/ids.ts";
import { absent, IMAGES, type Ledger, ofImage, put, query, remove, set } from "../ledger/table.ts";
import { derived, read, readTogether, type Wanted, wanted } from "../ledger/wanted.ts";

export const claim = z.object({
  /** Of all its reasons together: the client token of its start. */
  token: z.string(),
  /** Its reasons' own tokens. */
  tokens: z.array(z.string()).min(1),
  triggers: z.array(trigger).min(1),
  /** The Lambda request that took it: its retry goes on with it. */
  owner: z.string(),
  since: z.iso.datetime(),
  /** The image's fingerprint, its parent's promoted build and its base, as they were before the start. */
  config: z.string(),
  parentBuild: buildArn.optional(),
  base: baseId.optional(),
  /** Unknown between the claim and Image Builder's answer. */
  build: buildArn.optional(),
});

/** That an image is being built: at most one build of an image runs at a time. */
export type Claim = z.output<typeof claim>;

const held = z.object({
  code: z.enum(waitCodes),
  reason: z.string(),
  until: z.iso.datetime().optional(),
  at: z.iso.datetime(),
});

export const pending = z.object({
  token: z.string(),
  trigger,
  since: z.iso.datetime(),
  /** What it waits for; absent for the moment in which that is decided and told. */
  held: held.optional(),
});

/** A reason that has not become a build yet. Every reason is kept as one before anything is decided over it. */
export type PendingReason = z.output<typeof pending>;

const activeKey = (image: string) => ofImage(image, "ACTIVE");

const pendingKey = (image: string, token: string) => ofImage(image, `PENDING#${token}`);

/** Beside the images' state, which is read as a whole: there is one of these for every reason that ever came. */
const startedKey = (image: string, token: string) => ({ pk: `STARTED#${image}`, sk: token });

export const findClaim = (ledger: Ledger, image: string): Promise<Claim | undefined> =>
  read(ledger, wanted(activeKey(image), claim));

/** Takes the image for a build. @returns false where it is taken */
export const claimImage = (ledger: Ledger, image: string, wanted: Claim): Promise<boolean> =>
  put(ledger, activeKey(image), wanted, absent);

/** Names the build that the claim has become. @returns false where the claim is no longer this token's */
export const recordClaimedBuild = (ledger: Ledger, image: string, token: string, build: BuildArn): Promise<boolean> =>
  set(ledger, activeKey(image), { build }, { expression: "#token = :token", ...ofToken(token) });

/** Frees the image when its build has ended. @returns false where another build has it */
export const releaseImage = (ledger: Ledger, image: string, build: BuildArn): Promise<boolean> =>
  remove(ledger, activeKey(image), { expression: "build = :build", values: { ":build": build } });

/** Gives up a claim that was not asked of Image Builder yet. @returns false where it is another's or has a build */
export const dropClaim = (ledger: Ledger, image: string, token: string): Promise<boolean> =>
  remove(ledger, activeKey(image), {
    expression: "#token = :token AND attribute_not_exists(build)",
    ...ofToken(token),
  });

const ofToken = (token: string) => ({ names: { "#token": "token" }, values: { ":token": token } });

/** Lets a reason wait. @returns false where it waits already; it is left as it is */
export const addPending = (ledger: Ledger, image: string, waiting: PendingReason): Promise<boolean> =>
  put(ledger, pendingKey(image, waiting.token), waiting, absent);

/** Remembers that people were told what a reason waits for. @returns false where it does not wait any more */
export const recordHeld = (
  ledger: Ledger,
  image: string,
  token: string,
  holding: z.output<typeof held>,
): Promise<boolean> => set(ledger, pendingKey(image, token), { held: holding }, { expression: "attribute_exists(pk)" });

export const findPending = async (ledger: Ledger, image: string): Promise<PendingReason[]> =>
  (await query(ledger, IMAGES, `${image}#PENDING#`)).map((item) => pending.parse(item));

export async function removePending(ledger: Ledger, image: string, tokens: readonly string[]): Promise<void> {
  for (const token of tokens) await remove(ledger, pendingKey(image, token));
}

/** Remembers which build a reason became, so that the same reason never starts another. */
export const recordStarted = (ledger: Ledger, image: string, token: string, build: BuildArn): Promise<boolean> =>
  put(ledger, startedKey(image, token), { build });

const started = z.object({ build: buildArn });

/** The build that a reason became. */
const startedBy = (image: string, token: string): Wanted<BuildArn | undefined> =>
  derived(wanted(startedKey(image, token), started), (found) => found?.build);

export const findStarted = (ledger: Ledger, image: string, token: string): Promise<BuildArn | undefined> =>
  read(ledger, startedBy(image, token));

/** The builds that reasons became, by token; reasons that started none are left out. */
export async function findAllStarted(
  ledger: Ledger,
  image: string,
  tokens: readonly string[],
): Promise<ReadonlyMap<string, BuildArn>> {
  const found = await readTogether(
    ledger,
    tokens.map((token) => startedBy(image, token)),
  );
  return new Map(tokens.flatMap((token, n) => (found[n] ? [[token, found[n]] as const] : [])));
}
