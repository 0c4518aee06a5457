import { ECRClient } from "@aws-sdk/client-ecr";
import { STSClient } from "@aws-sdk/client-sts";
import { enterConsumer } from "../../../adapters/consumer.ts";
import { askForLayer, seeManifest } from "../../../adapters/pull-trials.ts";
import { toContainerImage } from "../../../core/container-image.ts";
import type { Missing } from "../../../core/share/explain-refusal.ts";
import type { ContainerImageId } from "../../../events/ids.ts";
import type { Step } from "../step.ts";
import { attempt, inTurns } from "./attempt.ts";
import { consumerRoleOf } from "./consumer-role.ts";
import type { AccountVerdict } from "./verify-as-consumer.ts";

/**
 * Tries in each of the accounts, as itself, all that `docker pull` asks of a repository beside a token, which every
 * account gets for itself: the manifest, by its digest, and a layer (ECR user guide, "Private repository policies").
 * @throws what AWS fails at, or asks patience for: only refusals are verdicts
 */
export const pullAsConsumers = (
  accounts: readonly string[],
  id: ContainerImageId,
  step: Step,
): Promise<AccountVerdict[]> =>
  inTurns(accounts, async (account) => {
    const missing = await tryToPull(account, id, step);
    return { account, proof: "pullable", ...(missing && { missing }) };
  });

async function tryToPull(
  account: string,
  id: ContainerImageId,
  { settings, client }: Step,
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
    seeManifest(ecr, repository, digest),
  );
  if ("missing" in seen) return seen.missing;
  if (!seen.result) {
    return {
      piece: `${id} is not in its repository`,
      fix: "somebody deleted it: reconcile brings it back within the hour",
    };
  }
  const { layer } = seen.result;
  if (layer === undefined) return undefined;
  const asked = await attempt({ ...trial, action: "ecr:GetDownloadUrlForLayer", on: id }, () =>
    askForLayer(ecr, repository, layer),
  );
  return "missing" in asked ? asked.missing : undefined;
}
