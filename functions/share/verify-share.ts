import { ECRClient } from "@aws-sdk/client-ecr";
import { STSClient } from "@aws-sdk/client-sts";
import * as z from "zod";
import { readPulledManifest, requestLayer } from "../../adapters/containers/pull-checks.ts";
import { lazyRead, readBatch } from "../../adapters/ledger/reads.ts";
import { amiIn } from "../../adapters/promotion/ami-of.ts";
import { enterConsumer } from "../../adapters/share/consumer.ts";
import { forgetVerified, recordVerifications, toVerified, verifiedAt } from "../../adapters/share/verifications.ts";
import { isAmiId } from "../../core/build/build-arn.ts";
import { artifactInChannel, toContainerImage } from "../../core/containers/container-image.ts";
import type { Missing } from "../../core/share/explain-refusal.ts";
import type { ContainerImageId } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { channelStateInput, regionStateInput } from "../promotion/promotion-input.ts";
import { attempt, inBatches } from "./attempt.ts";
import { consumerRoleOf } from "./consumer-role.ts";
import { NotLaunchableYet, refuseShare, settleShare } from "./end-verification.ts";
import { readVerificationPlan, toCanary } from "./verification-plan.ts";
import { type AccountVerdict, verifyAsConsumers } from "./verify-as-consumer.ts";

const input = channelStateInput.extend(regionStateInput.shape).extend({ triesLeft: z.int() });

/**
 * Verifies in consumer accounts that they can launch what is shared with them: permissions and keys.
 * @returns the canary to launch, if one is due
 * @throws NotLaunchableYet while a later try may pass, then NotLaunchable; ConsumersNotKnown
 */
export async function verifyShare({ triesLeft, ...at }: z.output<typeof input>, invocation: Invocation) {
  const { ledger, settings, now } = invocation;
  const { image, build, channel, region } = at;
  const { factory, place } = settings;
  const [earlier, readAmi] = await readBatch(ledger, [verifiedAt(at), lazyRead(amiIn(at, place.region))]);
  await forgetVerified(ledger, at, earlier);
  const plan = await readVerificationPlan(at, invocation);
  const artifact = artifactInChannel(readAmi(), factory.name, at);
  const verdicts = isAmiId(artifact)
    ? await verifyAsConsumers(plan.accounts, { region, amiId: artifact, ...plan.launch }, invocation)
    : await pullAsConsumers(plan.accounts, artifact, invocation);
  const passed = verdicts.filter(({ missing }) => !missing).toSorted((a, b) => (a.account < b.account ? -1 : 1));
  const verified = passed.map(({ account, proof, notTried }) => ({
    ...{ channel, region, account, amiId: artifact, proof },
    at: now.toISOString(),
    ...(notTried && { notTried: notTried.piece }),
  }));
  await recordVerifications(ledger, build, verified);
  const refused = verdicts.flatMap(({ missing, ...rest }) => (missing ? [{ ...rest, missing }] : []));
  // AWS's recent shares and deployments are eventually consistent.
  if (refused.length > 0 && triesLeft > 0) throw new NotLaunchableYet(region, refused);
  if (refused.length > 0) await refuseShare({ ...at, amiId: artifact }, refused, invocation);
  // Container images have no launch test: the pull has been verified.
  const own = verdicts.find(({ account }) => account === plan.canary?.account);
  // Without a network for a dry run, a launch has none either.
  if (plan.canary && isAmiId(artifact) && !own?.notTried) {
    const planned = { ...plan.canary, ...(own?.subnet && { subnet: own.subnet }) };
    return { region, amiId: artifact, canary: toCanary({ ...at, amiId: artifact }, planned, invocation) };
  }
  await settleShare({ image, build, channel, region, amiId: artifact }, invocation, verified.map(toVerified));
  return { region, amiId: artifact };
}

/**
 * Verifies in each account, with its own role, the calls of `docker pull` except the token, which every account gets by
 * itself: the manifest by digest, and a layer (ECR user guide, "Private repository policies").
 * @throws AWS failures and throttling: only denials are verdicts
 */
const pullAsConsumers = (
  accounts: readonly string[],
  id: ContainerImageId,
  invocation: Invocation,
): Promise<AccountVerdict[]> =>
  inBatches(accounts, async (account) => {
    const missing = await tryToPull(account, id, invocation);
    return { account, proof: "pullable", ...(missing && { missing }) };
  });

async function tryToPull(
  account: string,
  id: ContainerImageId,
  { settings, client }: Invocation,
): Promise<Missing | undefined> {
  const { account: registryId, region, repository: repositoryName, digest } = toContainerImage(id);
  const repository = { registryId, repositoryName };
  const role = consumerRoleOf(settings, account);
  const trial = { account, region, factory: settings.factory.name };
  const entered = await attempt({ ...trial, action: "sts:AssumeRole", on: role.arn }, () =>
    enterConsumer(client(STSClient), role, region),
  );
  if ("missing" in entered) return entered.missing;
  const ecr = client(ECRClient, entered.result);
  const seen = await attempt({ ...trial, action: "ecr:BatchGetImage", on: id }, () =>
    readPulledManifest(ecr, repository, digest),
  );
  if ("missing" in seen) return seen.missing;
  if (!seen.result) {
    return {
      piece: `${id} is not in its repository`,
      fix: "it was deleted: reconcile restores it within the hour",
    };
  }
  const { layer } = seen.result;
  if (layer === undefined) return undefined;
  const asked = await attempt({ ...trial, action: "ecr:GetDownloadUrlForLayer", on: id }, () =>
    requestLayer(ecr, repository, layer),
  );
  return "missing" in asked ? asked.missing : undefined;
}

export const handler = lambda({ input, run: verifyShare });
