import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { type Before, mirrorAmi, removeParameter } from "../../adapters/channel/parameters.ts";
import { type ConsumerRole, enterConsumer } from "../../adapters/share/consumer.ts";
import type { MirrorOf } from "../../adapters/share/consumer-tries.ts";
import type { Held } from "../../core/channel/regions.ts";
import { mirrorParameter, ringParameter } from "../../core/names.ts";
import type { Proven } from "../../core/share/decide-proof.ts";
import type { ArtifactId } from "../../events/ids.ts";
import type { Invocation, Settings } from "../invocation.ts";
import { findStop } from "../promotion/find-stop.ts";
import { prover } from "../share/prove-artifact.ts";

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
    const stop = await findStop(invocation.ledger, build);
    if (stop) throw stop.refusal;
    return prove({ build, region, artifact: amiId });
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
  readonly before: Before;
}

/**
 * Writes one parameter in a consumer account and waits until it has the value.
 * @returns its value
 * @throws MirrorNotYet, NotProven, BuildRevoked, PromotionUndone, and errors of STS and Parameter Store
 */
export async function putCopy(
  { name, held, before }: Copy,
  { role, region }: { readonly role: ConsumerRole; readonly region: string },
  { client, wait, prove }: Pick<Invocation, "client" | "wait"> & { readonly prove: ProveHeld },
): Promise<ArtifactId | undefined> {
  const ami = held && (await prove(held, region));
  const ssm = client(SSMClient, await enterConsumer(client(STSClient), role, region));
  if (ami) await mirrorAmi(ssm, { name, ami, before }, wait);
  else await removeParameter(ssm, name);
  return ami;
}
