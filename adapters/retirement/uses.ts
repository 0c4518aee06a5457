import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { artifactId, buildArn } from "../../events/ids.ts";
import { type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const useWriter = /* @__PURE__ */ writer("use");

const found = z.discriminatedUnion("state", [
  z.object({ state: z.literal("pending") }),
  z.object({ state: z.literal("missing"), why: z.string() }),
  z.object({ state: z.literal("complete"), users: z.array(z.string()).readonly() }),
]);

const use = z.object({
  build: buildArn,
  region: z.string(),
  amiId: artifactId,
  /** The reports, oldest first. A refused one has no EC2 id. */
  reports: z.array(z.object({ id: z.string(), askedAt: z.iso.datetime(), found })).readonly(),
});

/** EC2's reports about the use of a build's AMI in a region; EC2 itself deletes them after 30 days. */
export type KnownUse = z.output<typeof use>;

const key = ({ build, region }: Pick<KnownUse, "build" | "region">) => keyOf("use", { build, region });

/** For all builds, by build and region. */
export async function listUses(
  ledger: Ledger,
): Promise<(of: Pick<KnownUse, "build" | "region">) => KnownUse | undefined> {
  const all = (await query(ledger, below("use"))).map((item) => use.parse(item));
  const byKey = new Map(all.map((one) => [key(one).sk, one]));
  return (of) => byKey.get(key(of).sk);
}

/** Longer than any report is valid. */
const REMEMBERED_SECONDS = 120 * 86_400;

export const recordUse = (ledger: Ledger, one: KnownUse, now: Date): Promise<boolean> =>
  useWriter.put(ledger, key(one), { ...one, expires: Math.floor(now.getTime() / 1000) + REMEMBERED_SECONDS });
