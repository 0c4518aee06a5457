import type { Authorization, Call } from "../../engine/operation.ts";
import { resourceTagContext } from "../tag-context.ts";
import { repositoryNotFound } from "./refusals.ts";
import { type Repository, registryState } from "./state.ts";

/** How requests name a repository: by its name, in the caller's registry unless another account's is given. */
interface RepositoryReference {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
}

const findRepository = (
  { aws, account, region }: Call,
  { registryId, repositoryName }: RepositoryReference,
): Repository | undefined => aws.state(registryState, registryId ?? account, region).get(repositoryName ?? "");

/** @throws RepositoryNotFoundException */
export function requireRepository(call: Call, reference: RepositoryReference): Repository {
  const found = findRepository(call, reference);
  if (found) return found;
  throw repositoryNotFound(reference.repositoryName ?? "", reference.registryId ?? call.account);
}

/** A repository by its ARN, as in tagging requests. @throws RepositoryNotFoundException */
export function repositoryByArn(call: Call, arn: string | undefined): Repository {
  const [, , , region, registryId, path = ""] = (arn ?? "").split(":");
  const repositoryName = path.replace(/^repository\//, "");
  if (region === call.region && path.startsWith("repository/")) {
    return requireRepository(call, { registryId, repositoryName });
  }
  throw repositoryNotFound(repositoryName, registryId ?? call.account);
}

export const repositoryArn = ({ region, account }: Pick<Call, "region" | "account">, name: string): string =>
  `arn:aws:ecr:${region}:${account}:repository/${name}`;

/**
 * Authorizes a request on a repository: by the caller's policies and the repository's ("Private repository policies",
 * Amazon ECR user guide). A caller of another account needs both. `GetAuthorizationToken` has no repository.
 */
export function onRepository(call: Call, reference: RepositoryReference): Partial<Authorization> {
  const owner = reference.registryId ?? call.account;
  const found = findRepository(call, reference);
  return {
    resources: [repositoryArn({ region: call.region, account: owner }, reference.repositoryName ?? "*")],
    owner,
    resourcePolicy: found?.policy,
    context: found ? resourceTagContext(found.resourceTags, ["aws", "ecr"]) : {},
  };
}

/** The same for a repository's ARN, as in tagging requests, in any account's registry. */
export function onRepositoryArn(call: Call, arn = "", context: Authorization["context"] = {}): Partial<Authorization> {
  const [, , , , registryId, path = ""] = arn.split(":");
  const asked = onRepository(call, { registryId, repositoryName: path.replace(/^repository\//, "") });
  return { ...asked, context: { ...asked.context, ...context } };
}
