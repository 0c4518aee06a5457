import type { Call } from "../../engine/operation.ts";
import { repositoryNotFound } from "./refusals.ts";
import { type Repository, registryState } from "./state.ts";

/** How requests name a repository: by its name, in the caller's registry unless another account's is named. */
export interface RepositoryReference {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
}

export const findRepository = (
  { aws, account, region }: Call,
  { registryId, repositoryName }: RepositoryReference,
): Repository | undefined => aws.state(registryState, registryId ?? account, region).get(repositoryName ?? "");

/** @throws RepositoryNotFoundException */
export function requireRepository(call: Call, reference: RepositoryReference): Repository {
  const found = findRepository(call, reference);
  if (found) return found;
  throw repositoryNotFound(reference.repositoryName ?? "", reference.registryId ?? call.account);
}

/** A repository by its ARN, as tagging asks for it. @throws RepositoryNotFoundException */
export function repositoryByArn(call: Call, arn: string | undefined): Repository {
  const [, , , region, registryId, path = ""] = (arn ?? "").split(":");
  const repositoryName = path.replace(/^repository\//, "");
  if (region === call.region && path.startsWith("repository/")) {
    return requireRepository(call, { registryId, repositoryName });
  }
  throw repositoryNotFound(repositoryName, registryId ?? call.account);
}
