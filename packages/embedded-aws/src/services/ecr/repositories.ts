import type * as Sdk from "@aws-sdk/client-ecr";
import type { EncryptionConfiguration, Repository as RepositoryAnswer, Tag } from "@aws-sdk/client-ecr";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { requireUsableKey, throughKey } from "../kms/find-key.ts";
import { requestTagContext } from "../tag-context.ts";
import { ecrRefusal, invalidParameter, repositoryExists, repositoryNotEmpty } from "./refusals.ts";
import { checkMutability } from "./repository-settings.ts";
import { onRepository, type Repository, registryState, repositoryArn, requireRepository } from "./state.ts";

export const operations = {
  CreateRepository: {
    authorize(input, call) {
      const resources = [repositoryArn(call, input.repositoryName ?? "*")];
      const context = requestTagContext(tagPairs(input.tags));
      const own = input.encryptionConfiguration?.kmsKey;
      return [
        { resources, context },
        ...(input.tags?.length ? [{ action: "ecr:TagResource", resources, context }] : []),
        // ECR creates its grants on the key with the caller's permissions.
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
  /** Repositories by name, or all of a registry. */
  DescribeRepositories: {
    list: "repositories",
    authorize({ registryId, repositoryNames }, call) {
      const names = repositoryNames?.length ? repositoryNames : ["*"];
      return names.map((repositoryName) => onRepository(call, { registryId, repositoryName }));
    },
    run({ registryId, repositoryNames }, call) {
      if (repositoryNames?.length) {
        const named = repositoryNames.map((repositoryName) => requireRepository(call, { registryId, repositoryName }));
        return { repositories: named.map(toRepository) };
      }
      const all = [...call.aws.state(registryState, registryId ?? call.account, call.region).values()];
      return { repositories: all.map(toRepository) };
    },
  },
  /** A repository with images is deleted only with `force`. */
  DeleteRepository: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      if (repository.images.size > 0 && !input.force) throw repositoryNotEmpty(repository.name, repository.account);
      repository.lifecycle?.stop();
      call.aws.state(registryState, repository.account, repository.region).delete(repository.name);
      return { repository: toRepository(repository) };
    },
  },
} satisfies Operations<typeof Sdk>;

/** As CreateRepository, DescribeRepositories and DeleteRepository answer it. */
const toRepository = (repository: Repository): RepositoryAnswer => ({
  repositoryArn: repository.arn,
  registryId: repository.account,
  repositoryName: repository.name,
  repositoryUri: repository.uri,
  createdAt: new Date(repository.createdAt),
  imageTagMutability: repository.mutability,
  ...(repository.mutabilityExclusions.length > 0 && {
    imageTagMutabilityExclusionFilters: structuredClone([...repository.mutabilityExclusions]),
  }),
  imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
  encryptionConfiguration: { ...repository.encryption },
});

/** The default key of KMS encryption ("Encryption at rest", Amazon ECR user guide). */
const MANAGED_KEY = "alias/aws/ecr";

const usesKms = ({ encryptionType }: EncryptionConfiguration): boolean => encryptionType !== "AES256";

/** Encryption cannot be changed later, so the key must exist and be usable now. */
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

const MOST_TAGS = 50;

const tagPairs = (tags: readonly Tag[] | undefined) =>
  (tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value] as const);

/** @throws InvalidTagParameterException, TooManyTagsException */
export function checkTags(tags: ReadonlyMap<string, string>): void {
  for (const [key, value] of tags) {
    if (key.length < 1 || key.length > 128 || key.startsWith("aws:")) {
      throw ecrRefusal(
        "InvalidTagParameterException",
        `Tag key '${key}' must have 1 to 128 characters and not begin with aws:`,
      );
    }
    if (value.length > 256) {
      throw ecrRefusal("InvalidTagParameterException", `The value of tag '${key}' exceeds 256 characters`);
    }
  }
  if (tags.size > MOST_TAGS) {
    throw ecrRefusal("TooManyTagsException", `A repository has at most ${MOST_TAGS} tags, not ${tags.size}`);
  }
}
