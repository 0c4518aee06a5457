import type * as Sdk from "@aws-sdk/client-ecr";
import { afterWork } from "../../../engine/clock/clock.ts";
import { defineState } from "../../../engine/embedded-aws.ts";
import type { Operations } from "../../../engine/operation.ts";
import { ecrRefusal, lifecycleNotFound } from "../refusals.ts";
import { onRepository, type Repository, requireRepository } from "../state.ts";
import { type Expired, selectExpired, startEvaluations } from "./expire-images.ts";
import { type LifecyclePolicy, parseLifecyclePolicy } from "./parse-lifecycle-policy.ts";

/** @throws LifecyclePolicyNotFoundException */
function requireLifecycle({ lifecycle, name, account }: Repository): LifecyclePolicy {
  if (!lifecycle) throw lifecycleNotFound(name, account);
  return lifecycle;
}

function answered(repository: Repository) {
  const { text, evaluatedAt } = requireLifecycle(repository);
  return {
    registryId: repository.account,
    repositoryName: repository.name,
    lifecyclePolicyText: text,
    ...(evaluatedAt !== undefined && { lastEvaluatedAt: new Date(evaluatedAt) }),
  };
}

/** Duration of a preview; AWS does not state one. */
const PREVIEW = 10_000;

interface Preview {
  readonly text: string;
  /** Undefined while it is IN_PROGRESS. */
  expired: readonly Expired[] | undefined;
}

const previews = defineState("ecr.previews", () => new WeakMap<Repository, Preview>());

export const operations = {
  PutLifecyclePolicy: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const text = input.lifecyclePolicyText ?? "";
      const rules = parseLifecyclePolicy(text);
      repository.lifecycle?.stop();
      repository.lifecycle = startEvaluations(call.aws, repository, text, rules);
      return { registryId: repository.account, repositoryName: repository.name, lifecyclePolicyText: text };
    },
  },
  GetLifecyclePolicy: {
    authorize: (input, call) => [onRepository(call, input)],
    run: (input, call) => answered(requireRepository(call, input)),
  },
  DeleteLifecyclePolicy: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const answer = answered(repository);
      repository.lifecycle?.stop();
      repository.lifecycle = undefined;
      return answer;
    },
  },
  /** What a policy would expire now; by default the repository's own. Removes nothing. */
  StartLifecyclePolicyPreview: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const { aws } = call;
      const repository = requireRepository(call, input);
      const known = aws.state(previews, "", "");
      const under = known.get(repository);
      if (under && under.expired === undefined) {
        throw ecrRefusal(
          "LifecyclePolicyPreviewInProgressException",
          `The previous lifecycle policy preview request for the repository with name '${repository.name}' in the registry with id '${repository.account}' has not completed`,
        );
      }
      const text = input.lifecyclePolicyText ?? requireLifecycle(repository).text;
      const rules = parseLifecyclePolicy(text);
      const preview: Preview = { text, expired: undefined };
      known.set(repository, preview);
      afterWork(aws.clock, PREVIEW, () => {
        preview.expired = selectExpired(repository, rules, aws.clock.now());
      });
      return {
        registryId: repository.account,
        repositoryName: repository.name,
        lifecyclePolicyText: text,
        status: "IN_PROGRESS",
      };
    },
  },
  GetLifecyclePolicyPreview: {
    list: "previewResults",
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const preview = call.aws.state(previews, "", "").get(repository);
      if (!preview) {
        throw ecrRefusal(
          "LifecyclePolicyPreviewNotFoundException",
          `Lifecycle policy preview does not exist for the repository with name '${repository.name}' in the registry with id '${repository.account}'`,
        );
      }
      return {
        registryId: repository.account,
        repositoryName: repository.name,
        lifecyclePolicyText: preview.text,
        status: preview.expired === undefined ? "IN_PROGRESS" : "COMPLETE",
        previewResults: (preview.expired ?? []).map(({ image, tags, priority }) => ({
          imageTags: [...tags],
          imageDigest: image.digest,
          imagePushedAt: new Date(image.pushedAt),
          action: { type: "EXPIRE" },
          appliedRulePriority: priority,
        })),
        summary: { expiringImageTotalCount: preview.expired?.length ?? 0 },
      };
    },
  },
} satisfies Operations<typeof Sdk>;
