import type * as Sdk from "@aws-sdk/client-ecr";
import { parsePolicy } from "../../authorization/policy-document.ts";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { invalidParameter, policyNotFound } from "./refusals.ts";
import { onRepository, type Repository, requireRepository } from "./state.ts";

const POLICY_TEXT = "'PolicyText' failed to satisfy constraint";

/**
 * A repository policy applies to its repository: each statement names principals and ECR actions, and no resource
 * ("Private repository policies", Amazon ECR user guide). @throws InvalidParameterException
 */
function checkPolicy(text: string): void {
  let statements: ReturnType<typeof parsePolicy>;
  try {
    statements = parsePolicy(text);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidParameter(`${POLICY_TEXT}: 'Invalid repository policy provided' (${error.message})`);
  }
  if (statements.length === 0)
    throw invalidParameter(`${POLICY_TEXT}: 'Invalid repository policy provided' (no Statement)`);
  for (const { index, principals, resources, actions } of statements) {
    const wrong =
      (!principals && "Principal is missing") ||
      (resources && "Resource is not allowed: the policy is the repository's own") ||
      (actions.patterns.some((one) => one !== "*" && !/^ecr:/i.test(one)) && "Action must name actions of ecr");
    if (wrong) {
      throw invalidParameter(`${POLICY_TEXT}: 'Invalid repository policy provided' (Statement ${index}: ${wrong})`);
    }
  }
}

/** AWS refuses a policy that would deny its author the permission to change it, unless `force` is set. */
function refuseLockout(call: Call, text: string, force: boolean | undefined): void {
  if (force) return;
  const locked = parsePolicy(text).some(
    ({ effect, principals, actions, conditions }) =>
      effect === "Deny" &&
      conditions.length === 0 &&
      principals?.negated === false &&
      principals.aws.some((one) => one === "*" || one.includes(call.account)) &&
      actions.patterns.some((one) => ["*", "ecr:*", "ecr:setrepositorypolicy"].includes(one.toLowerCase())),
  );
  if (locked) {
    throw invalidParameter(
      `${POLICY_TEXT}: 'The new policy would prevent you from setting a repository policy in the future; force overrides this'`,
    );
  }
}

const answered = ({ account, name, policy }: Repository) => ({
  registryId: account,
  repositoryName: name,
  policyText: policy,
});

function requirePolicy(repository: Repository): Repository {
  if (repository.policy === undefined) throw policyNotFound(repository.name, repository.account);
  return repository;
}

export const operations = {
  SetRepositoryPolicy: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const text = input.policyText ?? "";
      checkPolicy(text);
      refuseLockout(call, text, input.force);
      repository.policy = text;
      return answered(repository);
    },
  },
  GetRepositoryPolicy: {
    authorize: (input, call) => [onRepository(call, input)],
    run: (input, call) => answered(requirePolicy(requireRepository(call, input))),
  },
  DeleteRepositoryPolicy: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requirePolicy(requireRepository(call, input));
      const answer = answered(repository);
      repository.policy = undefined;
      return answer;
    },
  },
} satisfies Operations<typeof Sdk>;
