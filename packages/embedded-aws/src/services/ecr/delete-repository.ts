import type { DeleteRepositoryCommandInput, DeleteRepositoryCommandOutput } from "@aws-sdk/client-ecr";
import { operation } from "../../engine/operation.ts";
import { onRepository } from "./authorization.ts";
import { requireRepository } from "./find-repository.ts";
import { repositoryNotEmpty } from "./refusals.ts";
import { registryState } from "./state.ts";
import { toRepository } from "./to-repository.ts";

/** A repository with images goes with `force` only. */
export const deleteRepository = operation<
  DeleteRepositoryCommandInput,
  Omit<DeleteRepositoryCommandOutput, "$metadata">
>({
  authorize: (input, call) => [onRepository(call, input)],
  run(input, call) {
    const repository = requireRepository(call, input);
    if (repository.images.size > 0 && !input.force) throw repositoryNotEmpty(repository.name, repository.account);
    repository.lifecycle?.stop();
    call.aws.state(registryState, repository.account, repository.region).delete(repository.name);
    return { repository: toRepository(repository) };
  },
});
