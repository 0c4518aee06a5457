import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { mirrorAmis, readParameters, removeParameter } from "../../adapters/channel/parameters.ts";
import { readBatch } from "../../adapters/ledger/reads.ts";
import { type ConsumerRole, enterConsumer } from "../../adapters/share/consumer.ts";
import type { MirrorOf } from "../../adapters/share/consumer-tries.ts";
import type { Held } from "../../core/channel/regions.ts";
import { mirrorParameter, ringParameter } from "../../core/names.ts";
import type { Proven } from "../../core/share/decide-proof.ts";
import type { ArtifactId } from "../../events/ids.ts";
import type { Invocation, Settings } from "../invocation.ts";
import { stopping, toStop } from "../promotion/find-stop.ts";
import { factsOf, prover } from "../share/prove-artifact.ts";

/** The name of a parameter in consumer accounts: a channel's copy, or a ring's. */
export const copyName = ({ image, channel, wave }: MirrorOf, { factory }: Pick<Settings, "factory">): string =>
  wave === undefined
    ? mirrorParameter(factory.name, image, channel)
    : ringParameter(factory.name, image, channel, wave);

/** @throws NotProven, BuildRevoked, PromotionUndone */
export type ProveHeld = (held: Held, region: string) => Promise<Proven>;

/** Proves that an AMI is its build's and that the build is neither revoked nor undone, once for all accounts. */
export function heldProver(invocation: Pick<Invocation, "client" | "settings" | "ledger">): ProveHeld {
  const prove = prover(invocation);
  const proven = new Map<string, Promise<Proven>>();
  const proveNow = async ({ build, amiId }: Held, region: string): Promise<Proven> => {
    const reads = [...stopping(build), ...factsOf(build, region)] as const;
    const [revoked, undone, ...facts] = await readBatch(invocation.ledger, reads);
    const stop = toStop(build, revoked, undone);
    if (stop) throw stop.refusal;
    return prove({ build, region, artifact: amiId, facts });
  };
  return (held, region) => {
    const key = `${region} ${held.amiId}`;
    const proving = proven.get(key) ?? proveNow(held, region);
    proven.set(key, proving);
    return proving;
  };
}

interface Copy {
  readonly name: string;
  /** Left out: the parameter is removed. */
  readonly held: Held | undefined;
  /** The last value that was written, if known: only that value is read first, and written if it was changed. */
  readonly before: ArtifactId | "unsure" | undefined;
}

/** A copy that had its value, was written or removed, was restored where its last value was changed, or failed. */
export type Put<One> = { readonly copy: One } & (
  | { readonly kind: "kept" | "written" | "restored" }
  | { readonly kind: "failed"; readonly failure: unknown }
);

/**
 * Writes parameters in a consumer account and region, and waits until they have their values.
 * @returns what came of each; failures are MirrorNotYet, NotProven, BuildRevoked, PromotionUndone, and errors of STS and
 * Parameter Store
 */
export async function putCopies<One extends Copy>(
  copies: readonly One[],
  { role, region }: { readonly role: ConsumerRole; readonly region: string },
  { client, wait, prove }: Pick<Invocation, "client" | "wait"> & { readonly prove: ProveHeld },
): Promise<Put<One>[]> {
  try {
    const ssm = client(SSMClient, await enterConsumer(client(STSClient), role, region));
    const known = copies.filter(({ held, before }) => before !== undefined && before === held?.amiId);
    const found = await readParameters(
      ssm,
      known.map(({ name }) => name),
    );
    const kept = new Set(known.filter(({ name, held }) => found.get(name) === held?.amiId));
    const failed = new Map<string, unknown>();
    const proven: { name: string; ami: Proven }[] = [];
    for (const { name, held } of copies.filter((copy) => !kept.has(copy))) {
      try {
        if (held) proven.push({ name, ami: await prove(held, region) });
        else await removeParameter(ssm, name);
      } catch (failure) {
        failed.set(name, failure);
      }
    }
    for (const [name, failure] of await mirrorAmis(ssm, proven, wait)) failed.set(name, failure);
    return copies.map((copy): Put<One> => {
      const failure = failed.get(copy.name);
      if (failure !== undefined) return { copy, kind: "failed", failure };
      return { copy, kind: kept.has(copy) ? "kept" : known.includes(copy) ? "restored" : "written" };
    });
  } catch (failure) {
    return copies.map((copy) => ({ copy, kind: "failed", failure }));
  }
}
