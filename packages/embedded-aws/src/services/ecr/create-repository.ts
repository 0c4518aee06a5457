import type * as Sdk from "@aws-sdk/client-ecr";
import type { EncryptionConfiguration } from "@aws-sdk/client-ecr";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { throughKey } from "../kms/authorize-key.ts";
import { requireUsableKey } from "../kms/find-key.ts";
import { requestTagContext } from "../tag-context.ts";
import { repositoryArn } from "./authorization.ts";
import { ecrRefusal, invalidParameter, repositoryExists } from "./refusals.ts";
import { checkMutability } from "./repository-settings.ts";
import { checkTags, tagPairs } from "./repository-tags.ts";
import { registryState } from "./state.ts";
import { toRepository } from "./to-repository.ts";

/** The key that ECR uses where a repository asks for KMS and names none ("Encryption at rest", Amazon ECR user guide). */
const MANAGED_KEY = "alias/aws/ecr";

const usesKms = ({ encryptionType }: EncryptionConfiguration): boolean => encryptionType !== "AES256";

export const operations = {
  CreateRepository: {
    authorize(input, call) {
      const resources = [repositoryArn(call, input.repositoryName ?? "*")];
      const context = requestTagContext(tagPairs(input.tags));
      const own = input.encryptionConfiguration?.kmsKey;
      return [
        { resources, context },
        ...(input.tags?.length ? [{ action: "ecr:TagResource", resources, context }] : []),
        // ECR makes its grants on the key with the caller's rights.
        ...throughKey(call, "ecr", own, ["DescribeKey"]),
        ...throughKey(call, "ecr", own, ["CreateGrant"], { "kms:GrantIsForAWSResource": "true" }),
      ];
    },
    run(input, call) {
      const name = input.repositoryName ?? "";
      const registryId = input.registryId ?? call.account;
      if (registryId !== call.account) {
        throw invalidParameter(
          `'registryId' failed to satisfy constraint: '${registryId}' is not the caller's registry`,
        );
      }
      const repositories = call.aws.state(registryState, call.account, call.region);
      if (repositories.has(name)) throw repositoryExists(name, registryId);
      const { mutability, exclusions } = checkMutability(
        input.imageTagMutability ?? "MUTABLE",
        input.imageTagMutabilityExclusionFilters,
      );
      const resourceTags = new Map(tagPairs(input.tags));
      checkTags(resourceTags);
      const repository = {
        name,
        arn: repositoryArn(call, name),
        account: call.account,
        region: call.region,
        uri: `${call.account}.dkr.ecr.${call.region}.amazonaws.com/${name}`,
        createdAt: call.aws.clock.now(),
        encryption: encryptionOf(call, input.encryptionConfiguration ?? { encryptionType: "AES256" }),
        mutability,
        mutabilityExclusions: exclusions,
        scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
        policy: undefined,
        lifecycle: undefined,
        images: new Map(),
        tags: new Map(),
        layers: new Map(),
        uploads: new Map(),
        resourceTags,
      };
      repositories.set(name, repository);
      return { repository: toRepository(repository) };
    },
  },
} satisfies Operations<typeof Sdk>;

/** Encryption cannot be changed afterwards, so the key must be there and usable now. */
function encryptionOf(call: Call, asked: EncryptionConfiguration): EncryptionConfiguration {
  if (!usesKms(asked)) {
    if (asked.kmsKey === undefined) return { encryptionType: "AES256" };
    throw invalidParameter(
      "'encryptionConfiguration.kmsKey' failed to satisfy constraint: a KMS key is for encryptionType KMS and KMS_DSSE",
    );
  }
  try {
    return { encryptionType: asked.encryptionType, kmsKey: requireUsableKey(call, asked.kmsKey ?? MANAGED_KEY).arn };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw ecrRefusal("KmsException", error.message);
  }
}
