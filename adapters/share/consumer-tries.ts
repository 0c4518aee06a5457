import * as z from "zod";
import { below, keyOf, partitionOf } from "../../core/ledger/kinds.ts";
import { artifactId } from "../../events/ids.ts";
import { putAll } from "../ledger/put-all.ts";
import { itemRead, read } from "../ledger/reads.ts";
import { type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const consumersWriter = /* @__PURE__ */ writer("grants");

const tried = z.object({
  account: z.string(),
  /** The values written there, by region; for copies of parameters. */
  amis: z.record(z.string(), artifactId).default({}),
  /** The error of the last try. */
  failed: z.string().optional(),
  /** Since when it fails. */
  failingSince: z.iso.datetime().optional(),
  /** Whether this failure was reported. */
  told: z.boolean().default(false),
});

/** The result of the last work in a consumer account. */
export type ConsumerTry = z.output<typeof tried>;

/** Parameters in accounts: copies of a channel's, or one wave's. */
export interface MirrorOf {
  readonly image: string;
  readonly channel: string;
  readonly wave?: string | undefined;
}

/** Kinds of work in accounts: grants for Auto Scaling, or parameters. */
export type ConsumerWork = "grants" | MirrorOf;

function belowWork(work: ConsumerWork) {
  if (work === "grants") return below("grants");
  const { wave, ...channel } = work;
  return wave === undefined ? below("mirror", channel) : below("ringMirror", { ...channel, wave });
}

function key(work: ConsumerWork, account: string) {
  if (work === "grants") return keyOf("grants", { account });
  const { wave, ...channel } = work;
  return wave === undefined
    ? keyOf("mirror", { ...channel, account })
    : keyOf("ringMirror", { ...channel, wave, account });
}

export const listTries = async (ledger: Ledger, work: ConsumerWork): Promise<ConsumerTry[]> =>
  (await query(ledger, belowWork(work))).map((item) => tried.parse(item));

export const findTry = (ledger: Ledger, work: ConsumerWork, account: string): Promise<ConsumerTry | undefined> =>
  read(ledger, itemRead(key(work, account), tried));

/** All records with one query: it is read hourly, and mostly nothing is due. */
export async function readTries(ledger: Ledger): Promise<{
  readonly of: (work: ConsumerWork) => ConsumerTry[];
  /** The waves of a channel that have a parameter in any account. */
  readonly wavesOf: (channel: Omit<MirrorOf, "wave">) => string[];
}> {
  const items = await query(ledger, partitionOf("mirror"));
  const having = (prefix: string) => items.filter(({ sk }) => String(sk).startsWith(prefix));
  return {
    of: (work) => having(belowWork(work).prefix).map((item) => tried.parse(item)),
    wavesOf: (channel) => {
      const { prefix } = below("ringMirror", channel);
      return [...new Set(having(prefix).map(({ sk }) => String(sk).slice(prefix.length).split("#")[0] ?? ""))];
    },
  };
}

/** Those of all of a channel's rings, by wave, with one query. */
export async function listRingTries(
  ledger: Ledger,
  channel: Omit<MirrorOf, "wave">,
): Promise<Map<string, ConsumerTry[]>> {
  const own = below("ringMirror", channel);
  const items = Map.groupBy(
    await query(ledger, own),
    ({ sk }) => String(sk).slice(own.prefix.length).split("#")[0] ?? "",
  );
  return new Map([...items].map(([wave, some]) => [wave, some.map((item) => tried.parse(item))]));
}

/** A failure in a consumer account that lasts, and what of it failed. */
export interface FailingTry extends ConsumerTry {
  readonly work: "grants" | Required<MirrorOf> | Omit<MirrorOf, "wave">;
}

/** Everything that fails in consumer accounts, with one query. */
export const listFailingTries = async (ledger: Ledger): Promise<FailingTry[]> =>
  (await query(ledger, partitionOf("mirror"))).flatMap((item) => {
    const one = tried.parse(item);
    if (one.failed === undefined) return [];
    const [kind, image = "", channel = "", wave = ""] = String(item.sk).split("#");
    const work = kind === "GRANTS" ? "grants" : kind === "RING" ? { image, channel, wave } : { image, channel };
    return [{ ...one, work }];
  });

export const recordTry = (ledger: Ledger, work: ConsumerWork, one: ConsumerTry): Promise<boolean> =>
  consumersWriter.put(ledger, key(work, one.account), one);

/** A parameter in an account, as it was last written. */
export interface CopyTry {
  readonly at: MirrorOf;
  readonly tried: ConsumerTry;
}

/** Of several accounts and parameters. @throws ItemsNotWritten */
export const recordTries = (ledger: Ledger, some: readonly CopyTry[]): Promise<void> =>
  putAll(
    ledger,
    consumersWriter,
    some.map(({ at, tried: one }) => ({ key: key(at, one.account), item: one })),
  );

/** Forgets an account. */
export const forgetTry = (ledger: Ledger, work: ConsumerWork, account: string): Promise<boolean> =>
  consumersWriter.remove(ledger, key(work, account));
