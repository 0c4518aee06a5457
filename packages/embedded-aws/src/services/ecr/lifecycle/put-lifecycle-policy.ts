import type * as Sdk from "@aws-sdk/client-ecr";
import type { Operations } from "../../../engine/operation.ts";
import { onRepository } from "../authorization.ts";
import { requireRepository } from "../find-repository.ts";
import { lifecycleNotFound } from "../refusals.ts";
import type { Repository } from "../state.ts";
import { startEvaluations } from "./evaluate-policy.ts";
import type { LifecyclePolicy } from "./lifecycle-policy.ts";
import { parseLifecyclePolicy } from "./parse-lifecycle-policy.ts";

/** @throws LifecyclePolicyNotFoundException */
export function requireLifecycle({ lifecycle, name, account }: Repository): LifecyclePolicy {
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
} satisfies Operations<typeof Sdk>;
